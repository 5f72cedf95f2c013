/** A call and its flow: away and back, what is left to be done, and the end. */
import { describe, expect, test } from 'vitest';
import type { Call } from '../../lambda/call/call.ts';
import { proveConnected, proveUnanswered } from '../../lambda/call/evidence.ts';
import { arriveInFlow, putOn, sendToQueue } from '../../lambda/call/flow-call.ts';
import { backInFlow, doneTodo, takeTodo, todo, untaken } from '../../lambda/call/in-flow.ts';
import { measure } from '../../lambda/call/measure.ts';
import type { Held } from '../../lambda/call/transitions.ts';
import * as move from '../../lambda/call/transitions.ts';
import type { Effect } from '../../lambda/flow/effect.ts';
import type { Action } from '../../lambda/flow/flow.ts';
import { METRICS } from '../../lambda/platform/names.ts';
import { agent, NOW, queue } from '../queue/fixtures.ts';
import { inFlow, QUEUE_JOIN } from './flow-fixtures.ts';

const ARRIVAL = { id: 'c', from: '+919900000001', to: '+911140000001', direction: 'inbound' } as const;
const QUEUE = queue({ id: 'support', wrap_up_secs: 30 });
const AGENT = agent(1);

const came = (actions: Action[] = QUEUE_JOIN): Held => ({
  call: inFlow(arriveInFlow(ARRIVAL, NOW), actions),
  agents: [],
});
const waiting = (): Held => move.beginWaiting(sendToQueue(came(), QUEUE, NOW + 1000), QUEUE, NOW + 2000);
const talking = (): Held => {
  const { call } = waiting();
  return move.connect(move.offer(call, [AGENT], QUEUE, NOW + 3000, 's:1'), AGENT.number, NOW + 5000);
};

describe('a queue that a flow has sent the caller to', () => {
  test('the talk over, the caller is back, and the visit is a record of its own', () => {
    const { call, agents } = move.endTalk(talking(), QUEUE, NOW + 65_000);
    expect(call).toMatchObject({
      state: 'in_flow',
      queue: '',
      joined_at: NOW,
      visits: [
        {
          queue: 'support',
          joined_at: NOW + 1000,
          connected_at: NOW + 5000,
          left_at: NOW + 65_000,
          agent: AGENT.number,
          outcome: 'connected',
        },
      ],
    });
    expect(call.flow?.result).toEqual({ type: 'queue_left', result: 'connected', step: 0 });
    expect(call).not.toHaveProperty('outcome');
    expect(call).not.toHaveProperty('agent');
    expect(agents).toMatchObject([{ state: 'wrap_up' }]);
  });

  test.each([
    ['max_cycles', { voicemail: false }, 'overflow'],
    ['key', { voicemail: false }, 'left'],
    ['queue_full', { on_full: 'turn_away' }, 'overflow'],
  ] as const)('left for %s without voicemail: back with %s', (why, settings, result) => {
    const { call } = move.leave(waiting(), why, queue({ ...QUEUE, ...settings }), NOW + 9000);
    expect(call.state).toBe('in_flow');
    expect(call.flow?.result).toMatchObject({ type: 'queue_left', result });
    expect(call.visits).toMatchObject([{ outcome: 'overflow' }]);
  });

  test('with voicemail the message comes first', () => {
    const { call } = move.leave(waiting(), 'max_cycles', QUEUE, NOW + 9000);
    expect(call.state).toBe('voicemail');
  });

  test.each([
    [waiting, 'abandoned'],
    [talking, 'connected'],
  ] as const)('a caller who hangs up there is not sent back, and the visit is a record all the same', (state, outcome) => {
    const { call, agents } = move.hangUp(state(), {}, QUEUE, NOW + 9000);
    expect(call.state).toBe('ended');
    expect(call.flow?.state).toMatchObject({ outcome: 'hung_up' });
    expect(call).toMatchObject({ queue: '', outcome, visits: [{ queue: 'support', outcome }] });
    expect(agents.every(({ call: held }) => held === undefined)).toBe(true);
  });

  test('a second queue counts as joined, and offers of the first are not counted again', () => {
    const back = move.endTalk(talking(), QUEUE, NOW + 65_000).call;
    const again = sendToQueue({ call: back, agents: [] }, queue({ id: 'sales' }), NOW + 70_000).call;
    const counted = measure(back, again);
    expect(counted).toEqual([{ name: METRICS.callsJoined, value: 1, queue: 'sales' }]);
  });

  test('coming back is measured for the queue that was left', () => {
    const before = talking().call;
    const after = move.endTalk(talking(), QUEUE, NOW + 65_000).call;
    expect(measure(before, after)).toEqual([{ name: METRICS.talkMs, value: 60_000, queue: 'support' }]);
  });
});

