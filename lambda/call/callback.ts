/**
 * A callback: a place in line that somebody holds without being on the line. Pure. It is a call of its own, outbound,
 * with the place (`joined_at`, priority) of whoever asked for it; the matcher treats it as a waiting caller, and whom
 * it has found an agent for is rung (`calling-back.ts`).
 *
 * Invariants: while it waits it has no leg with the carrier; `leg` is the one of the attempt in hand, which `carrier_id`
 * names once the carrier has named it; from `reached_at` on it is a caller on the line like any other. It ends
 * `connected`, or `failed` with its `result`.
 */
import { callbackResults } from '../flow/results.ts';
import type { Queue } from '../queue/queue.ts';
import type { Call, Outcome } from './call.ts';
import { expiryOf, isOpenAt } from './callback-time.ts';
import { end } from './end.ts';
import { backInFlow, isAway } from './in-flow.ts';
import type { Refusal } from './outbound.ts';
import { type Held, inLine, newCall } from './transitions.ts';

/** How an attempt at the caller can fail. `agent_left`: the agent hung up while the caller's phone rang. */
export const UNREACHED = [
  'no_answer',
  'busy',
  'rejected',
  'machine',
  'refused',
  'agent_left',
  'failed',
] as const;
export type Unreached = (typeof UNREACHED)[number];

export const CALLBACK_RESULTS = [
  'reached',
  ...UNREACHED,
  /** Answered, and hung up before an agent did. */
  'caller_left',
  /** Answered, found nobody free, and left a message; was turned away by a limit; has asked for another number. */
  'voicemail',
  'overflow',
  'moved',
  'expired',
  'cancelled',
  /** The caller has reached an agent by calling again. */
  'called_in',
] as const;
export type CallbackResult = (typeof CALLBACK_RESULTS)[number];

/** The phone that rings, or is answered, for a callback. */
export interface Leg {
  offer: number;
  rings: 'agent' | 'caller';
  answered_at?: number;
}

export interface Callback {
  /** The call in which it was asked for. */
  asked_in?: string;
  /** When it was asked for the last time. */
  requested_at: number;
  expires_at: number;
  /** Calls of its number that came in: while one goes on, it is passed over. */
  calls?: string[];
  /** Attempts at the caller that have failed. An agent who does not answer makes none. */
  tries: { at: number; result: Unreached }[];
  /** Attempts that broke on the carrier's or on our side. */
  faults?: number;
  /** Passed over until then. */
  not_before?: number;
  /** From then on agents who missed it are tried again. */
  readmits_at?: number;
  leg?: Leg;
  /** The offer whose attempt counts for nothing: the caller was on the line with us. */
  excused?: number;
  /** The caller has reached an agent while a phone rang for this: should that come to nothing, it is over. */
  called_in?: true;
  reached_at?: number;
  /** Why the carrier would not ring the last time. */
  refusal?: Refusal;
  result?: CallbackResult;
  /** When its end was told to whoever wants to know. */
  told_at?: number;
}

const CALLS_KEPT = 5;
/** A phone may have rung each time, and nobody is at fault who could be tried out. */
const MOST_FAULTS = 5;

export interface Wish {
  id: string;
  /** Who calls, a number of the account; and whom. */
  from: string;
  to: string;
  priority: number;
  skills: string[];
  /** The place in line. */
  joined_at: number;
  asked_in?: string;
  not_before?: number;
}

export type CallbackCall = Call & { callback: Callback };

export const isCallback = (call: Call): call is CallbackCall => call.callback !== undefined;

/** There is nobody to fetch: somebody is to be rung first. */
export const isToBeRung = (call: Call): call is CallbackCall =>
  isCallback(call) && call.callback.reached_at === undefined;

export function newCallback(
  { asked_in, not_before, ...wish }: Wish,
  queue: Queue,
  now: number,
): CallbackCall {
  const expires_at = expiryOf(queue, now);
  const asked = {
    ...(asked_in !== undefined && { asked_in }),
    ...(not_before !== undefined && { not_before }),
  };
  return {
    ...newCall({ ...wish, direction: 'outbound' }, now),
    ...wish,
    state: 'waiting',
    queue: queue.id,
    callback: { ...asked, requested_at: now, expires_at, tries: [] },
    deadline: expires_at,
  };
}

/**
 * Asked for once more by its caller, who is told to keep the place: all attempts are to come, and the place is the better
 * of the two, or the one in the other queue. A phone that rings right now rings on, and its failure counts for nothing.
 */
