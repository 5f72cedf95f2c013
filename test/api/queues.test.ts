import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestContext, testContext } from '../support/context.ts';
import { answer, callerHangsUp, joinLine } from './callers.ts';
import { apiClient } from './client.ts';

let context: TestContext;
let api: Awaited<ReturnType<typeof apiClient>>;

beforeEach(async () => {
  context = await testContext({ HOLD_WAIT_SECS: '25' });
  api = await apiClient(context);
});
afterEach(() => context.stop());

describe('queues', () => {
  it('always hold the default one, with the settings of the deployment', async () => {
    const { body } = await api('GET /queues');
    expect(body.queues).toMatchObject([{ id: 'default', strategy: 'round_robin', hold_wait_secs: 25 }]);
    expect((await api('GET /queues/default')).body).toEqual(body.queues[0]);
  });

  it('are set up under an id of choice, and store only what was chosen', async () => {
    const created = await api('PUT /queues/sales', { body: { strategy: 'ring_all', priority: 5 } });
    expect([created.status, created.body.strategy, created.body.hold_wait_secs]).toEqual([
      201,
      'ring_all',
      25,
    ]);
    expect(await context.store.directory.queues.one('sales')).toEqual({
      id: 'sales',
      strategy: 'ring_all',
      priority: 5,
    });
    expect((await api('GET /queues/sales')).body).toEqual(created.body);
  });

  it('are replaced as a whole', async () => {
    await api('PUT /queues/sales', { body: { priority: 5 } });
    const { status, body } = await api('PUT /queues/sales', { body: { name: 'Sales' } });
    expect([status, body.name, body.priority]).toEqual([200, 'Sales', 0]);
  });

  it('take back what they answered', async () => {
    const { body } = await api('PUT /queues/sales', { body: { leave_key: '#', greeting: 'नमस्ते' } });
    expect((await api('PUT /queues/sales', { body })).body).toEqual(body);
  });

  it('are set up under a generated id', async () => {
    const { status, body } = await api('POST /queues', { body: { name: 'Sales' } });
    expect([status, body.name]).toEqual([201, 'Sales']);
    expect((await api(`GET /queues/${body.id}`)).body).toEqual(body);
    expect((await api('POST /queues', { body: { id: 'sales' } })).status).toBe(400);
  });

  it('change the default one, which goes back to its defaults but never away', async () => {
    expect((await api('PUT /queues/default', { body: { priority: 9 } })).status).toBe(200);
    expect((await api('GET /queues')).body.queues).toHaveLength(1);
    const refused = await api('DELETE /queues/default');
    expect([refused.status, refused.body.detail]).toEqual([
      409,
      expect.stringContaining('PUT /queues/default'),
    ]);
    expect((await api('PUT /queues/default', { body: {} })).body.priority).toBe(0);
  });

  it.each(['GET', 'PUT', 'DELETE'])('refuse a malformed id (%s)', async method => {
    const sent = method === 'PUT' ? { body: {} } : {};
    expect((await api(`${method} /queues/a%20b`, sent)).status).toBe(400);
  });

  it('are removed, once nobody waits and no number leads there', async () => {
    await api('PUT /queues/sales', { body: {} });
    await api('PUT /numbers/918000000000', { body: { queue: 'sales' } });
    const led = await api('DELETE /queues/sales');
    expect([led.status, led.body.detail]).toEqual([409, expect.stringContaining('+918000000000')]);
    await api('DELETE /numbers/918000000000');

    await joinLine(context, 'call-1', { queue: 'sales' });
    expect((await api('DELETE /queues/sales')).status).toBe(409);
    await callerHangsUp(context, 'call-1');
    expect((await api('DELETE /queues/sales')).status).toBe(204);
    expect((await api('DELETE /queues/sales')).status).toBe(404);
    expect((await api('GET /queues/sales')).status).toBe(404);
  });
});

