/** The stream function: whatever the carrier sends, it gets 200, and the session gets what it needs. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { laneOf } from '../../lambda/media/frame-log.ts';
import { type StreamKind, streamName } from '../../lambda/media/stream-name.ts';
import { createServe, type ServeStream } from '../../lambda/stream/serve.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { heard } from '../support/heard.ts';
import { closing, media, message, opening, played, SILENCE, start } from './messages.ts';

let context: TestContext;
let serve: ServeStream;
beforeAll(async () => {
  context = await testContext();
  serve = createServe(context);
});
afterEach(() => context.dynamo.faults.clear());
afterAll(() => context.stop());

/** A socket of a call of its own, opened with its token. */
async function openedSocket(kind: StreamKind = 'talk') {
  const call = randomUUID();
  const token = `token of ${call}`;
  const stream = streamName(call, kind, 1);
  await context.streams.reserve(token, { stream, carrier_call: `carrier's ${call}` }, context.time);
  const connection = randomUUID();
  expect(await serve(opening(connection, token))).toMatchObject({ statusCode: 200 });
  return { call, carrierCall: `carrier's ${call}`, token, connection };
}

const logOf = (connection: string) => context.streams.log.read(connection, -1);
const say = (connection: string, what: object | string) => serve(message(connection, what));