describe('the metrics of queues in a flow', () => {
  const told = (before: Call, after: Call) =>
    measure(before, after).map(({ name, value, queue }) => [name, value, queue]);
  const ringing = () => move.offer(waiting().call, [AGENT], QUEUE, NOW + 3000, 's:1');

  test('a talk of which only the end is heard counts as answered, with its wait', () => {
    const after = move.endTalk(move.connect(ringing(), AGENT.number), QUEUE, NOW + 65_000).call;
    expect(told(ringing().call, after)).toEqual([
      [METRICS.answers, 1, 'support'],
      [METRICS.waitMs, 2000, 'support'],
      [METRICS.talkMs, 62_000, 'support'],
    ]);
  });

  test('a caller who hangs up counts where they waited, and late word of an answer there too, once', () => {
    const gone = move.hangUp(ringing(), {}, QUEUE, NOW + 9000).call;
    expect(told(ringing().call, gone)).toEqual([[METRICS.abandons, 1, 'support']]);
    const proven = proveConnected(gone, 1, AGENT.number);
    expect(proven).toMatchObject({
      outcome: 'connected',
      visits: [{ outcome: 'connected', agent: AGENT.number }],
    });
    expect(told(gone, proven)).toEqual([
      [METRICS.answers, 1, 'support'],
      [METRICS.waitMs, 2000, 'support'],
    ]);
    expect(proveConnected(proven, 1, AGENT.number)).toBe(proven);
    expect(proveUnanswered(gone, 1, 'busy').rings).toMatchObject([{ result: 'busy' }]);
  });

  test('the same queue again, in the same move, is joined again', () => {
    const { call } = move.leave(waiting(), 'max_cycles', QUEUE, NOW + 9000);
    const back = backInFlow({ call, agents: [] }, { type: 'queue_left', result: 'voicemail' }, NOW + 20_000);
    const again = sendToQueue(back, QUEUE, NOW + 20_000).call;
    expect(told(call, again)).toEqual([
      [METRICS.callsJoined, 1, 'support'],
      [METRICS.voicemails, 1, 'support'],
    ]);
  });

  test('who was connected before counts as connected, also when the end comes with an assistant', () => {
    const back = move.endTalk(talking(), QUEUE, NOW + 65_000).call;
    const assisted: Call = { ...back, state: 'assisted' };
    expect(move.hangUp({ call: assisted, agents: [] }, {}, QUEUE, NOW + 70_000).call.outcome).toBe(
      'connected',
    );
  });
});

test.each([
  [0, 'answered'],
  [undefined, 'canceled'],
])('what follows a flow knows of the bridge in which the call ended: answered at %s, %s', (at, status) => {
  const options = { destinations: [{ type: 'tel', target: '+919811111111' }] };
  const { call } = came([{ type: 'answer' }, { type: 'connect', option: options }]);
  const flow = call.flow && { ...call.flow, ...(at !== undefined && { bridged: { at, since: NOW } }) };
  const over = move.hangUp({ call: { ...call, ...(flow && { flow }) }, agents: [] }, {}, QUEUE, NOW).call;
  expect(over.flow?.state.variables).toMatchObject({ 'connect.status': status });
});

