/**
 * A flow that runs on a call: the interpreter's state, and what the state leaves to be done. Plain JSON, stored with
 * the call.
 *
 * Invariants: `told` holds the document of the flow's latest steps, so that a repeated webhook gets the same one;
 * `todo` holds every effect that somebody still has to perform, stored in the same write as the step that wants it and
 * taken out when it is done, so that a crash in between loses none; `result` is the one event that the flow waits for
 * whatever brought it (an HTTP answer, a queue or an assistant that the caller is back from); it is told when the carrier asks for
 * the next document.
 */
import type { Effect, Keyword } from '../flow/effect.ts';
import type { FlowEvent } from '../flow/event.ts';
import type { Action } from '../flow/flow.ts';
import type { FlowState, Wait } from '../flow/state.ts';
import type { Track, Verb } from '../flow/verb.ts';
import type { Outcome, Voicemail } from './call.ts';

export interface FlowRun {
  /** The flow that was started; empty for the inline actions of a `call`. */
  flow: string;
  version: number;
  state: FlowState;
  told: ToldFlow[];
  todo: Todo[];
  /** The last of them. */
  failures?: Failure[];
  result?: FlowEvent;
  /** The latest bridge in which somebody has answered. */
  bridged?: { at: number; since: number; by?: string };
}

/** The document that led to the step `at` of the flow. */
export interface ToldFlow {
  at: number;
  verbs: Verb[];
  waiting?: Wait;
}

export interface Todo {
  effect: Effect;
  /** Epoch ms. */
  since: number;
  /** Somebody is performing it, since then. */
  taken_at?: number;
}

/** An event before it is said which step it answers. */
export type News = FlowEvent extends infer E ? (E extends { step: number } ? Omit<E, 'step'> : never) : never;

/** An effect that could not be had, in all its attempts. */
export interface Failure {
  at: number;
  effect: string;
  do: Effect['do'];
  why: string;
}

/** What a call that we place runs when it is answered: a stored flow, or actions. */
export type Dialled = { id: string; actions?: undefined } | { id?: undefined; actions: Action[] };

/** One conversation among those that a flow may hold; the assistant is `Call.assistant`. */
export interface Talk {
  /** 1 for the first of the call. */
  n: number;
  language?: string;
  max_secs?: number;
  outcomes: string[];
}

export interface Transcription {
  /** 1 for the first of the call. */
  n: number;
  began_at: number;
  language: string;
  track: Track;
  webhook_url?: string;
  keywords: Keyword[];
  stopped_at?: number;
}

/** See `visits.ts`. */
export interface Visit {
  queue: string;
  joined_at: number;
  connected_at?: number;
  left_at: number;
  agent?: string;
  voicemail?: Voicemail;
  outcome: Outcome;
}
