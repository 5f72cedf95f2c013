/** What the `tasks` function can be asked to do in the background. */
export type Task =
  /** At `at` (epoch ms) a wrap-up ends: look for callers of these queues then. */
  | { kind: 'wake'; at: number; queues: string[] }
  /** Tell the queue's webhook of a voicemail. */
  | { kind: 'voicemail'; call: string }
  /** Perform what a call's flow has left to be done. */
  | { kind: 'effects'; call: string }
  /** Have a recording of a call transcribed; then a flow runs without a caller. */
  | { kind: 'transcribe_recording'; call: string; recording: string; language: string; on_end_flow?: string }
  /** Tell the queue's webhook what has become of a callback. */
  | { kind: 'callback'; call: string };

/** What the `session` function is started for: one stream of a call, fenced by its generation. */
export interface SessionTask {
  call: string;
  /** Absent: the call's first conversation. See `media/stream-name.ts`. */
  stream?: string;
  generation: number;
}
