import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentsNow, dispatch } from '../../lambda/app/dispatch.ts';
import { START, type TestContext, testContext } from '../support/context.ts';
import { answer, callerHangsUp, endConversation, joinLine } from './callers.ts';
import { apiClient } from './client.ts';

let context: TestContext;
let api: Awaited<ReturnType<typeof apiClient>>;

beforeEach(() => begin());
afterEach(() => context.stop());

async function begin(env: Record<string, string> = {}) {
  context = await testContext(env);
  api = await apiClient(context);
}

const ASHA = { number: '+919876543210', name: 'Asha' };
const BILAL = { number: '+919876543211', name: 'Bilal' };

const register = (agent: Record<string, unknown>) => api('POST /agents', { body: agent });
const stateOf = async (number: string) => (await context.store.directory.agents.one(number))?.state;

async function takeCall(id: string, number: string) {
  await joinLine(context, id);
  await api(`PATCH /agents/${number}`, { body: { state: 'available' } });
  await answer(context, id, number);
}

describe('registering an agent', () => {
  it('answers 201 with the agent, available in the default queue', async () => {
    const { status, body } = await register(ASHA);
    expect(status).toBe(201);
    expect(body).toEqual({
      ...ASHA,
      state: 'available',
      reason: null,
      next_state: null,
      queues: ['default'],
      skills: [],
      tier: 1,
      calls_handled: 0,
      last_call_at: null,
      added_at: new Date(START).toISOString(),
      current_call: null,
    });
  });

  it('again changes what is given and keeps the rest, statistics included', async () => {
    await api('PUT /queues/sales', { body: {} });
    await register({ ...ASHA, queues: ['sales', 'sales', 'default'], skills: ['hindi'], tier: 2 });
    await takeCall('call-1', ASHA.number);
    context.time += 60_000;
    await endConversation(context, 'call-1');

    const { status, body } = await register({ number: ASHA.number, name: 'Asha K', tier: 3 });
    expect(status).toBe(201);
    expect(body).toMatchObject({ name: 'Asha K', tier: 3, queues: ['sales', 'default'], skills: ['hindi'] });
    expect(body).toMatchObject({ calls_handled: 1, added_at: new Date(START).toISOString() });
    expect(body.last_call_at).toBe(new Date(START + 60_000).toISOString());
  });

  it('of the line’s own number is refused: the queue would call itself', async () => {
    const own = await testContext({ FROM_NUMBER: ASHA.number });
    const { status, body } = await (await apiClient(own))('POST /agents', { body: ASHA });
    expect([status, body.errors[0].field]).toEqual([400, 'number']);
    await own.stop();
  });

  it('rings the caller who waits, at once', async () => {
    await joinLine(context, 'call-1');
    expect((await register(ASHA)).body.state).toBe('available');
    const { body } = await api('GET /agents?state=reserved');
    expect(body.agents).toMatchObject([{ ...ASHA, current_call: 'call-1' }]);
    expect(context.carrierLog.transfers.map(({ call }) => call)).toEqual(['call-1']);
  });

  it('keeps an agent in a call in that call', async () => {
    await register(ASHA);
    await takeCall('call-1', ASHA.number);
    await joinLine(context, 'call-2');
    const { status, body } = await register(ASHA);
    expect(status).toBe(201);
    expect(body).toMatchObject({ state: 'busy', current_call: 'call-1', calls_handled: 1 });
    expect((await context.store.calls.one('call-2'))?.state).toBe('waiting');
  });

  it('twice at once leaves one agent', async () => {
    const replies = await Promise.all([register(ASHA), register({ ...ASHA, name: 'Asha K' })]);
    expect(replies.map(({ status }) => status)).toEqual([201, 201]);
    const { body } = await api('GET /agents?state=all');
    expect(body.agents).toHaveLength(1);
  });

  it('many agents at once offers each of them one caller', async () => {
    for (let n = 0; n < 4; n++) await joinLine(context, `call-${n}`, { from: `+91981234500${n}` });
    await Promise.all([0, 1, 2, 3].map(n => register({ number: `+91987654320${n}`, name: `Agent ${n}` })));
    const held = (await agentsNow(context)).map(agent => agent.call);
    expect(new Set(held)).toEqual(new Set(['call-0', 'call-1', 'call-2', 'call-3']));
  });

  it('never tears an agent from a call, whatever is asked at the same moment', async () => {
    const wishes = [
      () => api(`PATCH /agents/${ASHA.number}`, { body: { state: 'away' } }),
      () => register(ASHA),
      () => api(`DELETE /agents/${ASHA.number}`),
    ];
    for (let round = 0; round < 8; round++) {
      const id = `call-${round}`;
      await register(ASHA);
      await joinLine(context, id);
      const asked = [() => dispatch(context, ['default']), ...wishes];
      const turned = [...asked.slice(round % 4), ...asked.slice(0, round % 4)];
      await Promise.all(turned.map(ask => ask()));
      const agent = await context.store.directory.agents.one(ASHA.number);
      const call = await context.store.calls.one(id);
      expect(agent?.call).toBe(call?.offer ? id : undefined);
      expect(call?.offer?.agents ?? []).toEqual(agent?.state === 'reserved' ? [ASHA.number] : []);
      await callerHangsUp(context, id);
    }
  });

  it('stands although the callers cannot be reached, and says so in the log only', async () => {
    await joinLine(context, 'call-1');
    context.carrierLog.outcome = { kind: 'unavailable', reason: 'test' };
    const { status } = await register(ASHA);
    expect(status).toBe(201);
    expect((await context.store.calls.one('call-1'))?.state).toBe('offered');
  });

  it.each([
    ['number', { number: '09876543210', name: 'A' }, 'E.164'],
    ['number', { number: '919876543210', name: 'A' }, 'E.164'],
    ['number', { number: 'sip:asha@example.com', name: 'A' }, 'E.164'],
    ['number', { number: 919876543210, name: 'A' }, 'a text'],
    ['number', { name: 'A' }, 'is missing'],
    ['name', { number: ASHA.number }, 'is missing'],
    ['name', { number: ASHA.number, name: '   ' }, 'at least 1 character'],
    ['name', { number: ASHA.number, name: 'x'.repeat(101) }, 'at most 100 characters'],
    ['queues', { ...ASHA, queues: 'sales' }, 'a list'],
    ['queues', { ...ASHA, queues: [] }, 'at least 1 entry'],
    ['queues.1', { ...ASHA, queues: ['default', 'no such'] }, '1 to 64 letters'],
    ['queues.1', { ...ASHA, queues: ['default', 'suport'] }, 'no queue "suport"'],
    ['skills.0', { ...ASHA, skills: [7] }, 'a text'],
    ['tier', { ...ASHA, tier: 0 }, 'at least 1'],
    ['tier', { ...ASHA, tier: 1.5 }, 'a whole number'],
    ['nmae', { ...ASHA, nmae: 'A' }, 'not known'],
    ['__proto__', JSON.parse(`{"number":"${ASHA.number}","name":"A","__proto__":{}}`), 'not known'],
  ])('refuses a bad %s: %j', async (field, body, message) => {
    const reply = await register(body);
    expect(reply.status).toBe(400);
    expect(reply.body.errors).toContainEqual({ field, message: expect.stringContaining(message) });
    expect(reply.body.detail).toContain(`${field}: `);
    expect(await context.store.directory.agents.list()).toEqual([]);
  });
});

