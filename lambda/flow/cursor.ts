/** Where the flow stands, and how it gets elsewhere: the next action, a target, a list within the list. */
import { type Action, type Flows, isTarget } from './flow.ts';
import { actionsOf, frameOf, type Moment } from './moment.ts';
import type { Frame } from './state.ts';

/** Lists within lists. */
const DEEPEST = 20;
/** Bytes of the lists that are stored with the state. */
const MOST_STORED = 100_000;

export function currentAction(moment: Moment): Action | undefined {
  const frame = frameOf(moment);
  return frame && actionsOf(frame, moment.flows)?.[frame.at];
}

/** The current action's name for the record: its id, or its place. */
export const placeOf = ({ at }: Frame, action: Action): string => action.id ?? String(at);

export type Moved = 'forward' | 'back' | 'nowhere' | 'end';

/** To the action after the current one: by its `next_id`, else by order, else after whatever ran this list. */
export function goOn(moment: Moment): Moved {
  const { state, flows } = moment;
  for (let frame = frameOf(moment); frame; frame = frameOf(moment)) {
    const actions = actionsOf(frame, flows);
    const named = actions?.[frame.at]?.next_id;
    if (isTarget(named)) return jump(moment, named);
    frame.at += 1;
    if (actions && frame.at < actions.length) return 'forward';
    if (state.stack.length === 1) return 'end';
    state.stack.pop();
  }
  return 'end';
}

/** The target is looked for in this list, then in those that run it; what runs within the one found is left. */
export function jump({ state, flows }: Moment, target: string): Moved {
  for (let depth = state.stack.length - 1; depth >= 0; depth--) {
    const frame = state.stack[depth];
    const index = frame ? indexOf(frame, flows, target) : -1;
    if (!frame || index < 0) continue;
    const back = index <= frame.at;
    frame.at = index;
    state.stack.length = depth + 1;
    return back ? 'back' : 'forward';
  }
  return 'nowhere';
}

const indexOf = (frame: Frame, flows: Flows, id: string): number =>
  actionsOf(frame, flows)?.findIndex(action => action.id === id) ?? -1;

/** @returns whether there is room for one more list */
export function enter({ state }: Moment, frame: Frame): boolean {
  if (state.stack.length >= DEEPEST) return false;
  const stored = [...state.stack, frame].flatMap(({ actions = [] }) => actions);
  if (frame.actions && Buffer.byteLength(JSON.stringify(stored)) > MOST_STORED) return false;
  state.stack.push({ ...frame });
  return true;
}
