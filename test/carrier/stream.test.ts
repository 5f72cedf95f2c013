import { afterEach, describe, expect, it } from 'vitest';
import { differences } from '../../carrier/verdict.ts';
import { closeAll, DID, oneCall, type Pages, together } from './app.ts';
import { closeFarEnds, type Far, farEnd } from './far-end.ts';

afterEach(async () => {
  await closeAll();
  closeFarEnds();
});

const TALK = 'bidirectional="true" keepCallAlive="true" contentType="audio/x-mulaw;rate=8000"';
const STATUS = 'statusCallbackUrl="app:/status"';
/** Ten times as fast as life: a frame each 2 ms, and a millisecond on the way is ten of the carrier's. */
const FAST = { speed: 10 };
const AFTERWARDS = '<Speak>Afterwards</Speak>';

const pagesWith = (url: string, attributes: string, after = AFTERWARDS): Pages => ({
  '/answer': `<Response><Stream ${attributes}>${url}</Stream>${after}</Response>`,
});

/** One call to an application that answers with a stream to `act`. */
async function streamed(
  act: (far: Far, count: number) => unknown,
  { attributes = TALK, after = AFTERWARDS, options = {}, script = {}, pages = {} } = {},
) {
  const far = await farEnd(act);
  const all = { ...pagesWith(far.url, attributes, after), ...pages };
  const result = await oneCall(all, { ...FAST, ...options }, script);
  expect(far.failures).toEqual([]);
  const [first] = far.connections;
  if (!first) throw new Error('The carrier never opened the stream.');
  return { ...result, far: first, connections: far.connections };
}

const enough = async (far: Far, frames = 10) => {
  await far.until(() => far.of('media').length >= frames);
  far.tell('stop');
};

describe('what the carrier sends', () => {
  it('is start once, with nested ids, then a frame each 20 ms whether or not anybody speaks', async () => {
    const { far, call } = await streamed(far => enough(far, 40));
    const [start, first] = far.messages;
    expect(start).toEqual({
      sequenceNumber: 0,
      event: 'start',
      start: {
        callId: call.uuid,
        streamId: expect.stringMatching(/^[\w-]{36}$/),
        accountId: expect.any(String),
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000 },
      },
      extra_headers: '{}',
    });
    expect(first).toEqual({
      sequenceNumber: 1,
      streamId: far.start.streamId,
      event: 'media',
      media: {
        track: 'inbound',
        timestamp: expect.stringMatching(/^\d{13}$/),
        chunk: 1,
        payload: Buffer.alloc(160, 0xff).toString('base64'),
      },
      extra_headers: '{}',
    });
    const media = far.of('media').slice(0, 40);
    expect(media.map(({ media: { chunk } }) => chunk)).toEqual(media.map((_, index) => index + 1));
    const times = media.map(({ media: { timestamp } }) => Number(timestamp) - Number(first?.media.timestamp));
    expect(times).toEqual(media.map((_, index) => index * 20));
  });

  it('keeps the pace of real time and catches up after the machine was busy', async () => {
    const { far } = await streamed(
      async far => {
        await far.until(() => far.of('media').length >= 3);
        const until = performance.now() + 100;
        while (performance.now() < until);
        await enough(far, 25);
      },
      { options: { speed: 1 } },
    );
    const late = far
      .of('media')
      .map(({ media: { timestamp } }, index) => (far.arrivals[index] ?? 0) - Number(timestamp));
    expect(Math.max(...late.slice(3, 8))).toBeGreaterThan(60);
    expect(Math.min(...late.slice(8))).toBeLessThan(40);
    expect(Math.min(...late)).toBeGreaterThan(-5);
  });

  it.each([
    ['', 'audio/x-l16', 8000, 320],
    ['contentType="audio/x-l16;rate=16000"', 'audio/x-l16', 16_000, 640],
    ['contentType="audio/x-mulaw; rate=8000"', 'audio/x-mulaw', 8000, 160],
  ])('is in the format asked for: %s', async (type, encoding, sampleRate, bytes) => {
    const { far } = await streamed(far => enough(far, 2), {
      attributes: `bidirectional="true" keepCallAlive="true" ${type}`,
    });
    expect(far.start.mediaFormat).toEqual({ encoding, sampleRate });
    expect(Buffer.from(far.of('media')[0]?.media.payload, 'base64')).toHaveLength(bytes);
  });

  it('is both tracks of a stream in one direction, which cannot be spoken on', async () => {
    const { far, story } = await streamed(
      async far => {
        far.play('hello');
        await far.until(() => far.of('media').length >= 20);
      },
      { attributes: 'audioTrack="both" contentType="audio/x-mulaw;rate=8000"' },
    );
    expect(far.of('media').map(({ media: { track } }) => track)).toContain('outbound');
    expect(story.of('complains').map(({ reason }) => reason)).toEqual([
      'the application sent commands on a stream that is not bidirectional',
    ]);
  });

  it('is what each side says, while they talk to one another, as frames numbered by track or in one row', async () => {
    const callee = '+919811111111';
    for (const numbersTogether of [false, true]) {
      const { far } = await streamed(() => undefined, {
        attributes: 'audioTrack="both" contentType="audio/x-mulaw;rate=8000"',
        after: `<Wait length="1"/><Dial callerId="${DID}"><Number>${callee}</Number></Dial>`,
        options: {
          ownedNumbers: [DID],
          phones: {
            [callee]: { does: 'answer', after: 0.2, talks: 4, says: [{ text: 'who is there', after: 0.5 }] },
          },
        },
        script: { says: [{ text: 'hello', after: 0.5 }], stream: { numbersTogether } },
      });
      expect(far.saidOn('inbound')).toBe('hello');
      expect(far.saidOn('outbound')).toBe('who is there');
      const chunks = far.of('media').map(({ media: { chunk } }) => chunk);
      expect(new Set(chunks).size).toBe(numbersTogether ? chunks.length : Math.ceil(chunks.length / 2));
    }
  });

  it('is the keys that are pressed, and they are taken then', async () => {
    const { far, story } = await streamed(
      async far => {
        await far.until(() => far.of('dtmf').length === 2);
        far.tell('stop');
      },
      {
        script: { presses: [{ digits: '5#', on: 'streams', after: 0.2 }] },
        after: '<Gather executionTimeout="5"/>',
      },
    );
    expect(far.of('dtmf')[0]).toMatchObject({
      streamId: far.start.streamId,
      dtmf: { track: 'inbound', digit: '5' },
    });
    expect(far.of('dtmf').map(({ dtmf }) => dtmf.digit)).toEqual(['5', '#']);
    expect(story.of('digits')).toHaveLength(2);
  });
});