describe('numbers', () => {
  beforeEach(async () => {
    await api('PUT /queues/sales', { body: {} });
  });

  it('lead to a queue, and elsewhere when asked', async () => {
    const entry = { number: '+918000000000', queue: 'sales' };
    expect(await api('PUT /numbers/%2B918000000000', { body: { queue: 'sales' } })).toMatchObject({
      status: 201,
      body: entry,
    });
    expect((await api('GET /numbers/918000000000')).body).toEqual(entry);
    const moved = await api('PUT /numbers/+918000000000', { body: { ...entry, queue: 'default' } });
    expect([moved.status, moved.body.queue]).toEqual([200, 'default']);
    expect((await api('GET /numbers')).body).toEqual({ numbers: [{ ...entry, queue: 'default' }] });
  });

  it('are created once', async () => {
    const body = { number: '+918000000000', queue: 'default' };
    expect((await api('POST /numbers', { body })).status).toBe(201);
    const again = await api('POST /numbers', { body });
    expect([again.status, again.body.detail]).toEqual([409, expect.stringContaining('PUT /numbers/')]);
  });

  it('are forgotten once', async () => {
    await api('PUT /numbers/918000000000', { body: { queue: 'sales' } });
    expect((await api('DELETE /numbers/918000000000')).status).toBe(204);
    expect((await api('DELETE /numbers/918000000000')).status).toBe(404);
    expect((await api('GET /numbers/918000000000')).status).toBe(404);
  });

  it.each([
    ['queue', { queue: 'suport' }, 'no queue "suport"'],
    ['queue', {}, 'is missing'],
    ['flow', { flow: 'welcome' }, 'no flow "welcome" is published'],
    ['number', { queue: 'sales', number: '+918000000001' }, 'as in the path'],
    ['qeue', { qeue: 'sales' }, 'not known'],
  ])('refuse a bad %s: %j', async (field, body, message) => {
    const reply = await api('PUT /numbers/918000000000', { body });
    expect(reply.status).toBe(400);
    expect(reply.body.errors).toContainEqual({ field, message: expect.stringContaining(message) });
  });

  it.each(['GET', 'DELETE'])('refuse a path that holds none (%s)', async method => {
    expect((await api(`${method} /numbers/0800`)).status).toBe(400);
  });
});

describe('the status of a queue', () => {
  it('says who waits, in order, and who works, numbers masked', async () => {
    await api('PUT /queues/sales', { body: {} });
    await api('POST /agents', { body: { number: '+919876543210', name: 'Asha', queues: ['sales'] } });
    await api('POST /agents', { body: { number: '+919876543211', name: 'Bilal', queues: ['sales'] } });
    await api('POST /agents', { body: { number: '+919876543212', name: 'Chitra' } });
    await joinLine(context, 'call-1', { queue: 'sales' });
    await api('PATCH /agents/919876543210', { body: { state: 'available' } });
    const ringing = (await api('GET /agents?state=reserved')).body.agents[0];
    await answer(context, 'call-1', ringing.number);
    await api('PATCH /agents/919876543211', { body: { state: 'away' } });
    await api('PATCH /agents/919876543210', { body: { state: 'away' } });
    await joinLine(context, 'call-2', { queue: 'sales', from: '+919812340002' });
    context.time += 5000;
    await joinLine(context, 'call-3', { queue: 'sales', from: '+919812340003' });
    context.time += 1500;

    const { body } = await api('GET /queue/status?queue=sales');
    expect(body).toMatchObject({
      queue: 'sales',
      callers_waiting: 2,
      agents_available: 0,
      longest_wait_secs: 6.5,
      callers: [
        { call_id: 'call-2', position: 1, waited_secs: 6.5, from: '…0002', state: 'waiting' },
        { call_id: 'call-3', position: 2, waited_secs: 1.5, from: '…0003', state: 'waiting' },
      ],
    });
    expect(body.agents.map((agent: { name: string }) => agent.name)).toEqual(['Asha', 'Bilal']);
    expect(body.agents.filter((agent: { state: string }) => agent.state === 'busy')).toMatchObject([
      { number: expect.stringMatching(/^…321[01]$/), current_call: 'call-1' },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/\d{6}/);
  });

  it('counts a caller whom an agent is being rung for as still waiting', async () => {
    await joinLine(context, 'call-1');
    await api('POST /agents', { body: { number: '+919876543210', name: 'Asha' } });
    const { body } = await api('GET /queue/status');
    expect(body).toMatchObject({ callers_waiting: 1, agents_available: 0, callers: [{ state: 'offered' }] });
  });

  it('of an empty default queue is all nought', async () => {
    expect((await api('GET /queue/status')).body).toEqual({
      queue: 'default',
      callers_waiting: 0,
      agents_available: 0,
      agents: [],
      longest_wait_secs: 0,
      callers: [],
    });
  });

  it('of a queue that nobody set up is 404', async () => {
    const { status, body } = await api('GET /queue/status?queue=suport');
    expect([status, body.detail]).toEqual([404, expect.stringContaining('"suport"')]);
  });
});
