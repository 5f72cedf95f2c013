/** What the `tasks` function can be asked to do in the background. */
export type Task =
  /** At `at` (epoch ms) a wrap-up ends: look for callers of these queues then. */
  | { kind: 'wake'; at: number; queues: string[] }
  /** Tell the queue's webhook of a voicemail. */
  | { kind: 'voicemail'; call: string };

/** What the `session` function is started for: the conversation of a call, fenced by its generation. */
export interface SessionTask {
  call: string;
  generation: number;
}
