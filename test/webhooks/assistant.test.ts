/** A number that leads to an assistant: the stream, what comes after it, and what a repetition is told. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { change } from '../../lambda/app/change.ts';
import { noteAnswered, noteDeparture } from '../../lambda/call/assisted.ts';
import { continuationUrl } from '../../lambda/vobiz/continuation.ts';
import type { Departure } from '../../lambda/voice/conversation.ts';
import { START, type TestContext, testContext } from '../support/context.ts';
import { elementsOf, urlTo } from '../support/document.ts';
import { arrive, hangUp, LINE, post } from './carrier.ts';

let context: TestContext;

beforeEach(async () => {
  context = await testContext();
  await context.store.directory.assistants.create({ id: 'anna', queue: 'sales' });
  await context.store.directory.queues.create({ id: 'sales', language: 'en-GB' });
  await context.store.directory.numbers.create({ number: LINE, assistant: 'anna' });
});
afterEach(() => context.stop());

const record = async (id = 'call-1') => {
  const call = await context.store.calls.one(id);
  if (!call) throw new Error(`No call ${id}.`);
  return call;
};
const depart = (departure: Departure) =>
  change(context, 'call-1', held => noteDeparture(noteAnswered(held, context.now()), departure));

describe('a call for an assistant', () => {
  it('gets a stream, and a session on its way, before anything else', async () => {
    const document = await arrive(context, 'call-1');
    expect(elementsOf(document)).toEqual(['Response', 'Stream', 'Redirect']);
    expect(document).toMatch(
      /<Stream bidirectional="true" keepCallAlive="true" maxRetries="3" contentType="audio\/x-mulaw;rate=8000" statusCallbackUrl="[^"]+" statusCallbackMethod="POST">wss:\/\/streams[^<]+\?token=[\w-]{43}<\/Stream>/,
    );
    expect(new URL(urlTo('/assistant-done', document)).searchParams.get('call')).toBe('call-1');
    expect(context.sessions).toEqual([{ call: 'call-1', generation: 1 }]);
    expect(await record()).toMatchObject({
      state: 'assisted',
      assistant: 'anna',
      queue: '',
      began_at: START,
    });
  });

  it('gets the same document again, and no second session, whatever has become of it', async () => {
    const document = await arrive(context, 'call-1');
    expect(await arrive(context, 'call-1')).toBe(document);
    await depart({ to: 'queue', queue: 'sales', reason: 'asked' });
    await post(context, urlTo('/assistant-done', document));
    expect(await arrive(context, 'call-1')).toBe(document);
    await hangUp(context, 'call-1');
    expect(await arrive(context, 'call-1')).toBe(document);
    expect(context.sessions).toHaveLength(1);
  });

  it('gets what was not reserved when the first request died', async () => {
    const never = new Promise<boolean>(() => undefined);
    void arrive({ ...context, streams: { ...context.streams, reserve: () => never } }, 'call-1');
    while (!(await context.store.calls.one('call-1'))) await new Promise(setImmediate);
    expect(await arrive(context, 'call-1')).toContain('<Stream');
    expect(context.sessions).toHaveLength(1);
  });

  it('goes to people at once when no stream can be had', async () => {
    const reserve = async () => {
      throw new Error('no frames table');
    };
    const document = await arrive({ ...context, streams: { ...context.streams, reserve } }, 'call-1');
    expect(elementsOf(document)).toEqual(['Response', 'Redirect']);
    const next = await post(context, urlTo('/assistant-done', document));
    expect(next).toContain('I am having trouble');
    expect(await record()).toMatchObject({ state: 'greeting', queue: 'sales' });
  });

  it('hears music and comes back to the same step while the store is away', async () => {
    context.dynamo.faults.inject({ times: 100 }, { kind: 'error' });
    const document = await arrive(context, 'call-1');
    expect(elementsOf(document)).toEqual(['Response', 'Play', 'Redirect']);
    expect(new URL(urlTo('/answer', document)).pathname).toBe('/answer');
  });

  it('that was hung up before its answer webhook came is over', async () => {
    await hangUp(context, 'call-1');
    await arrive(context, 'call-1');
    expect(await record()).toMatchObject({ state: 'ended', outcome: 'abandoned', queue: '' });
  });

  it('was served once the assistant was heard, and abandoned before', async () => {
    await arrive(context, 'call-1');
    await arrive(context, 'call-2');
    await change(context, 'call-1', held => noteAnswered(held, context.now()));
    await hangUp(context, 'call-1', { HangupCauseName: 'Normal Hangup' });
    await hangUp(context, 'call-2');
    expect(await record()).toMatchObject({ outcome: 'connected', hangup_cause: 'Normal Hangup' });
    expect(await record('call-2')).toMatchObject({ outcome: 'abandoned', abandoned_while: 'assisted' });
  });
});

describe('after the stream', () => {
  const leave = async (departure?: Departure) => {
    const next = urlTo('/assistant-done', await arrive(context, 'call-1'));
    if (departure) await depart(departure);
    context.time += 60_000;
    return { next, document: await post(context, next, { CallUUID: 'call-1', Event: 'Redirect' }) };
  };

  it('the caller who asked for people joins the line at this moment', async () => {
    const asked = { to: 'queue', queue: 'sales', reason: 'asked', priority: 5 } as const;
    const { next, document } = await leave(asked);
    expect(elementsOf(document)).toEqual(['Response', 'Redirect']);
    const joined = { queue: 'sales', joined_at: START + 60_000, began_at: START, priority: 5 };
    expect(await record()).toMatchObject(joined);
    expect(await post(context, urlTo('/queue-try-agent', document))).toContain('/queue-hold');
    expect(await record()).toMatchObject({ ...joined, state: 'waiting' });
    expect(await post(context, next)).toBe(document);
    expect(await context.store.line.length('sales')).toBe(1);
  });

  it('a caller who is done is hung up on, once and for all', async () => {
    const { next, document } = await leave({ to: 'end', reason: 'done' });
    expect(elementsOf(document)).toEqual(['Response', 'Hangup']);
    expect(await post(context, next)).toBe(document);
    expect(await record()).toMatchObject({ state: 'ended', outcome: 'connected', queue: '' });
  });

  it.each([
    ['nobody noted where to', undefined, 'having trouble', 'sales', 'stream_ended'],
    [
      'a provider was lost',
      { to: 'queue', queue: 'default', reason: 'failed', detail: 'stt' },
      'having trouble',
      'default',
      'stt',
    ],
    [
      'no keys are set',
      { to: 'queue', queue: 'sales', reason: 'failed', detail: 'no_keys' },
      'not available at the moment',
      'sales',
      'no_keys',
    ],
  ] as const)('people take over, with an apology, when %s', async (_why, departure, words, queue, detail) => {
    const { next, document } = await leave(departure);
    expect(elementsOf(document)).toEqual(['Response', 'Speak', 'Redirect']);
    expect(document).toContain(words);
    expect(document).toContain('/queue-try-agent');
    expect(await post(context, next)).toBe(document);
    expect(await record()).toMatchObject({ queue, departure: { reason: 'failed', detail } });
  });

  it('a queue that does not exist is the default one', async () => {
    await leave({ to: 'queue', queue: 'made-up', reason: 'asked' });
    expect((await record()).queue).toBe('default');
  });

  it('a transfer that comes beside the document goes the same way', async () => {
    await leave({ to: 'queue', queue: 'sales', reason: 'asked' });
    const target = { publicUrl: 'https://switchboard.test', key: context.keys[0] ?? '', call: 'call-1' };
    const url = continuationUrl({ ...target, path: '/assistant-done', step: 'departed' });
    const before = await record();
    const document = await post(context, url, { CallUUID: 'call-1', Event: 'Transfer' });
    expect(urlTo('/queue-try-agent', document)).toContain('call=call-1');
    expect(await record()).toMatchObject({ state: 'greeting', joined_at: before.joined_at });
  });

  it('a late word of the session changes nothing', async () => {
    await leave();
    const before = await record();
    await depart({ to: 'end', reason: 'done' });
    expect(await record()).toEqual(before);
  });
});

describe('word of the stream', () => {
  it('costs nothing, and is no step of the call', async () => {
    const status = urlTo('/stream-status', await arrive(context, 'call-1'));
    const before = await record();
    context.dynamo.faults.inject({ times: 100 }, { kind: 'error' });
    for (const Event of ['StartStream', 'PlayedStream', 'DroppedStream', 'DegradedStream', 'StopStream'])
      expect(elementsOf(await post(context, status, { CallUUID: 'call-1', Event }))).toEqual(['Response']);
    context.dynamo.faults.clear();
    expect(await record()).toEqual(before);
  });

  it('is refused without our signature', async () => {
    expect(await post(context, '/stream-status?call=call-1&step=1&sig=x')).toBe('status 403');
  });
});
