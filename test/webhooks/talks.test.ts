/** A flow that sends its caller to assistants: one conversation after the other, each back with how it ended. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { assistantOf } from '../../lambda/app/assistants.ts';
import { change } from '../../lambda/app/change.ts';
import { noteAnswered, noteDeparture } from '../../lambda/call/assisted.ts';
import type { Action } from '../../lambda/flow/flow.ts';
import { streamName } from '../../lambda/media/stream-name.ts';
import { endLostCalls } from '../../lambda/sweep/calls.ts';
import { continuationUrl } from '../../lambda/vobiz/continuation.ts';
import { assistantDefaults } from '../../lambda/voice/assistant.ts';
import type { Departure } from '../../lambda/voice/conversation.ts';
import { begin } from '../../lambda/voice/step.ts';
import { apiClient } from '../api/client.ts';
import { START, type TestContext, testContext } from '../support/context.ts';
import { elementsOf, urlsIn, urlTo } from '../support/document.ts';
import { arrive, hangUp, LINE, post } from './carrier.ts';

let context: TestContext;
/** The call of this test. */
let id = '';

const say = (text: string, id?: string): Action => ({ ...(id && { id }), type: 'talk', option: { text } });
const TWO_TALKS: Action[] = [
  { type: 'answer' },
  { type: 'ai_talk', option: { ai_id: 'anna', language: 'de-DE', duration: 60 } },
  {
    type: 'branch',
    option: {
      variable: 'voipbin.aicall.status',
      default_target_id: 'other',
      target_ids: { sales: 'again', error: 'broken', timeout: 'late', transfer: 'person' },
    },
  },
  say('Something else.', 'other'),
  { type: 'hangup' },
  say('It broke.', 'broken'),
  { type: 'hangup' },
  say('Time is up.', 'late'),
  { type: 'hangup' },
  say('A person for order ${order}.', 'person'),
  { type: 'hangup' },
  { id: 'again', type: 'ai_talk', option: { ai_id: 'bert', outcomes: ['sold'] } },
  say('And ${voipbin.aicall.intent}.'),
  { type: 'hangup' },
];

beforeAll(async () => {
  context = await testContext();
  context.pause = async () => undefined;
  for (const one of ['anna', 'bert'])
    await context.store.directory.assistants.create({ id: one, max_secs: 900 });
  await context.store.directory.numbers.create({ number: LINE, flow: 'main' });
  await context.store.flows.save(
    undefined,
    { id: 'main', name: 'Main', actions: TWO_TALKS },
    { publish: true, now: START },
  );
});
beforeEach(() => {
  id = randomUUID();
  context.sessions.length = 0;
});
afterAll(() => context.stop());

const record = async () => {
  const call = await context.store.calls.one(id);
  if (!call) throw new Error('There is no call.');
  return call;
};
const go = (url: string, through: TestContext = context) =>
  post(through, url, { CallUUID: id, Event: 'Redirect' });
const onward = (document: string, through = context) => {
  const [url = ''] = urlsIn(document).filter(one => new URL(one).pathname === '/flow');
  return go(url, through);
};

/** The caller comes in, or on, and gets the stream. */
const stream = async (document?: string) => onward(document ?? (await arrive(context, id)));

/** The session's last word, if it has one; then the carrier asks what comes next, and is sent on. */
async function leave(document: string, n: number, departure?: Departure, learnt = {}) {
  const settings = assistantDefaults('anna', { prompt: '', model: 'm', tts_voice: 'v' });
  const conversation = { ...begin(settings, {}, START, []), variables: learnt, learnt };
  await context.store.conversations.save(await record(), streamName(id, 'talk', n), 1, { conversation });
  if (departure)
    await change(context, id, held => noteDeparture(noteAnswered(held, context.now()), departure, n));
  return go(urlTo('/assistant-done', document));
}
const chosen = (status: string): Departure => ({ to: 'flow', reason: 'chosen', status });