describe('what the application plays', () => {
  it('is heard at the pace of speech, and its checkpoint is met at its end', async () => {
    const { call, far, story, app } = await streamed(
      async far => {
        far.play('good morning', 'one');
        far.play(' caller', 'two');
        await far.until(() => far.of('playedStream').length === 2);
        far.tell('stop');
      },
      { attributes: `${TALK} ${STATUS}` },
    );
    expect(call.ear.text()).toBe('good morning caller');
    expect(story.of('hears').map(({ text }) => text)).toEqual(['good', 'morning', 'caller']);
    const [g, , , , , m] = call.heard();
    expect((m?.at ?? 0) - (g?.at ?? 0)).toBeGreaterThanOrEqual(196);
    expect((m?.at ?? 0) - (g?.at ?? 0)).toBeLessThanOrEqual(204);
    expect(far.of('playedStream')).toEqual([
      { event: 'playedStream', name: 'one' },
      { event: 'playedStream', name: 'two' },
    ]);
    const [one, two] = story.of('played');
    expect((two?.at ?? 0) - (one?.at ?? 0)).toBe(' caller'.length * 40);
    expect(app.at('/status').find(({ fields }) => fields.Event === 'PlayedStream')?.fields.Name).toBe('one');
  });

  it('is forgotten by clearAudio with its checkpoints; what comes later is heard', async () => {
    const { call, far, story } = await streamed(async far => {
      far.play('one two three four five six', 'never');
      await far.until(() => far.of('media').length >= 25);
      far.tell('clearAudio');
      far.send({ event: 'checkpoint', streamId: far.start.streamId, name: 'of nothing' });
      await far.until(() => far.of('clearedAudio').length === 1);
      far.play('seven', 'late');
      await far.until(() => far.of('playedStream').length > 0);
      far.tell('stop');
    });
    expect(far.of('clearedAudio')).toEqual([
      { sequenceNumber: 0, event: 'clearedAudio', streamId: far.start.streamId },
    ]);
    expect(far.of('playedStream').map(({ name }) => name)).toEqual(['late']);
    expect(call.ear.text()).toMatch(/^one two .*seven$/);
    expect(call.ear.text()).not.toContain('four');
    expect(story.of('cleared')).toHaveLength(1);
  });

  it('may be L16 of any rate, in messages of any length', async () => {
    const { encodeTones } = await import('../../doubles/tones.ts');
    const { call } = await streamed(async far => {
      for (const rate of [8000, 16_000, 24_000]) {
        const pcm = encodeTones(`at ${rate} `, { rate });
        const payload = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
        const media = { contentType: 'audio/x-l16', sampleRate: rate, payload };
        far.send({ event: 'playAudio', streamId: far.start.streamId, media });
      }
      far.send({ event: 'checkpoint', streamId: far.start.streamId, name: 'end' });
      await far.until(() => far.of('playedStream').length > 0);
      far.tell('stop');
    });
    expect(call.ear.text()).toBe('at 8000 at 16000 at 24000 ');
    expect(call.story.of('complains')).toEqual([]);
  });

  it('becomes a complaint where the documents forbid it, and the verdict tells', async () => {
    const { call } = await streamed(async far => {
      const { streamId } = far.start;
      const media = {
        contentType: 'audio/x-mulaw',
        sampleRate: 8000,
        payload: Buffer.alloc(160).toString('base64'),
      };
      far.send('not JSON');
      far.send({ message: 'Internal server error', connectionId: 'a', requestId: 'b' });
      far.send({ event: 'dance', streamId });
      far.send({ event: 'playAudio', media });
      far.send({ event: 'playAudio', streamId: 'another', media });
      far.send({ event: 'playAudio', streamId, media: { ...media, sampleRate: '8000' } });
      far.send({ event: 'playAudio', streamId, media: { ...media, contentType: 'audio/x-mulaw;rate=8000' } });
      far.send({ event: 'playAudio', streamId, media: { ...media, sampleRate: 16_000 } });
      far.send({ event: 'playAudio', streamId, media: { ...media, payload: '***' } });
      far.send({ event: 'checkpoint', streamId });
      far.send({ event: 'checkpoint', streamId });
      await enough(far, 5);
    });
    expect(differences(call, {})).toEqual(
      [
        'a message was no JSON object',
        'API Gateway sent an error frame: Internal server error',
        'a message had no event that Vobiz knows',
        'playAudio lacked its streamId',
        'playAudio named another stream than the open one',
        'playAudio had a sampleRate that is no number',
        'playAudio had a contentType that is not bare',
        'playAudio of "audio/x-mulaw" at 16000 Hz cannot be played',
        'playAudio had a payload that is not base64',
        'checkpoint lacked its name',
      ].map(reason => `On the stream ${reason}.`),
    );
  });
});

