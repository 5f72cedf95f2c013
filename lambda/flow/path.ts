/** The path taken, for the call's record. */
import { placeOf } from './cursor.ts';
import type { Action } from './flow.ts';
import { frameOf, type Moment } from './moment.ts';

const KEPT = 300;
const LONGEST_RESULT = 200;

/** The current action begins. */
export function visit(moment: Moment, action: Action): void {
  const { state, now } = moment;
  const frame = frameOf(moment);
  if (!frame) return;
  state.executed += 1;
  const visited = { at: now, flow: frame.flow, action: placeOf(frame, action), type: action.type };
  state.path = [...state.path.slice(1 - KEPT), visited];
}

/** What came of the action that was last begun. */
export function note({ state }: Moment, result: string): void {
  const last = state.path.at(-1);
  if (last) state.path[state.path.length - 1] = { ...last, result: result.slice(0, LONGEST_RESULT) };
}
