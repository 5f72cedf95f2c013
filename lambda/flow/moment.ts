/**
 * What an action works on while one event is taken in: a copy of the state that it may change, and the verbs and
 * effects so far.
 */
import type { Effect, Wanted } from './effect.ts';
import type { Awaited } from './event.ts';
import type { Action, Flows } from './flow.ts';
import type { FlowState, Frame, Wait } from './state.ts';
import type { Verb } from './verb.ts';

export interface Moment {
  state: FlowState;
  readonly flows: Flows;
  readonly now: number;
  verbs: Verb[];
  effects: Effect[];
}

/** Where the flow goes from an action. */
export type Next =
  | { go: 'on'; result?: string }
  | { go: 'to'; target: string; result?: string }
  /** Run these actions, then on. */
  | { go: 'into'; frame: Frame }
  | { go: 'wait'; for: Awaited; effect?: string; notes?: Wait['notes'] }
  /** The same action again, once the carrier is through with the verbs so far. */
  | { go: 'again' }
  | { go: 'fail'; why: string }
  | { go: 'end'; result?: string };

export const on = (result?: string): Next => ({ go: 'on', ...(result !== undefined && { result }) });
export const to = (target: string): Next => ({ go: 'to', target });
export const fail = (why: string): Next => ({ go: 'fail', why });
export const waitFor = (what: Awaited, more: { effect?: string; notes?: Wait['notes'] } = {}): Next => ({
  go: 'wait',
  for: what,
  ...more,
});

/**
 * Variables, and the actions in a frame, are replaced and never changed.
 * @param verbs what the document says already
 */
export function momentOf(state: FlowState, flows: Flows, now: number, verbs: readonly Verb[] = []): Moment {
  const copy = {
    ...state,
    stack: state.stack.map(frame => ({ ...frame })),
    jumps: { ...state.jumps },
    path: [...state.path],
  };
  return { state: copy, flows, now, verbs: [...verbs], effects: [] };
}

/** @returns the effect's id */
export function want({ state, effects }: Moment, what: Wanted): string {
  const id = `${state.step}.${effects.length}`;
  effects.push({ id, ...what });
  return id;
}

export const frameOf = ({ state }: Moment): Frame | undefined => state.stack.at(-1);

export const actionsOf = (frame: Frame, flows: Flows): readonly Action[] | undefined =>
  frame.actions ?? flows(frame.flow, frame.version)?.actions;