describe('what is left to be done', () => {
  const EFFECT: Effect = { id: '0.0', do: 'stop_recording' };
  const withTodo = (call: Call): Held => ({
    call: { ...call, ...(call.flow && { flow: { ...call.flow, todo: [todo(EFFECT, NOW)] } }) },
    agents: [],
  });

  test('one takes it, another finds nothing, until the first must have died', () => {
    const held = withTodo(came().call);
    expect(untaken(held.call, NOW)).toEqual([EFFECT]);
    const taken = takeTodo(held, NOW);
    expect(untaken(taken.call, NOW + 1000)).toEqual([]);
    expect(takeTodo(taken, NOW + 1000)).toEqual(taken);
    expect(untaken(taken.call, NOW + 60_000)).toEqual([EFFECT]);
  });

  test('done, it is gone, and done again changes nothing', () => {
    const done = doneTodo(withTodo(came().call), '0.0', {}, NOW);
    expect(done.call.flow?.todo).toEqual([]);
    expect(doneTodo(done, '0.0', {}, NOW).call).toBe(done.call);
  });

  test('only what the flow waits for becomes its result', () => {
    const http: Action[] = [{ type: 'webhook_send', option: { uri: 'https://example.com/a', sync: true } }];
    const asked = withTodo(came(http).call);
    const answer = { type: 'answered', status: 200, body: '{}' } as const;
    expect(doneTodo(asked, '0.0', { news: answer }, NOW).call.flow?.result).toEqual({ ...answer, step: 0 });
    const said = withTodo(came([{ type: 'talk', option: { text: 'Hello.' } }]).call);
    expect(doneTodo(said, '0.0', { news: answer }, NOW).call.flow).toMatchObject({ todo: [] });
    expect(doneTodo(said, '0.0', { news: answer }, NOW).call.flow).not.toHaveProperty('result');
  });
});

describe('the end', () => {
  test.each([
    ['somebody has answered a bridge', { bridged: { at: 1, since: NOW } }, 'connected'],
    ['nothing', {}, 'abandoned'],
  ] as const)('%s: %s', (_, more, outcome) => {
    const { call } = came();
    const held = { call: { ...call, ...(call.flow && { flow: { ...call.flow, ...more } }) }, agents: [] };
    expect(move.hangUp(held, {}, QUEUE, NOW + 9000).call.outcome).toBe(outcome);
  });

  test('a message makes it voicemail', () => {
    const { call } = came();
    const recordings = [{ id: 'r', kind: 'message', began_at: NOW } as const];
    const over = move.hangUp({ call: { ...call, recordings }, agents: [] }, {}, QUEUE, NOW);
    expect(over.call.outcome).toBe('voicemail');
  });

  test('a flow that has served the caller to its end has connected them; one that refused them has rejected them', () => {
    const outcome = (actions: Action[]) => move.hangUp(came(actions), {}, QUEUE, NOW + 9000).call.outcome;
    expect(outcome([{ type: 'talk', option: { text: 'Hello.' } }])).toBe('connected');
    expect(outcome([{ type: 'hangup', option: { reason: 'busy' } }])).toBe('rejected');
  });

  test('what follows from the end is left to be done, once', () => {
    const { call } = came();
    if (!call.flow) throw new Error('There is no flow.');
    const state = { ...call.flow.state, on_complete: 'survey' };
    const over = move.hangUp(
      { call: { ...call, flow: { ...call.flow, state } }, agents: [] },
      {},
      QUEUE,
      NOW,
    );
    expect(over.call.flow?.todo).toMatchObject([{ effect: { do: 'start_flow', flow: 'survey' } }]);
    expect(move.hangUp(over, {}, QUEUE, NOW)).toBe(over);
  });

  test('of the documents that a flow told the last three are kept', () => {
    let held = came();
    for (let at = 0; at < 5; at++)
      if (held.call.flow) held = putOn(held, held.call.flow, { at, verbs: [] }, NOW);
    expect(held.call.flow?.told.map(({ at }) => at)).toEqual([2, 3, 4]);
  });

  test('back without having been away changes nothing', () => {
    const ended = move.hangUp(came(), {}, QUEUE, NOW);
    expect(backInFlow(ended, { type: 'conversed', status: 'x' }, NOW).call).toBe(ended.call);
  });
});