describe('the agent behind AGENT_NUMBER', () => {
  beforeEach(async () => {
    await context.stop();
    await begin({ AGENT_NUMBER: ASHA.number });
  });

  it('is listed only among all', async () => {
    expect((await api('GET /agents')).body.agents).toEqual([]);
    expect((await api('GET /agents?state=available')).body.agents).toEqual([]);
    const { body } = await api('GET /agents?state=all');
    expect(body.agents).toMatchObject([{ number: ASHA.number, state: 'available' }]);
  });

  it('cannot be changed, not being registered', async () => {
    const patched = await api(`PATCH /agents/${ASHA.number}`, { body: { state: 'away' } });
    const deleted = await api(`DELETE /agents/${ASHA.number}`);
    expect([patched.status, deleted.status]).toEqual([404, 404]);
  });

  it('becomes a real agent by registering', async () => {
    expect((await register(ASHA)).status).toBe(201);
    expect((await api('GET /agents')).body.agents).toMatchObject([ASHA]);
  });

  it('registers during a call without losing it', async () => {
    await joinLine(context, 'call-1');
    await dispatch(context, ['default']);
    await answer(context, 'call-1', ASHA.number);
    const { status, body } = await register(ASHA);
    expect([status, body.state, body.current_call]).toEqual([201, 'busy', 'call-1']);
    await endConversation(context, 'call-1');
    expect((await api('GET /agents')).body.agents).toMatchObject([{ ...ASHA, calls_handled: 1 }]);
  });
});

