/**
 * What a waiting flow is told. Each event carries the step that it answers; `hung_up` alone may come at any time.
 * Results of effects are told when the carrier asks for the next document, so that there is somebody to hear it.
 */

export const CONNECT_RESULTS = ['answered', 'busy', 'noanswer', 'failed', 'canceled'] as const;
export type ConnectResult = (typeof CONNECT_RESULTS)[number];

export const QUEUE_RESULTS = ['connected', 'voicemail', 'callback', 'overflow', 'left'] as const;
export type QueueResult = (typeof QUEUE_RESULTS)[number];

/** What the event of each kind of wait brings. */
interface Brought {
  /** The carrier has come to the end of the document; the action that the cursor stands on begins. */
  continued: object;
  /** Keys pressed; empty: none in time. */
  digits: { digits: string };
  /** The bridge is over, or there was none. `by`: the number that answered. */
  dialed: { result: ConnectResult; by?: string };
  /** The caller has finished speaking. */
  recorded: { id?: string; secs?: number; ended_by?: string };
  /** The answer of an HTTP effect; without a status there was none. */
  answered: { status?: number; body?: string };
  /** The flow that was asked for; its library has it now. Absent: there is none of that id or name. */
  flow_loaded: { flow?: { id: string; version: number } };
  /** The caller is back from the queue. */
  queue_left: { result: QueueResult; variables?: Record<string, string> };
  /** The caller is back from the assistant. `status`: an outcome that was offered, or how it ended. */
  conversed: { status: string; variables?: Record<string, string> };
  /** The caller has left the conference. */
  room_left: object;
  /** The document told the carrier to hang up. */
  hung_up: object;
}

export type Awaited = keyof Brought;

type Answer = {
  [T in Exclude<Awaited, 'hung_up'>]: { type: T; step: number } & Brought[T];
}[Exclude<Awaited, 'hung_up'>];

export type FlowEvent =
  | Answer
  /** The effect that the flow waits for cannot be had: no such queue, no such assistant, an address refused. */
  | { type: 'failed'; step: number; why: string }
  | { type: 'hung_up' };

export type EventOf<T extends FlowEvent['type']> = Extract<FlowEvent, { type: T }>;
