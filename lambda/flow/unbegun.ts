/** A flow that its call has ended before. It has done nothing, and what follows it follows all the same. */
import { callEnded } from './ending.ts';
import { momentOf } from './moment.ts';
import type { Stepped } from './run.ts';
import { type FlowState, STATE_FORMAT } from './state.ts';

export function unbegun(on_complete: string, variables: Record<string, string>, now: number): Stepped {
  const state: FlowState = {
    format: STATE_FORMAT,
    step: 0,
    on_call: true,
    stack: [],
    variables,
    jumps: {},
    executed: 0,
    path: [],
    sounded: false,
    completes: 0,
    on_complete,
  };
  const moment = momentOf(state, () => undefined, now);
  callEnded(moment);
  return { state: moment.state, verbs: [], effects: moment.effects, waiting: undefined, taken: true };
}