describe('the end of a stream', () => {
  it('by stop is told, and the next element is played', async () => {
    const { app, far, story, call } = await streamed(enough, { attributes: `${TALK} ${STATUS}` });
    expect(await far.closed).toBe(1000);
    expect(story.heard()).toEqual(['Afterwards']);
    expect(call.ended?.code).toBe(4010);
    expect(app.log()).toEqual([
      '/answer StartApp',
      '/status StartStream',
      '/status StopStream',
      '/hangup Hangup',
    ]);
    const { callId, streamId } = far.start;
    expect(app.at('/status')[0]?.fields).toMatchObject({
      CallUUID: callId,
      StreamID: streamId,
      ServiceURL: expect.stringMatching(/^ws:/),
      Error: '',
      Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
    });
  });

  it('by hang-up closes the socket without a stop, and no status tells of it', async () => {
    const { app, far } = await streamed(far => far.play('a long story'.repeat(20)), {
      attributes: `${TALK} ${STATUS}`,
      script: { hangsUp: { hearing: 'long' } },
    });
    await far.closed;
    expect(far.of('stop')).toEqual([]);
    expect(app.log()).toEqual(['/answer StartApp', '/status StartStream', '/hangup Hangup']);
  });

  it('by transfer closes the socket and goes on with the other document', async () => {
    const far = await farEnd(far => far.play('a long story'.repeat(20)));
    const pages = { ...pagesWith(far.url, TALK), '/moved': '<Response><Speak>Moved</Speak></Response>' };
    const { app, carrier } = await together(pages, FAST);
    const { call, done } = carrier.call({ from: '+911', to: '+912' });
    await call.ear.until(() => call.heard().length > 5, call.line);
    call.transfer(`${app.url}/moved`, 'POST');
    await done;
    await far.connections[0]?.closed;
    expect(call.story.heard()).toEqual(['Moved']);
    expect(call.ear.text().length).toBeLessThan(60);
  });

  it('by loss is followed by a new stream of the same call, as often as asked for', async () => {
    const { app, connections, call, story } = await streamed(
      async (far, count) => {
        far.play(` part ${count}`);
        await far.until(() => far.of('media').length >= 20);
        far.drop();
      },
      { attributes: `${TALK} ${STATUS} maxRetries="2"` },
    );
    expect(connections.map(({ start }) => start.callId)).toEqual([call.uuid, call.uuid, call.uuid]);
    expect(new Set(connections.map(({ start }) => start.streamId)).size).toBe(3);
    expect(connections.map(({ messages }) => messages[1]?.media.chunk)).toEqual([1, 1, 1]);
    expect(call.ear.text()).toBe(' part 1 part 2 part 3');
    const statuses = app.at('/status').map(({ fields }) => fields.Event);
    expect(statuses).toEqual(Array(3).fill(['StartStream', 'DroppedStream']).flat());
    expect(app.at('/status')[1]?.fields.Error).toBe('connection disconnected with the remote service');
    expect(story.heard()).toEqual(['Afterwards']);
  });

  it('by time-out, and by a refused handshake, is followed by the next element', async () => {
    const { story, far } = await streamed(() => undefined, { attributes: `${TALK} streamTimeout="1"` });
    expect(story.heard()).toEqual(['Afterwards']);
    expect(far.of('media').length).toBeLessThanOrEqual(51);
    const { app } = await together({});
    const refused = await oneCall(pagesWith(`${app.url.replace('http', 'ws')}/stream`, TALK), FAST);
    expect(refused.story.of('loses')[0]?.reason).toContain('Unexpected server response');
    expect(refused.story.heard()).toEqual(['Afterwards']);
  });
});

