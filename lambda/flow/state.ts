/**
 * Where a running flow stands: all that is stored of it, as plain JSON.
 *
 * Invariants: `stack` is never empty while the flow runs, its last frame is the innermost; a running flow waits for
 * exactly one kind of event (`wait`), an ended one for none; `step` rises by one with each event that is taken and
 * with nothing else, so an event that carries another step is late or repeated; values of variables are text and are
 * never expanded again.
 */
import type { Awaited } from './event.ts';
import type { Action } from './flow.ts';

export const STATE_FORMAT = 1;

/** One list of actions that is being run, and how far. */
export interface Frame {
  /** Id of the flow; empty for actions that stand in no stored flow. */
  flow: string;
  version: number;
  /** Index of the current action. */
  at: number;
  /** The actions themselves, where they stand in no stored flow. */
  actions?: Action[];
}

/** What the flow waits for, and what the waiting action has to remember. */
export interface Wait {
  for: Awaited;
  /** Epoch ms since when. */
  since: number;
  /** Of the effect whose result is awaited. */
  effect?: string;
  notes?: Record<string, string | number | string[]>;
}

/** How a flow ended. */
export const FLOW_OUTCOMES = [
  /** Its last action is done, or it said `stop` or `hangup`. */
  'completed',
  /** The caller hung up. */
  'hung_up',
  /** More actions than a flow may run in its life, or without waiting once; or too many flows within flows. */
  'limit',
  /** It could not go on. For this and the limit the caller was sent to the fallback, if there was one. */
  'failed',
] as const;
export type FlowOutcome = (typeof FLOW_OUTCOMES)[number];

/** One action of the path that was taken. */
export interface Visited {
  /** Epoch ms. */
  at: number;
  flow: string;
  /** Its id, or its place in the list, such as `3`. */
  action: string;
  type: string;
  /** What came of it, where that is worth a word: `skipped`, `failed: ...`, the digits' result, a dial's status. */
  result?: string;
}

export interface FlowState {
  format: typeof STATE_FORMAT;
  /** Continuation URLs carry it. */
  step: number;
  /** A caller is on the line. */
  on_call: boolean;
  stack: Frame[];
  variables: Record<string, string>;
  /** Jumps that each counted `goto` has made, by flow and place. */
  jumps: Record<string, number>;
  /** Actions begun in the flow's life. */
  executed: number;
  /** The last of them. */
  path: Visited[];
  wait?: Wait;
  /** Set when the flow is over for the caller; a call's flow has ended only when the call has. */
  outcome?: FlowOutcome;
  /** Why the caller was sent to the fallback. */
  fell_back?: { because: 'limit' | 'failed'; why: string };
  /** What was sounded makes the carrier answer; a bridge before that fails. */
  sounded: boolean;
  /** Of the flow that was started: see `Flow`. */
  on_complete?: string;
  fallback_flow?: string;
  fallback_queue?: string;
  /** How many flows ended before this one in a chain of `on_complete_flow_id`. */
  completes: number;
  /** The latest question that keys were to answer. */
  asked?: Asked;
  consent?: Consent;
  /** It has wanted calls that end with this one. */
  chained?: true;
  recording?: Background;
  transcription?: Background;
}

/** Something that runs beside the flow until it is stopped or the flow ends. */
export interface Background {
  on_end_flow?: string;
}

/** The stored flows that the next step may read. */
export const flowsOf = ({ stack }: FlowState): Pick<Frame, 'flow' | 'version'>[] =>
  stack.filter(({ flow }) => flow !== '').map(({ flow, version }) => ({ flow, version }));

/** Words before an input of keys, and where they stand. */
export interface Asked {
  flow: string;
  /** Of the flow, and so of its words. */
  version: number;
  action: string;
  words: string;
}

/** What the caller decided about being recorded, and the question that they had been asked. */
export interface Consent extends Partial<Asked> {
  decision: string;
  at: number;
  /** The call was being recorded, and from then on no more. */
  ended_recording?: true;
  /** It was being transcribed, and from then on no more. */
  ended_transcription?: true;
}
