/**
 * What a flow wants done elsewhere, as values. `id` names the effect within its call and is the same when the step
 * is taken again, so whoever performs it can do so once. A flow that needs the result waits for its event.
 */
import type { Action } from './flow.ts';
import type { Track } from './verb.ts';

export const HTTP_METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const;
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** As VoIPBin writes one; which types an action takes it says itself. */
export interface Address {
  type: string;
  target: string;
  name?: string | undefined;
  target_name?: string | undefined;
  detail?: string | undefined;
}

/** What a spoken phrase sets off. */
export interface Keyword {
  phrase: string;
  /** Told of it, beside the transcript's own webhook. */
  webhook_url?: string | undefined;
  /** Set to `value`, else to the phrase. */
  variable?: string | undefined;
  value?: string | undefined;
  /** Counted as an alert. */
  alert?: boolean | undefined;
}

type What =
  /** `awaited`: the flow waits for `answered`. */
  | {
      do: 'http';
      url: string;
      method: HttpMethod;
      content_type: string;
      body?: string;
      awaited: boolean;
      /** A fetch of actions tells who asks for it. */
      fetch?: boolean;
    }
  /** Find the newest version of a flow by id or name, for `flow_loaded`. */
  | { do: 'load_flow'; flow: string }
  /** The caller joins the queue, until `queue_left`. */
  | { do: 'join_queue'; queue: string }
  /** The number gets a callback from the queue, told by `callback_requested`. */
  | { do: 'request_callback'; queue: string; number: string }
  /** The caller talks to the assistant, until `conversed`. */
  | {
      do: 'converse';
      assistant: string;
      language?: string;
      max_secs?: number;
      /** The outcomes that the assistant may end the conversation with. */
      outcomes: string[];
    }
  /** One new call to each destination, which runs the flow or the actions. */
  | {
      do: 'call';
      from: string;
      to: string[];
      flow?: string;
      actions?: Action[];
      /** For the new call: all that this one has. */
      variables: Record<string, string>;
      /** Hung up together with this call. */
      chained: boolean;
    }
  /** Hang up the chained calls: this one is over. */
  | { do: 'end_chained' }
  | { do: 'stop_recording' }
  | {
      do: 'start_transcription';
      language: string;
      track: Track;
      webhook_url?: string;
      keywords: Keyword[];
    }
  | { do: 'stop_transcription' }
  | { do: 'transcribe_recordings'; language: string; on_end_flow?: string }
  /** To the endpoint that the deployment has configured for it. */
  | {
      do: 'send';
      what: 'message' | 'email' | 'conversation' | 'case';
      content: Record<string, unknown>;
    }
  /** A flow of its own, without a caller on the line. */
  | { do: 'start_flow'; flow: string; variables: Record<string, string>; completes: number };

export type Effect = { id: string } & What;
/** One that has no id yet. */
export type Wanted = What;

/** Bytes of what effects say. The variables that some take along weigh nothing: they are stored with the flow's own. */
export const weightOf = (effects: readonly Effect[]): number =>
  Buffer.byteLength(JSON.stringify(effects.map(effect => ({ ...effect, variables: undefined }))));