describe('a stream and its document', () => {
  it('without keepCallAlive goes on at once, and the end of the document ends both', async () => {
    const { story, far } = await streamed(() => undefined, {
      attributes: 'bidirectional="true" contentType="audio/x-mulaw;rate=8000"',
      after: '<Speak>Meanwhile</Speak><Wait length="5"/>',
    });
    expect(far.of('media').length).toBeGreaterThan(20);
    const [says] = story.of('says');
    const [, streamClosed] = [story.of('streams')[0], story.of('unstreamed')[0]];
    expect(says?.at).toBeLessThan(streamClosed?.at ?? 0);
  });

  it.each([
    ['bidirectional="true" audioTrack="both"', 4010, 'audioTrack="inbound"'],
    ['bidirectional="true" audioTrack="outbound"', 4010, 'audioTrack="inbound"'],
  ])('ends the call for %s', async (attributes, code, words) => {
    const { call, story } = await oneCall(pagesWith('wss://a.example/', attributes), FAST);
    expect(call.ended).toMatchObject({ code, reason: expect.stringContaining(words) });
    expect(story.heard()).toEqual([]);
  });

  it.each([
    ['contentType="audio/x-l16;rate=24000"', 'wss://a.example/', 'makes no usable media'],
    ['', 'https://a.example/?token=secret', '"https://a.example/" is no wss URL'],
    ['', 'ws://a.example/', 'is no wss URL'],
  ])('is left out for %s %s', async (attributes, url, words) => {
    const { story } = await oneCall(pagesWith(url, attributes), FAST);
    expect(story.of('skips')[0]?.reason).toContain(words);
    expect(story.heard()).toEqual(['Afterwards']);
  });

  it('shows extra headers only in the status callbacks', async () => {
    const { app, far } = await streamed(enough, {
      attributes: `${TALK} ${STATUS} extraHeaders="tidX-VH=7,bad=1"`,
    });
    expect(app.at('/status')[0]?.fields).toMatchObject({ 'X-VH-tid': '7' });
    expect(far.messages[0]?.extra_headers).toBe('{}');
  });
});
