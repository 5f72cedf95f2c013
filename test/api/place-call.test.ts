/** A call that we place: the record comes first, and holds whatever the carrier says. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { change } from '../../lambda/app/change.ts';
import { noteAnswered, summarise } from '../../lambda/call/assisted.ts';
import { hangUp } from '../../lambda/call/transitions.ts';
import type { NewCall } from '../../lambda/vobiz/rest.ts';
import { assistantDefaults } from '../../lambda/voice/assistant.ts';
import type { Conversation } from '../../lambda/voice/conversation.ts';
import { begin } from '../../lambda/voice/step.ts';
import { START, type TestContext, testContext } from '../support/context.ts';
import { apiClient } from './client.ts';

let context: TestContext;
let api: Awaited<ReturnType<typeof apiClient>>;

beforeEach(async () => {
  context = await testContext({ FROM_NUMBER: '+918000000000' });
  api = await apiClient(context);
});
afterEach(() => context.stop());

const TO = '+919876543210';
const order = (changes: object = {}) => ({ to: TO, assistant: 'default', ...changes });
const place = (changes: object = {}) => api('POST /calls', { body: order(changes) });

describe('placing a call', () => {
  it('stores the record, and asks the carrier to ring and to come back by signed addresses', async () => {
    const { status, body } = await place({ variables: { name: 'Anna' }, ring_timeout_secs: 20 });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      state: 'dialing',
      direction: 'outbound',
      from: '+918000000000',
      to: TO,
      assistant: 'default',
      queue: null,
      joined_at: null,
      carrier_call_id: 'placed-1',
      variables: { name: 'Anna' },
      dial: { result: null, requested_at: new Date(START).toISOString() },
    });
    const [asked] = context.carrierLog.placed;
    expect(asked).toMatchObject({ to: TO, ringTimeoutSecs: 20, machineDetection: 'hangup' });
    for (const url of [asked?.answerUrl, asked?.hangupUrl, asked?.ringUrl]) {
      expect(new URL(url ?? '').searchParams.get('call')).toBe(body.call_id);
      expect(url).toContain('&sig=');
    }
    expect((await api(`GET /calls/${body.call_id}`)).body).toEqual(body);
    context.time += 1;
    expect((await api('GET /calls?assistant=default')).body.calls).toHaveLength(1);
  });

  it('lets machines talk where detection is off, and calls from another line where one is given', async () => {
    await place({ machine_detection: 'off', from: '+918000000001' });
    expect(context.carrierLog.placed[0]).not.toHaveProperty('machineDetection');
    expect(context.carrierLog.placed[0]?.from).toBe('+918000000001');
  });

  it.each([
    [{ kind: 'no_credit' }, 402, /credit/],
    [{ kind: 'rate_limited' }, 429, /again later/],
    [{ kind: 'refused', status: 400, message: 'bad number' }, 400, /bad number/],
    [{ kind: 'not_configured' }, null, /VOBIZ_AUTH_ID/],
  ] as const)('holds a refusal on the record: %j', async (outcome, status, detail) => {
    context.carrierLog.placing = outcome;
    const placed = await place();
    expect(placed.status).toBe(201);
    expect(placed.body).toMatchObject({
      state: 'ended',
      outcome: 'failed',
      dial: { result: 'refused', status, detail: expect.stringMatching(detail) },
    });
  });

  it('is not repeated when nobody knows whether the carrier took it', async () => {
    context.carrierLog.placing = { kind: 'unavailable', reason: 'no reply' };
    const { body } = await place();
    expect(body).toMatchObject({ state: 'dialing', outcome: null, carrier_call_id: null });
    expect(context.carrierLog.placed).toHaveLength(1);
  });

  it('is placed, whatever happens to the store meanwhile: an error would make somebody ask again', async () => {
    const { client } = context.carrierLog;
    const carrier = async () => ({
      ...client,
      makeCall: async (call: NewCall) => {
        context.dynamo.faults.inject({ times: 100 }, { kind: 'error' });
        return client.makeCall(call);
      },
    });
    const { status, body } = await (await apiClient({ ...context, carrier }))('POST /calls', {
      body: order(),
    });
    expect([status, body.state]).toEqual([201, 'dialing']);
  });

  it('asks once more with fresh credentials when they were refused', async () => {
    context.carrierLog.placing = { kind: 'refused', status: 401, message: 'who are you?' };
    await place();
    expect(context.carrierLog.placed).toHaveLength(2);
  });

  it.each([
    ['to', { to: '12345' }, 'E.164'],
    ['to', { to: '+918000000000' }, 'cannot call itself'],
    ['queue', { assistant: undefined }, 'is missing; name a queue, an assistant or a flow'],
    ['queue', { queue: 'default' }, 'cannot be given together with another target'],
    ['assistant', { assistant: 'nobody' }, 'no assistant'],
    ['queue', { assistant: undefined, queue: 'nowhere' }, 'no queue'],
    ['flow', { assistant: undefined, flow: 'x' }, 'no flow "x" is published'],
    ['queue', { flow: 'x' }, 'cannot be given together with another target'],
    ['variables.a b', { variables: { 'a b': '1' } }, 'letters, digits'],
    ['ring_timeout_secs', { ring_timeout_secs: 600 }, 'at most 120'],
    ['machine_detection', { machine_detection: 'true' }, '"hangup"'],
  ])('is refused with a bad %s: %j', async (field, changes, message) => {
    const { status, body } = await place(changes);
    expect(status).toBe(400);
    expect(body.errors).toContainEqual({ field, message: expect.stringContaining(message) });
    expect(context.carrierLog.placed).toHaveLength(0);
  });

  it('is told everything that is wrong at once', async () => {
    const fieldsOf = async (body: object) =>
      (await api('POST /calls', { body })).body.errors.map(({ field }: { field: string }) => field);
    expect(await fieldsOf({})).toEqual(['to', 'queue']);
    expect(await fieldsOf({ to: 5, queue: 'default', assistant: 'default', colour: 'red' })).toEqual([
      'to',
      'colour',
      'queue',
    ]);
    expect(await fieldsOf([])).toEqual(['']);
  });

  it('needs a line to call from', async () => {
    const lineless = { ...context, settings: { ...context.settings, FROM_NUMBER: '' } };
    const { body } = await (await apiClient(lineless))('POST /calls', { body: order() });
    expect(body.errors).toEqual([{ field: 'from', message: expect.stringContaining('FROM_NUMBER') }]);
  });
});

const CONVERSATION: Conversation = {
  ...begin(assistantDefaults('default', { prompt: '', model: 'm', tts_voice: 'v' }), { name: 'Anna' }, START),
  turn: 2,
  entries: [
    {
      who: 'assistant',
      kind: 'greeting',
      turn: 1,
      at: START,
      ended_at: START + 900,
      text: 'Hello! How can I help?',
      heard: 'Hello!',
      interrupted: true,
    },
    { who: 'caller', at: START + 800, ended_at: START + 1500, text: 'Your hours?' },
    {
      who: 'assistant',
      kind: 'reply',
      turn: 2,
      at: START + 2000,
      text: 'Nine to five.',
      heard: '',
      latency: { total_ms: 500 },
    },
  ],
  interruptions: 1,
  usage: { stt_secs: 4, llm_input_tokens: 100, llm_output_tokens: 9, tts_chars: 34 },
};

describe('the record of a conversation', () => {
  async function talk(): Promise<string> {
    const { body } = await place();
    const call = await context.store.calls.one(body.call_id);
    if (!call) throw new Error('No record.');
    await context.store.conversations.save(call, call.id, 1, { conversation: CONVERSATION });
    return call.id;
  }

  it('tells who said what when, what was heard, and how fast', async () => {
    const { body } = await api(`GET /calls/${await talk()}`);
    expect(body.transcript).toEqual([
      {
        who: 'assistant',
        kind: 'greeting',
        turn: 1,
        at: '2026-03-02T10:30:00.000Z',
        ended_at: '2026-03-02T10:30:00.900Z',
        text: 'Hello! How can I help?',
        heard: 'Hello!',
        interrupted: true,
        latency: null,
      },
      {
        who: 'caller',
        at: '2026-03-02T10:30:00.800Z',
        ended_at: '2026-03-02T10:30:01.500Z',
        text: 'Your hours?',
      },
      expect.objectContaining({ ended_at: null, interrupted: false, latency: { total_ms: 500 } }),
    ]);
    expect(body.variables).toEqual({ name: 'Anna' });
    expect(body.usage).toEqual({ ...CONVERSATION.usage, turns: 1, interruptions: 1 });
  });

  it('has the counters of the end, once it is summed up', async () => {
    const id = await talk();
    const final = { ...CONVERSATION.usage, stt_secs: 60 };
    await change(context, id, held => summarise(held, [{ ...CONVERSATION, usage: final, interruptions: 2 }]));
    await change(context, id, (held, queue, now) => hangUp(held, {}, queue, now));
    const { usage } = (await api(`GET /calls/${id}`)).body;
    expect(usage).toEqual({ ...final, turns: 1, interruptions: 2 });
  });

  it('answers to the name that the carrier has for the call, and is erased by it', async () => {
    const id = await talk();
    const { body } = await api('GET /calls/placed-1');
    expect(body).toMatchObject({ call_id: id, carrier_call_id: 'placed-1' });
    expect(body.transcript).toHaveLength(3);
    await change(context, id, (held, queue, now) => hangUp(held, {}, queue, now));
    expect((await api('DELETE /calls/placed-1')).status).toBe(204);
    expect(await context.store.conversations.load(id)).toBeUndefined();
    expect((await api('GET /calls/placed-1')).status).toBe(404);
  });

  it('is erased with the call', async () => {
    context.carrierLog.placing = { kind: 'no_credit' };
    const id = await talk();
    expect((await api(`DELETE /calls/${id}`)).status).toBe(204);
    expect(await context.store.conversations.load(id)).toBeUndefined();
  });

  it('is not erased while the assistant talks', async () => {
    const id = await talk();
    await change(context, id, (held, _queue, now) => noteAnswered(held, now));
    expect((await api(`DELETE /calls/${id}`)).status).toBe(409);
  });
});
