/** A flow played through by the App API. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestContext, testContext } from '../support/context.ts';
import { apiClient } from './client.ts';

let context: TestContext;
let api: Awaited<ReturnType<typeof apiClient>>;
beforeAll(async () => {
  context = await testContext();
  api = await apiClient(context);
});
afterAll(() => context.stop());

const seed = (name: string) => readFileSync(new URL(`../flow/seed/${name}.json`, import.meta.url), 'utf8');

async function simulate(id: string, body?: object) {
  const { status, body: answer } = await api(`POST /flows/${id}/simulate`, body ? { body } : {});
  expect(status).toBe(200);
  return answer;
}

const begun = (step: { path: { action: string }[] }) => step.path.map(({ action }) => action);

describe('a simulation', () => {
  it('answers for each event the path, the document, the effects and what is waited for', async () => {
    await api('PUT /flows/failover', { raw: seed('failover-flow') });
    const { steps, outcome, variables } = await simulate('failover', {
      now: '2026-03-04T12:00:00Z',
      variables: { tier: 'gold' },
      events: [
        { type: 'dialed', result: 'noanswer', after_secs: 60 },
        { type: 'dialed', result: 'answered', by: '+15551112222' },
        { type: 'digits', digits: '1' },
        { type: 'hung_up', after_secs: 2.5 },
      ],
    });
    expect(steps).toHaveLength(5);
    expect(steps[0]).toMatchObject({ event: null, at: '2026-03-04T12:00:00.000Z', waiting_for: 'dialed' });
    expect(steps[0].document).toContain('>Please hold while we connect you.</Speak>');
    expect(steps[0].document).toContain('<Number>+15559876543</Number>');
    expect(begun(steps[0])).toEqual(['0', '1', 'try-primary']);
    expect(steps[1]).toMatchObject({ at: '2026-03-04T12:01:00.000Z', taken: true, waiting_for: 'dialed' });
    expect(begun(steps[1])).toEqual(['try-primary', '3', 'try-secondary', '6']);
    expect(steps[1].path[0].result).toBe('noanswer');
    expect(steps[2]).toMatchObject({ waiting_for: 'hung_up' });
    expect(steps[2].document).toContain('<Hangup');
    expect(steps[3]).toMatchObject({ taken: false, path: [], document: null, waiting_for: 'hung_up' });
    expect(steps[4]).toMatchObject({ at: '2026-03-04T12:01:02.500Z', taken: true, waiting_for: null });
    expect(outcome).toBe('completed');
    expect(variables).toMatchObject({ tier: 'gold', 'connect.answered_by': '+15551112222' });
  });

  it('shows effects and does none of them', async () => {
    await api('PUT /flows/greeting', { raw: seed('personalized-greeting') });
    const { steps } = await simulate('greeting', {
      events: [{ type: 'answered', status: 200, body: '{"name":"John","tier":"premium"}' }],
    });
    expect(steps[0].effects).toMatchObject([{ do: 'http', url: 'https://your-api.com/customer-lookup' }]);
    expect(steps[1].document).toContain('John');
    expect(steps[1].effects).toMatchObject([{ do: 'join_queue', queue: 'premium-queue-id' }]);
    expect(context.tasks).toEqual([]);
  });

  it('finds other flows as a call does, and the newest version of this one', async () => {
    const talk = (text: string) => ({ type: 'talk', option: { text } });
    const outer = {
      name: 'Outer',
      actions: [{ type: 'fetch_flow', option: { flow_id: 'Inner flow' } }, talk('Out')],
    };
    await api('PUT /flows/outer', { body: { ...outer, draft: true } });
    const lost = await simulate('outer');
    expect(lost.fell_back).toBe('there is no such flow');
    expect(lost.steps[0].waiting_for).toBe('queue_left');

    await api('PUT /flows/inner', { body: { name: 'Inner flow', actions: [talk('In')] } });
    const found = await simulate('outer');
    expect(found.steps[0].document).toMatch(/In<.*Out</s);
    expect(found.steps[0].path).toMatchObject([
      { flow: 'outer', type: 'fetch_flow' },
      { flow: 'inner', type: 'talk' },
      { flow: 'outer', type: 'talk' },
    ]);
    await api('PUT /flows/outer', { body: { ...outer, actions: [talk('New')] } });
    expect((await simulate('outer')).steps[0].document).toContain('New');
    expect((await simulate('outer', { version: 1 })).steps[0].document).toContain('Out');
  });

  it('branches on the call as a call does: with stand-ins, or with what is given', async () => {
    const option = {
      variable: 'voipbin.call.direction',
      target_ids: { incoming: 'in', outgoing: 'out' },
      default_target_id: 'nothing',
    };
    const say = (id: string, text: string) => ({ id, type: 'talk', option: { text }, next_id: 'end' });
    const actions = [
      { type: 'branch', option },
      say('in', 'From ${call.source.target} to ${call.destination.target} in ${activeflow.flow_id}.'),
      say('out', 'We called.'),
      say('nothing', 'Nobody knows.'),
      { id: 'end', type: 'hangup' },
    ];
    await api('PUT /flows/direction', { body: { name: 'Direction', actions } });
    const { steps } = await simulate('direction');
    expect(steps[0].document).toContain('From +12025550100 to +12025550199 in direction.');
    const called = await simulate('direction', { variables: { 'voipbin.call.direction': 'outgoing' } });
    expect(called.steps[0].document).toContain('We called.');
  });

  it('runs a flow without a caller', async () => {
    await api('PUT /flows/alone', { raw: seed('post-call-survey') });
    const { steps, outcome } = await simulate('alone', {
      on_call: false,
      variables: { 'voipbin.call.source.target': '+15550001111' },
    });
    expect(steps[0]).toMatchObject({ document: null, waiting_for: null });
    expect(steps[0].effects).toMatchObject([{ do: 'call', to: ['+15550001111'] }]);
    expect(steps[0].effects[0]).not.toHaveProperty('variables');
    expect(outcome).toBe('completed');
  });
});

describe('refused', () => {
  it.each([
    ['events.0.type', { events: [{ type: 'sang' }] }],
    ['events.0.digits', { events: [{ type: 'digits', digits: '12x' }] }],
    ['events.0.result', { events: [{ type: 'dialed', result: 'maybe' }] }],
    ['events.0.step', { events: [{ type: 'continued', step: 3 }] }],
    ['events.1.after_secs', { events: [{ type: 'continued' }, { type: 'continued', after_secs: -1 }] }],
    ['now', { now: 'noon' }],
    ['variables', { variables: { 'a b': 'c' } }],
    ['version', { version: 0 }],
  ])('%s', async (field, body) => {
    const { status, body: answer } = await api('POST /flows/failover/simulate', { body });
    expect(status).toBe(400);
    expect(answer.errors.map((one: { field: string }) => one.field).join()).toContain(field);
    expect(answer.detail).not.toContain('Invalid input');
  });

  it('an unknown flow, an unknown version', async () => {
    expect((await api('POST /flows/nobody/simulate')).status).toBe(404);
    expect((await api('POST /flows/failover/simulate', { body: { version: 7 } })).status).toBe(404);
  });

  it('an answer that is too large to be sent', async () => {
    const option = { uri: 'https://example.com', data: 'x'.repeat(49_500) };
    const actions = [
      { id: 'first', type: 'webhook_send', option },
      { type: 'digits_receive' },
      { type: 'goto', option: { target_id: 'first' } },
    ];
    expect((await api('PUT /flows/loud', { body: { name: 'Loud', actions } })).status).toBe(201);
    const events = Array.from({ length: 100 }, () => ({ type: 'digits', digits: '1' }));
    const { status, body: answer } = await api('POST /flows/loud/simulate', { body: { events } });
    expect([status, answer.errors?.[0].field]).toEqual([400, 'events']);
  });
});

it('refuses a beginning after which there is no time left for the events', async () => {
  await api('PUT /flows/late', { body: { name: 'late', actions: [{ type: 'answer' }] } });
  const events = [{ type: 'continued', after_secs: 86_400 }];
  const { status, body } = await api('POST /flows/late/simulate', { body: { now: '9999-12-31', events } });
  expect([status, body.errors]).toEqual([400, [expect.objectContaining({ field: 'now' })]]);
  expect((await api('POST /flows/late/simulate', { body: { now: '9999-12-31' } })).status).toBe(200);
});
