/**
 * A call and its flow. Pure: the flow's state is moved by the interpreter; here it is put on the call, and taken back
 * up when the caller returns from where the flow had sent them.
 *
 * Invariants: a queue that the caller comes back from becomes a visit, a record of its own, and the call is in no
 * queue again; a call that ends tells its flow in the same move.
 */
import type { Effect } from '../flow/effect.ts';
import type { FlowEvent, QueueResult } from '../flow/event.ts';
import { hungUp } from '../flow/hung-up.ts';
import type { Call, Outcome } from './call.ts';
import * as deadlines from './deadlines.ts';
import type { FlowRun, News, Todo } from './flow-run.ts';
import { type Done, isFree, noteDone, take } from './flow-todo.ts';
import type { Held } from './transitions.ts';

/** The call has a flow that is not over for the caller. */
export const isInFlow = (call: Call): call is Call & { flow: FlowRun } =>
  call.state !== 'ended' && call.flow !== undefined && call.flow.state.outcome === undefined;

/** The flow has sent the caller into a queue, and goes on when they come back. */
export const isAway = (call: Call, where: 'queue_left' | 'conversed'): boolean =>
  isInFlow(call) && call.flow.state.wait?.for === where;

/** What the flow waits for has happened: it is told when the carrier asks for the next document. */
export function backInFlow({ call, agents }: Held, news: News, now: number): Held {
  if (!isInFlow(call)) return { call, agents };
  const { flow } = call;
  const result = { ...news, step: flow.state.step } as FlowEvent;
  const left = news.type === 'queue_left' ? news.result : 'left';
  return {
    call: {
      ...outOfQueue(call, left, now),
      state: 'in_flow',
      flow: { ...flow, result },
      deadline: deadlines.talk(now),
    },
    agents,
  };
}

const OUTCOME: Record<QueueResult, Outcome> = {
  connected: 'connected',
  voicemail: 'voicemail',
  callback: 'callback',
  overflow: 'overflow',
  left: 'overflow',
};

function outOfQueue(call: Call, how: QueueResult, now: number): Call {
  if (call.queue === '') return call;
  const { connected_at, agent, offer: _, outcome: __, cycle_began_at: ___, ...rest } = call;
  const { connected_at_inferred: ____, ...free } = rest;
  const visit = {
    queue: call.queue,
    joined_at: call.joined_at,
    ...(connected_at !== undefined && { connected_at }),
    left_at: now,
    ...(agent !== undefined && { agent }),
    outcome: OUTCOME[how],
  };
  return {
    ...free,
    queue: '',
    priority: 0,
    skills: [],
    joined_at: call.began_at ?? call.joined_at,
    cycle: 0,
    excluded: [],
    visits: [...(call.visits ?? []), visit],
  };
}

/** The call is over, and so is its flow; what follows from that is left to be done. */
export function endFlow(flow: FlowRun, now: number): FlowRun {
  const { state, effects, taken } = hungUp(flow.state, now);
  return taken ? { ...flow, state, todo: [...flow.todo, ...effects.map(effect => todo(effect, now))] } : flow;
}

export const todo = (effect: Effect, now: number): Todo => ({ effect, since: now });

/** What nobody performs. */
export const untaken = ({ flow }: Pick<Call, 'flow'>, now: number): Effect[] =>
  (flow?.todo ?? []).filter(one => isFree(one, now)).map(({ effect }) => effect);

export const takeTodo = (held: Held, now: number): Held => withRun(held, run => take(run, now));

export const doneTodo = (held: Held, effect: string, done: Done, now: number): Held =>
  withRun(held, run => noteDone(run, effect, done, now));

function withRun({ call, agents }: Held, change: (run: FlowRun) => FlowRun): Held {
  const flow = call.flow && change(call.flow);
  return flow === call.flow ? { call, agents } : { call: { ...call, ...(flow && { flow }) }, agents };
}