describe('frames', () => {
  it('are appended as they came, by one write and no read, and without a line in the log', async () => {
    const { connection } = await openedSocket();
    const before = context.dynamo.capacity();
    const lines = await heard(async () => {
      for (let chunk = 1; chunk < 40; chunk++) await say(connection, media(chunk));
    });
    const after = context.dynamo.capacity();
    expect(after.write - before.write).toBe(39);
    expect(after.read - before.read).toBe(0);
    expect(lines).toEqual([]);
    const { frames } = await logOf(connection);
    expect(frames.map(one => one.sequence)).toEqual(Array.from({ length: 39 }, (_, at) => at + 1));
    expect(frames[0]).toEqual({ sequence: 1, audio: SILENCE, at: context.time });
  });

  it('may come before start, twice and out of order', async () => {
    const { connection, carrierCall } = await openedSocket();
    for (const chunk of [2, 1, 2]) await say(connection, media(chunk));
    await say(connection, start(carrierCall));
    await say(connection, media(3));
    const { frames, happenings } = await logOf(connection);
    expect(frames.map(one => one.sequence)).toEqual([1, 2, 3]);
    expect(happenings).toHaveLength(1);
  });

  it('without a number are kept in order of arrival', async () => {
    const { connection } = await openedSocket();
    const marks = [1, 2, 3].map(mark => new Uint8Array(160).fill(mark));
    for (const audio of marks) await say(connection, media(undefined, audio));
    expect((await logOf(connection)).frames.map(one => one.audio)).toEqual(marks);
  });

  it('of our own voice are not the caller’s', async () => {
    const { connection } = await openedSocket();
    expect(await say(connection, media(1, SILENCE, 'outbound'))).toMatchObject({ statusCode: 200 });
    expect((await logOf(connection)).frames).toEqual([]);
  });

  it('of both sides of a transcribed call are kept apart, whether each side has numbers of its own or not', async () => {
    const mark = (byte: number) => new Uint8Array(160).fill(byte);
    for (const numbers of [
      { inbound: [1, 2, 3], outbound: [1, 2, 3] },
      { inbound: [1, 3, 5], outbound: [2, 4, 6] },
    ]) {
      const { connection } = await openedSocket('transcript');
      for (const at of [0, 1, 2])
        for (const [track, base] of [
          ['inbound', 10],
          ['outbound', 20],
        ] as const)
          expect(await say(connection, media(numbers[track][at], mark(base + at), track))).toMatchObject({
            body: 'stored',
          });
      for (const [track, base] of [
        ['inbound', 10],
        ['outbound', 20],
      ] as const) {
        const { frames } = await context.streams.log.read(laneOf(connection, track), -1);
        expect(frames.map(one => [one.sequence, one.audio[0]])).toEqual(
          numbers[track].map((sequence, at) => [sequence, base + at]),
        );
      }
      await context.streams.log.erase(connection);
      expect(await context.streams.log.lastFrameAt(connection)).toBeUndefined();
    }
  });

  it('of either side are a sign of life', async () => {
    const { connection } = await openedSocket('transcript');
    await say(connection, media(1, SILENCE, 'outbound'));
    expect(await context.streams.log.lastFrameAt(connection)).toBe(context.time);
  });

  it('that cannot be stored are lost with 200; a thousand cost one line of metrics and one of log', async () => {
    const { connection } = await openedSocket();
    const failing = createServe({ ...context, streams: failingStreams() });
    const lines = await heard(async () => {
      for (let chunk = 1; chunk <= 1000; chunk++)
        expect(await failing(message(connection, media(chunk)))).toEqual({ statusCode: 200, body: 'lost' });
    });
    expect(lines.filter(line => line.includes('FramesLost'))).toHaveLength(1);
    expect(lines).toHaveLength(2);
  });

  it('whose pulse fails are stored, not lost; that is said once a second', async () => {
    const { connection } = await openedSocket();
    const read = () => Promise.reject(new Error('away'));
    const leases = { ...context.streams.leases, read };
    const pulseless = createServe({ ...context, streams: { ...context.streams, leases } });
    const lines = await heard(async () => {
      for (const chunk of [50, 100, 150])
        expect(await pulseless(message(connection, media(chunk)))).toMatchObject({ body: 'stored' });
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('pulse');
    expect((await logOf(connection)).frames).toHaveLength(3);
  });

  it('lost in the last second before a pause are counted with the next message, whatever it is', async () => {
    const { connection } = await openedSocket();
    let isAway = true;
    const { log } = context.streams;
    const append: typeof log.append = async (...frame) =>
      isAway ? Promise.reject(new Error('away')) : log.append(...frame);
    const container = createServe({ ...context, streams: { ...context.streams, log: { ...log, append } } });
    await heard(() => container(message(connection, media(1))));
    await heard(() => container(message(connection, media(2))));
    context.time += 60_000;
    isAway = false;
    const lines = await heard(() => container(message(connection, media(3))));
    expect(lines.some(line => JSON.parse(line).FramesLost?.[0] === 1)).toBe(true);
  });

  it('that begin to count anew close the socket, once; the carrier opens another', async () => {
    const { connection } = await openedSocket();
    const container = createServe(context);
    const send = async (chunk: number) => (await container(message(connection, media(chunk)))).body;
    const before = context.socketLog.closed.length;
    for (const chunk of [2000, 2001, 900_000, 2002, 1990, 3]) expect(await send(chunk)).toBe('stored');
    await heard(async () => expect(await send(4)).toBe('counts_anew'));
    expect(await send(5)).toBe('turned_away');
    expect(context.socketLog.closed.slice(before)).toEqual([connection]);
  });

  it('with one wrong number, even the first that a container sees, close nothing', async () => {
    const { connection } = await openedSocket();
    const container = createServe(context);
    for (const chunk of [900_000, 1, 2, 3, 700_000, 4, 5, 900_001, 6, 7])
      expect(await container(message(connection, media(chunk)))).toMatchObject({ body: 'stored' });
    expect(context.socketLog.closed).not.toContain(connection);
  });

  it('of a store that is away are answered with 200 all the same', async () => {
    const { connection } = await openedSocket();
    context.dynamo.faults.inject({ operation: 'PutItem', times: 100 }, { kind: 'throttle' });
    await heard(async () => {
      expect(await say(connection, media(7))).toEqual({ statusCode: 200, body: 'lost' });
    });
    context.dynamo.faults.clear();
    expect(await say(connection, media(8))).toEqual({ statusCode: 200, body: 'stored' });
  });
});

function failingStreams(): TestContext['streams'] {
  const append = () => Promise.reject(new Error('away'));
  return { ...context.streams, log: { ...context.streams.log, append } };
}

describe('what is no message of a stream', () => {
  const strange: [string, string][] = [
    ['no JSON', 'not_json'],
    ['', 'not_json'],
    ['[]', 'unknown_event'],
    ['{"event":"connected"}', 'unknown_event'],
    ['{"event":"media"}', 'malformed'],
    ['{"event":"media","media":{"chunk":1,"payload":"not base64!"}}', 'malformed'],
    ['{"event":"start","start":{}}', 'malformed'],
    [JSON.stringify(media(1, new Uint8Array(100_000))), 'oversized'],
  ];

  it.each(strange)('%.60s gets 200 and is forgotten', async (text, reason) => {
    const { connection } = await openedSocket();
    const container = createServe(context);
    await heard(async () => {
      expect(await container(message(connection, text))).toEqual({ statusCode: 200, body: reason });
    });
    expect(await logOf(connection)).toMatchObject({ frames: [], happenings: [] });
  });

  it('is counted once a second at most', async () => {
    const { connection } = await openedSocket();
    const fresh = createServe(context);
    const junk = () => fresh(message(connection, 'junk'));
    const lines = await heard(async () => {
      for (let second = 0; second < 3; second++) {
        for (let n = 0; n < 100; n++) await junk();
        context.time += 1000;
      }
    });
    const counted = lines.map(line => JSON.parse(line).StreamMessagesIgnored);
    expect(counted).toEqual([[1], [100], [100]]);
  });
});

describe('other events', () => {
  it('are noted in order of arrival', async () => {
    const { connection, carrierCall } = await openedSocket();
    await say(connection, start(carrierCall, 'the-stream'));
    await say(connection, played('t1.1'));
    await say(connection, { event: 'dtmf', dtmf: { digit: '5' } });
    await say(connection, { event: 'clearedAudio', streamId: 'the-stream', sequenceNumber: 0 });
    await say(connection, { event: 'stop' });
    const events = (await logOf(connection)).happenings.map(({ event }) => event);
    expect(events).toMatchObject([
      { event: 'start', streamId: 'the-stream', format: { encoding: 'mulaw', sampleRate: 8000 } },
      { event: 'playedStream', name: 't1.1' },
      { event: 'dtmf', digit: '5' },
      { event: 'clearedAudio' },
      { event: 'stop' },
    ]);
  });

  it('start with a format that nobody here reads is noted: the session must not wait for it', async () => {
    const { connection, carrierCall } = await openedSocket();
    const { start: inner, ...rest } = start(carrierCall);
    const opus = { ...rest, start: { ...inner, mediaFormat: { encoding: 'audio/opus' } } };
    expect(await say(connection, opus)).toMatchObject({ body: 'started' });
    const [noted] = (await logOf(connection)).happenings;
    expect(noted?.event).toMatchObject({ event: 'start', streamId: inner.streamId });
    expect(noted?.event).not.toHaveProperty('format');
  });

  it('start makes the stream known; said twice it is the same stream', async () => {
    const { call, connection, carrierCall } = await openedSocket();
    for (const _ of [1, 2]) await say(connection, start(carrierCall, 'the-stream'));
    expect(await context.streams.connections.ofStream(call)).toEqual([
      { connection, opened_at: context.time, stream_id: 'the-stream' },
    ]);
  });

  it('start of another call closes the socket, and nothing of it is stored', async () => {
    const { call, connection } = await openedSocket();
    for (const chunk of [1, 2, 3]) await say(connection, media(chunk));
    await heard(async () => {
      expect(await say(connection, start('somebody-else'))).toMatchObject({ statusCode: 200 });
      await serve(closing(connection));
    });
    expect(context.socketLog.closed).toContain(connection);
    for (const late of [media(4), { event: 'dtmf', dtmf: { digit: '5' } }])
      expect(await say(connection, late)).toEqual({ statusCode: 200, body: 'turned_away' });
    expect(await logOf(connection)).toMatchObject({ frames: [], happenings: [] });
    expect(await context.streams.connections.ofStream(call)).toEqual([]);
  });

  it('start on a connection that nobody knows closes it', async () => {
    await heard(() => say('unknown-connection', start('any')));
    expect(context.socketLog.closed).toContain('unknown-connection');
  });

  it('the end is noted, and known of the connection', async () => {
    const { call, connection } = await openedSocket();
    for (const _ of [1, 2]) expect(await serve(closing(connection))).toMatchObject({ statusCode: 200 });
    expect((await logOf(connection)).happenings[0]?.event).toEqual({ event: 'closed' });
    expect(await context.streams.connections.ofStream(call)).toMatchObject([{ closed_at: context.time }]);
  });
});
