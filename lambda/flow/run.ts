/**
 * The interpreter: an event at a time comes in, the next state, the verbs of the next document and the effects to
 * perform come out. Actions that need no answer run on until one must wait for the carrier, for an effect's result or
 * for a place that the caller was sent to.
 *
 * Whatever the flow and the events: it never throws, and it ends or waits (`wait`). Loops end at the limits, with an
 * outcome; a loop that speaks is one document a round.
 */
import { begin, resume } from './begin.ts';
import { type Effect, weightOf } from './effect.ts';
import { recover } from './ending.ts';
import type { FlowEvent } from './event.ts';
import type { Flow, Flows } from './flow.ts';
import { hungUp } from './hung-up.ts';
import { type Moment, momentOf, type Next } from './moment.ts';
import { move, waitForCarrier } from './move.ts';
import { type FlowState, STATE_FORMAT, type Wait } from './state.ts';
import type { Verb } from './verb.ts';

/** In a flow's life. */
export const MOST_ACTIONS = 1000;
/** Without waiting once. */
export const LONGEST_RUN = 200;
/** The carrier takes documents of 100 KB; some characters take six bytes there. */
const MOST_VERBS = 30;
const MOST_CHARACTERS = 14_000;
/** That one step wants done, but for its last effect: all of it is stored with the step. */
const HEAVIEST_STEP = 50_000;

export interface Stepped {
  state: FlowState;
  /** One document, from its beginning; none where nothing was taken in, or nothing is to be heard. */
  verbs: Verb[];
  effects: Effect[];
  /** Absent: the flow has ended. */
  waiting: Wait | undefined;
  /** False: the event was late, repeated, or not what the flow waits for, and changed nothing. */
  taken: boolean;
}

export interface Beginning {
  variables: Record<string, string>;
  /** Whether a caller is on the line; a flow that follows another one has none. */
  on_call: boolean;
  /** See `FlowState`. */
  completes?: number;
}

/** @param flow its id is empty where it is stored nowhere: the inline actions of a `call` */
export function start(flow: Flow, { variables, on_call, completes = 0 }: Beginning, now: number): Stepped {
  const { id, version, actions } = flow;
  const state: FlowState = {
    format: STATE_FORMAT,
    step: 0,
    on_call,
    stack: [{ flow: id, version, at: 0, ...(id === '' && { actions }) }],
    variables: { ...variables },
    jumps: {},
    executed: 0,
    path: [],
    sounded: false,
    completes,
    ...(flow.on_complete_flow_id && { on_complete: flow.on_complete_flow_id }),
    ...(flow.fallback_flow_id && { fallback_flow: flow.fallback_flow_id }),
    ...(flow.fallback_queue_id && { fallback_queue: flow.fallback_queue_id }),
  };
  const moment = momentOf(state, () => flow, now);
  return stepped(moment, actions.length === 0 ? { go: 'end' } : undefined);
}

/**
 * @param flows must have every flow that the state's stack names, and the one that `flow_loaded` tells of
 * @param said verbs of the step before, whose document nobody has got yet: the event came at once, and this one goes on
 */
export function step(
  flows: Flows,
  state: FlowState,
  event: FlowEvent,
  now: number,
  said: readonly Verb[] = [],
): Stepped {
  const { wait } = state;
  if (!wait || !isAwaited(event, state, wait))
    return { state, verbs: [], effects: [], waiting: wait, taken: false };
  if (event.type === 'hung_up') return hungUp(state, now);
  const moment = momentOf(state, flows, now, said);
  moment.state.step += 1;
  delete moment.state.wait;
  return stepped(moment, event.type === 'continued' ? undefined : resume(moment, event, wait));
}

/** The flow cannot go on from where it is, for a reason that is not its own: its fallback takes over. */
export function giveUp(flows: Flows, state: FlowState, why: string, now: number): Stepped {
  const moment = momentOf(state, flows, now);
  moment.state.step += 1;
  delete moment.state.wait;
  return recover(moment, 'failed', why) ? stepped(moment, undefined) : result(moment);
}

function isAwaited(event: FlowEvent, { step, on_call }: FlowState, wait: Wait): boolean {
  if (event.type === 'hung_up') return on_call;
  if (event.step !== step) return false;
  return event.type === 'failed' ? wait.effect !== undefined : event.type === wait.for;
}

/** @param first undefined: the action that the cursor stands on begins */
function stepped(moment: Moment, first: Next | undefined): Stepped {
  let run = 0;
  for (let next = first; next === undefined || move(moment, next); next = begin(moment)) {
    if (isFull(moment)) {
      waitForCarrier(moment);
      break;
    }
    const limit = limitReached(moment, run);
    if (limit) {
      run = 0;
      if (!recover(moment, 'limit', limit)) break;
    }
    run += 1;
  }
  return result(moment);
}

const result = ({ state, verbs, effects }: Moment): Stepped => ({
  state,
  verbs,
  effects,
  waiting: state.wait,
  taken: true,
});

function limitReached({ state }: Moment, run: number): string | undefined {
  if (run >= LONGEST_RUN) return `${LONGEST_RUN} actions without waiting`;
  return state.executed >= MOST_ACTIONS ? `${MOST_ACTIONS} actions` : undefined;
}

const isFull = ({ verbs, effects }: Moment): boolean =>
  verbs.length >= MOST_VERBS ||
  (verbs.length > 1 && JSON.stringify(verbs).length > MOST_CHARACTERS) ||
  (effects.length > 0 && weightOf(effects) > HEAVIEST_STEP);