export function renewed(call: CallbackCall, wish: Wish, queue: Queue, now: number): CallbackCall {
  const { expires_at } = newCallback(wish, queue, now).callback;
  const {
    not_before: _,
    readmits_at: __,
    called_in: ___,
    faults: ____,
    ...rest
  } = withCall(call, wish.asked_in).callback;
  const callback = { ...rest, requested_at: now, expires_at, tries: [] };
  if (call.callback.reached_at !== undefined) return { ...call };
  if (call.state !== 'waiting') return { ...call, callback: { ...callback, excused: call.offers } };
  const { not_before, joined_at, priority, skills } = wish;
  const place =
    call.queue === queue.id
      ? { joined_at: Math.min(joined_at, call.joined_at), priority: Math.max(priority, call.priority) }
      : { queue: queue.id, joined_at, priority, skills };
  const later = { ...callback, ...(not_before !== undefined && { not_before }) };
  return { ...call, ...place, callback: later, deadline: expires_at };
}

/** A call of its caller's has begun. */
export function withCall(call: CallbackCall, id: string | undefined): CallbackCall {
  const { calls = [], asked_in } = call.callback;
  if (id === undefined || id === asked_in || calls.includes(id)) return call;
  return { ...call, callback: { ...call.callback, calls: [...calls, id].slice(-CALLS_KEPT) } };
}

/** Whoever is on the line has asked for it; in a flow they stay there, out of the queue they go. */
export function leaveForCallback(
  { call, agents }: Held,
  { id, number, status }: { id: string; number: string; status: 'requested' | 'known' },
  now: number,
): Held {
  const asked = { ...call, callback_id: id };
  if (!inLine(call)) return { call: asked, agents };
  if (isAway(call, 'queue_left')) {
    const variables = callbackResults(status, id, number);
    return backInFlow({ call: asked, agents }, { type: 'queue_left', result: 'callback', variables }, now);
  }
  return { call: { ...end(asked, now), outcome: 'callback', left: 'callback' }, agents };
}

/** A caller who was called back, and is on the line again, would rather be called later: back to the same place. */
export function waitAgain({ call, agents }: Held, queue: Queue, now: number): Held {
  if (!isCallback(call) || call.state !== 'waiting') return { call, agents };
  const { carrier_id: _, cycle_began_at: __, ...rest } = call;
  const { reached_at: ___, leg: ____, ...callback } = call.callback;
  const later = { ...callback, not_before: now + queue.callback_retry_secs * 1000 };
  return { call: { ...rest, cycle: 0, excluded: [], callback: later, deadline: later.expires_at }, agents };
}

/** May be offered: it waits for nothing but an agent. Else it keeps its place and is passed over. */
export function isDue({ callback }: CallbackCall, queue: Queue, now: number): boolean {
  const { not_before = 0, expires_at } = callback;
  const isTime = not_before <= now && now < expires_at && isOpenAt(queue, now);
  return isTime && whyNoMore(callback, queue) === undefined;
}

/** The caller has been tried often enough. */
export function whyNoMore({ tries, faults = 0 }: Callback, queue: Queue): Unreached | undefined {
  if (faults >= MOST_FAULTS) return 'failed';
  return tries.length >= queue.callback_attempts ? tries.at(-1)?.result : undefined;
}

/** The callback as of `now`: agents who missed it some time ago are tried again. */
export function readmitted(call: CallbackCall, now: number): CallbackCall {
  const { readmits_at, ...callback } = call.callback;
  return readmits_at !== undefined && readmits_at <= now ? { ...call, callback, excluded: [] } : call;
}

/** It comes to nothing. */
export function giveUp({ call, agents }: Held, result: CallbackResult, now: number): Held {
  if (!isToBeRung(call) || call.state !== 'waiting') return { call, agents };
  return { call: { ...end(call, now), outcome: 'failed', callback: { ...call.callback, result } }, agents };
}

/** The caller talks to an agent in another call. @param since when */
export function calledIn({ call, agents }: Held, since: number, now: number): Held {
  if (!isToBeRung(call) || call.state === 'ended' || call.callback.requested_at > since)
    return { call, agents };
  if (call.state === 'waiting') return giveUp({ call, agents }, 'called_in', now);
  return { call: { ...call, callback: { ...call.callback, called_in: true } }, agents };
}

/** What has become of it; undefined while it goes on. */
export function resultOf({ outcome, callback }: CallbackCall): CallbackResult | undefined {
  if (outcome === undefined) return undefined;
  return callback.result ?? BY_OUTCOME[outcome] ?? 'caller_left';
}

const BY_OUTCOME: Partial<Record<Outcome, CallbackResult>> = {
  connected: 'reached',
  voicemail: 'voicemail',
  overflow: 'overflow',
  callback: 'moved',
};

/** How often the caller was tried, whatever came of it. */
export const attemptsOf = ({ tries, faults = 0, reached_at }: Callback): number =>
  tries.length + faults + (reached_at === undefined ? 0 : 1);
