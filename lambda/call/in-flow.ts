/**
 * A call and its flow. Pure: the flow's state is moved by the interpreter; here it is put on the call, and taken back
 * up when the caller returns from where the flow had sent them.
 *
 * Invariants: a queue that the caller comes back from becomes a visit, a record of its own, and the call is in no
 * queue again; what is to be done elsewhere (`todo`) is taken by one at a time and stays until it is done; a call that
 * ends tells its flow in the same move.
 */
import type { Effect } from '../flow/effect.ts';
import type { FlowEvent, QueueResult } from '../flow/event.ts';
import { hungUp } from '../flow/hung-up.ts';
import type { Call, Outcome } from './call.ts';
import * as deadlines from './deadlines.ts';
import type { FlowRun, Todo } from './flow-run.ts';
import type { Held } from './transitions.ts';

/** An event before it is said which step it answers. */
export type News = FlowEvent extends infer E ? (E extends { step: number } ? Omit<E, 'step'> : never) : never;

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

/** Somebody who has taken an effect has died if it is not done after that time. */
const TAKEN_MS = 60_000;

/** What nobody performs. */
export const untaken = ({ flow }: Pick<Call, 'flow'>, now: number): Effect[] =>
  (flow?.todo ?? []).filter(one => isFree(one, now)).map(({ effect }) => effect);

const isFree = ({ taken_at }: Todo, now: number): boolean =>
  taken_at === undefined || now - taken_at >= TAKEN_MS;

/** Take all that nobody performs; who has made this move performs what `untaken` named before it. */
export function takeTodo({ call, agents }: Held, now: number): Held {
  if (!call.flow || untaken(call, now).length === 0) return { call, agents };
  const taken = call.flow.todo.map(one => (isFree(one, now) ? { ...one, taken_at: now } : one));
  return { call: { ...call, flow: { ...call.flow, todo: taken } }, agents };
}

/**
 * An effect is done. May be repeated.
 * @param news what the flow waits for, if it waits for this effect
 */
export function doneTodo({ call, agents }: Held, effect: string, news?: News): Held {
  const { flow } = call;
  if (!flow?.todo.some(one => one.effect.id === effect)) return { call, agents };
  const { step, wait } = flow.state;
  const isAwaited = news !== undefined && wait?.effect === effect;
  const rest = flow.todo.filter(one => one.effect.id !== effect);
  return {
    call: {
      ...call,
      flow: { ...flow, todo: rest, ...(isAwaited && { result: { ...news, step } as FlowEvent }) },
    },
    agents,
  };
}
