/**
 * A call and its flow. Pure: the flow's state is moved by the interpreter; here it is put on the call, and taken back
 * up when the caller returns from where the flow had sent them.
 *
 * Invariants: a queue that the caller comes back from, or ends in, becomes a visit, and the call is in no queue again; a
 * call that ends tells its flow in the same move.
 */
import type { Effect } from '../flow/effect.ts';
import type { FlowEvent, QueueResult } from '../flow/event.ts';
import { hungUp } from '../flow/hung-up.ts';
import type { Call, Outcome } from './call.ts';
import * as deadlines from './deadlines.ts';
import type { FlowRun, News, Todo } from './flow-run.ts';
import { type Done, isFree, noteDone, take } from './flow-todo.ts';
import { resultAtEnd } from './result-at-end.ts';
import type { Held } from './transitions.ts';
import { outOfQueue } from './visits.ts';

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
      ...outOfQueue(call, OUTCOME[left], now),
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

/** The call is over, and so is its flow; what follows from that is left to be done. */
export function endFlow(call: Call, flow: FlowRun, now: number): FlowRun {
  const { state, effects, taken } = hungUp(flow.state, now, resultAtEnd(call, flow));
  return taken ? { ...flow, state, todo: [...flow.todo, ...effects.map(effect => todo(effect, now))] } : flow;
}

export const todo = (effect: Effect, now: number): Todo => ({ effect, since: now });

/** What nobody performs. */
export const untaken = ({ flow }: Pick<Call, 'flow'>, now: number): Effect[] =>
  (flow?.todo ?? []).filter(one => isFree(one, now)).map(({ effect }) => effect);

export const takeTodo = (held: Held, now: number): Held => withRun(held, run => take(run, now));

/** What a call still brings about is waited for as long as it goes on. */
export const doneTodo = (held: Held, effect: string, done: Done, now: number): Held =>
  withRun(held, run => noteDone(run, effect, done, now, held.call.ended_at ?? now));

/** May be repeated: an effect of the same id is left to be done once. */
export const leaveTodo = (held: Held, effect: Effect, now: number): Held =>
  withRun(held, run =>
    run.todo.some(({ effect: { id } }) => id === effect.id)
      ? run
      : { ...run, todo: [...run.todo, todo(effect, now)] },
  );

function withRun({ call, agents }: Held, change: (run: FlowRun) => FlowRun): Held {
  const flow = call.flow && change(call.flow);
  return flow === call.flow ? { call, agents } : { call: { ...call, ...(flow && { flow }) }, agents };
}
