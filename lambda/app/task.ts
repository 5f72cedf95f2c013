/** What the `tasks` function can be asked to do in the background. */
export type Task =
  /** At `at` (epoch ms) a wrap-up ends: look for callers of these queues then. */
  | { kind: 'wake'; at: number; queues: string[] }
  /** Tell the queue's webhook of a voicemail. */
  | { kind: 'voicemail'; call: string }
  /** Perform what a call's flow has left to be done. */
  | { kind: 'effects'; call: string }
  /** Run a flow that has no caller on the line, from where it stands. */
  | { kind: 'run'; call: string; run: string }
  /** Have a recording of a call transcribed. */
  | { kind: 'transcribe_recording'; call: string; recording: string }
  /** A callback is due, or its attempt has failed: look what comes next. */
  | { kind: 'callback'; call: string };

/** What the `session` function is started for: one stream of a call, fenced by its generation. */
export interface SessionTask {
  call: string;
  /** Absent: the call's first conversation. See `media/stream-name.ts`. */
  stream?: string;
  generation: number;
}