describe('a conversation within a flow', () => {
  it('has the assistant, with what the flow wants otherwise', async () => {
    expect(elementsOf(await stream())).toEqual(['Response', 'Stream', 'Redirect']);
    const { assistant = '', talk } = await record();
    expect(talk).toEqual({
      n: 1,
      language: 'de-DE',
      max_secs: 60,
      outcomes: ['sales', 'error', 'timeout', 'transfer'],
    });
    const settings = await assistantOf(context, assistant, talk);
    expect(settings).toMatchObject({ id: 'anna', language: 'de-DE', max_secs: 60, stt: { model: 'nova-3' } });
    expect(await assistantOf(context, 'bert', { n: 2, outcomes: [] })).toMatchObject({ max_secs: 900 });
    const long = await assistantOf(context, 'bert', { n: 2, outcomes: [], max_secs: 14_400 });
    expect(long.max_secs).toBe(7200);
  });

  it.each<[string, Departure | undefined, string]>([
    ['says it is over', { to: 'flow', reason: 'done', status: 'completed' }, 'Something else.'],
    ['has not enough time', { to: 'flow', reason: 'limit', status: 'timeout' }, 'Time is up.'],
    ['fails', { to: 'flow', reason: 'failed', status: 'error', detail: 'stt' }, 'It broke.'],
    ['dies without a word', undefined, 'It broke.'],
    ['was of a time without flows', { to: 'queue', queue: 'q', reason: 'asked' }, 'A person for order 7.'],
  ])('that %s', async (_how, departure, words) => {
    const back = await leave(await stream(), 1, departure, { order: '7', 'voipbin.call.id': 'forged' });
    expect(await onward(back)).toContain(words);
    const { flow, state, ai } = await record();
    expect(flow?.state.variables).toMatchObject({ order: '7', 'voipbin.call.id': id });
    expect([state, ai]).toEqual(['in_flow', undefined]);
  });

  it('is told once, however often the carrier asks', async () => {
    const document = await stream();
    const back = await leave(document, 1, chosen('sales'));
    expect(await go(urlTo('/assistant-done', document))).toBe(back);
    const second = await onward(back);
    expect(await onward(back)).toBe(second);
    expect(await go(urlTo('/assistant-done', document))).toBe(back);
    expect((await record()).talk?.n).toBe(2);
  });

  it('that ended in a hang-up leads nowhere', async () => {
    const document = await stream();
    await hangUp(context, id);
    await go(urlTo('/assistant-done', document));
    const { state, flow } = await record();
    expect([state, flow?.state.outcome]).toEqual(['ended', 'hung_up']);
    expect(flow?.state.variables['voipbin.aicall.status']).toBe('hangup');
  });

  it('without a stream to be had is an error of its own', async () => {
    const reserve = async () => {
      throw new Error('no frames table');
    };
    const arrived = await arrive(context, id);
    const without = { ...context, streams: { ...context.streams, reserve } };
    const document = await onward(arrived, without);
    expect(elementsOf(document)).toEqual(['Response', 'Redirect']);
    expect(await onward(await go(urlTo('/assistant-done', document)))).toContain('It broke.');
  });
});

it('may begin hours into the call: the sweeper ends the call only when the carrier itself would', async () => {
  await stream();
  const state = async (hours: number) => {
    context.time += hours * 3_600_000;
    await endLostCalls(context);
    return (await record()).state;
  };
  expect([await state(3), await state(22)]).toEqual(['assisted', 'ended']);
});

describe('a second conversation of the call', () => {
  const second = async () => {
    const back = await leave(await stream(), 1, chosen('sales'));
    return stream(await onward(back));
  };

  it('has a stream and sessions of its own', async () => {
    const document = await second();
    expect(elementsOf(document)).toEqual(['Response', 'Stream', 'Redirect']);
    expect(context.sessions).toEqual([
      { call: id, generation: 1 },
      { call: id, stream: streamName(id, 'talk', 2), generation: 1 },
    ]);
    const call = await record();
    expect(call).toMatchObject({ state: 'assisted', assistant: 'bert', talk: { n: 2, outcomes: ['sold'] } });
    expect(call).not.toHaveProperty('departure');
  });

  it('is not ended by a late word of the first', async () => {
    await second();
    const before = await record();
    await change(context, id, held => noteDeparture(held, chosen('sales'), 1));
    expect(await record()).toEqual(before);
  });

  it('comes back by a transfer of its own where its stream does not end', async () => {
    await second();
    const target = { publicUrl: 'https://switchboard.test', key: context.keys[0] ?? '', call: id };
    const url = (n: number) => continuationUrl({ ...target, path: '/assistant-done', step: `departed-${n}` });
    await change(context, id, held => noteDeparture(held, chosen('sold'), 2));
    expect(await onward(await go(url(2)))).toContain('And sold.');
  });

  it('is on the record beside the first', async () => {
    await onward(await leave(await second(), 2, chosen('sold')));
    const api = await apiClient(context);
    const { body } = await api(`GET /calls/${id}`);
    expect(body.conversations).toHaveLength(2);
    expect(body).toMatchObject({
      departure: { to: 'flow', status: 'sold' },
      assistant: 'bert',
      outcome: null,
    });
  });
});