describe('the state of an agent', () => {
  beforeEach(async () => {
    await register(ASHA);
  });

  it.each([
    '+919876543210',
    '%2B919876543210',
    '919876543210',
    '%20919876543210',
  ])('is changed by a path that spells the number %s', async number => {
    const { status, body } = await api(`PATCH /agents/${number}`, {
      body: { state: 'away', reason: 'lunch' },
    });
    expect([status, body.state, body.reason, body.number]).toEqual([200, 'away', 'lunch', ASHA.number]);
  });

  it('away keeps callers waiting, available rings the first of them', async () => {
    await api(`PATCH /agents/${ASHA.number}`, { body: { state: 'away' } });
    await joinLine(context, 'call-1');
    expect(context.carrierLog.transfers).toEqual([]);
    const { body } = await api(`PATCH /agents/${ASHA.number}`, { body: { state: 'available' } });
    expect([body.state, body.reason]).toEqual(['available', null]);
    expect(await stateOf(ASHA.number)).toBe('reserved');
    expect(context.carrierLog.transfers.map(({ call }) => call)).toEqual(['call-1']);
  });

  it('away during a call takes effect when the call is over', async () => {
    await takeCall('call-1', ASHA.number);
    const { body } = await api(`PATCH /agents/${ASHA.number}`, { body: { state: 'away', reason: 'lunch' } });
    expect(body.state).toBe('busy');
    await endConversation(context, 'call-1');
    expect(await stateOf(ASHA.number)).toBe('away');
  });

  it('available forgives the rings that were missed', async () => {
    const agent = await context.store.directory.agents.one(ASHA.number);
    if (agent)
      await context.store.directory.agents.save(agent, { ...agent, state: 'away', missed_in_row: 3 });
    await api(`PATCH /agents/${ASHA.number}`, { body: { state: 'available' } });
    expect((await context.store.directory.agents.one(ASHA.number))?.missed_in_row).toBe(0);
  });

  it.each([
    ['state', { state: 'busy' }],
    ['state', {}],
    ['reason', { state: 'away', reason: '' }],
    ['reason', { state: 'available', reason: 'back' }],
    ['mood', { state: 'away', mood: 'good' }],
  ])('refuses a bad %s: %j', async (field, body) => {
    const reply = await api(`PATCH /agents/${ASHA.number}`, { body });
    expect(reply.status).toBe(400);
    expect(reply.body.errors.map((error: { field: string }) => error.field)).toContain(field);
    expect(await stateOf(ASHA.number)).toBe('available');
  });

  it('of an unknown agent cannot be changed', async () => {
    const reply = await api(`PATCH /agents/${BILAL.number}`, { body: { state: 'away' } });
    expect(reply.status).toBe(404);
    expect(reply.body.detail).toContain('POST /agents');
  });

  it('that will change when the call is over says so', async () => {
    await register(ASHA);
    await takeCall('call-1', ASHA.number);
    const { body } = await api(`PATCH /agents/${ASHA.number}`, { body: { state: 'away', reason: 'lunch' } });
    expect(body).toMatchObject({ state: 'busy', next_state: 'away', reason: 'lunch' });
    expect((await api(`GET /agents/${ASHA.number}`)).body).toEqual(body);
  });

  it('cannot be changed by a path that holds no number', async () => {
    const reply = await api('PATCH /agents/asha', { body: { state: 'away' } });
    expect(reply.status).toBe(400);
    expect(reply.body.errors[0].field).toBe('number');
  });
});

describe('taking an agent offline', () => {
  it('answers with the number and hides the agent from the list', async () => {
    await register(ASHA);
    const { status, body } = await api('DELETE /agents/%2B919876543210');
    expect([status, body]).toEqual([200, { status: 'offline', number: ASHA.number }]);
    expect((await api('GET /agents')).body.agents).toEqual([]);
    expect((await api('GET /agents?state=offline')).body.agents).toMatchObject([ASHA]);
  });

  it('in a call lets the agent finish it, and gives no other', async () => {
    await register(ASHA);
    await takeCall('call-1', ASHA.number);
    await joinLine(context, 'call-2');
    await api(`DELETE /agents/${ASHA.number}`);
    expect(await stateOf(ASHA.number)).toBe('busy');
    await endConversation(context, 'call-1');
    expect(await stateOf(ASHA.number)).toBe('offline');
    expect((await context.store.calls.one('call-2'))?.state).toBe('waiting');
  });

  it('answers 404 for an agent who never registered', async () => {
    expect((await api('DELETE /agents/919876543299')).status).toBe(404);
  });
});

describe('the list of agents', () => {
  it('holds the available ones, and by state whoever is asked for', async () => {
    await register(ASHA);
    await register(BILAL);
    await api(`PATCH /agents/${BILAL.number}`, { body: { state: 'away', reason: 'lunch' } });
    const numbers = async (query: string) =>
      (await api(`GET /agents${query}`)).body.agents.map((agent: { number: string }) => agent.number);
    expect(await numbers('')).toEqual([ASHA.number]);
    expect(await numbers('?state=away')).toEqual([BILAL.number]);
    expect(await numbers('?state=all')).toEqual([ASHA.number, BILAL.number]);
    expect((await api('GET /agents?state=asleep')).status).toBe(400);
  });

  it('counts a wrap-up that has run out as available, stored or not', async () => {
    await api('PUT /queues/default', { body: { wrap_up_secs: 30 } });
    await register(ASHA);
    await takeCall('call-1', ASHA.number);
    await endConversation(context, 'call-1');
    expect((await api('GET /agents?state=wrap_up')).body.agents).toHaveLength(1);
    context.time += 30_000;
    expect((await api('GET /agents')).body.agents).toHaveLength(1);
  });
});
