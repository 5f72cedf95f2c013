/** What the `tasks` function can be asked to do in the background. */
export type Task =
  /** At `at` (epoch ms) a wrap-up ends: look for callers of these queues then. */
  | { kind: 'wake'; at: number; queues: string[] }
  /** Tell the queue's webhook of a voicemail; `visit` says which of the call's queues. */
  | { kind: 'voicemail'; call: string; visit: number }
  /** Perform what a call's flow has left to be done. */
  | { kind: 'effects'; call: string }
  /** Have a recording of a call transcribed, as the effect of that id wants it; then a flow runs without a caller. */
  | {
      kind: 'transcribe_recording';
      call: string;
      effect: string;
      recording: string;
      language: string;
      on_end_flow?: string;
    }
  /** Tell the queue's webhook what has become of a callback. */
  | { kind: 'callback'; call: string };

/** What the `session` function is started for: one stream of a call, fenced by its generation. */
export interface SessionTask {
  call: string;
  /** Absent: the call's first conversation. See `media/stream-name.ts`. */
  stream?: string;
  generation: number;
}
