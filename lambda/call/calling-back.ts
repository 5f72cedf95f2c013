/**
 * One attempt at a callback, from the offer to the talk. Pure; a move that does not fit the attempt in hand changes
 * nothing, so word that comes twice, late or of an older attempt ends here.
 *
 *   waiting ─offerCallback─▶ offered: the agent's phone rings ─agentAnswered─▶ the caller's phone rings ─connectCallback─▶ connected
 *                                   │ legRefused, legOver (agent)                    │ callerUnreached: an attempt is used
 *                            or: the caller's phone rings ─callerAnswered─▶ offered, a caller on the line like any other
 *
 * Whatever fails leads back to the line, at the same place, or to the end when the caller has been tried often enough.
 */
import type { Agent } from '../queue/agent.ts';
import type { Queue } from '../queue/queue.ts';
import type { Call, Missed } from './call.ts';
import { type CallbackCall, giveUp, isToBeRung, type Leg, type Unreached, whyNoMore } from './callback.ts';
import * as deadlines from './deadlines.ts';
import { end } from './end.ts';
import type { Refusal } from './outbound.ts';
import type { HangUp } from './outcome.ts';
import { connect, endRing, endTalk, expectWord, type Held, hangUp, offer, ring } from './transitions.ts';

/** Until the carrier is asked again that has refused. */
const REFUSED_MS = 60_000;
/** In which word of a talk may still come after the hang-up. */
const SETTLING_MS = 20_000;

/** The agent is reserved, and this call's phone is about to ring. */
export function offerCallback(call: CallbackCall, agents: Agent[], queue: Queue, now: number): Held {
  const rings = queue.callback_order === 'agent_first' ? 'agent' : 'caller';
  const held = offer(call, agents, queue, now, 'placed');
  const { not_before: _, ...callback } = call.callback;
  const leg = { offer: held.call.offers, rings } as const;
  const deadline =
    rings === 'agent' ? deadlines.ringing(queue, now) : deadlines.dialing(queue.callback_ring_secs, now);
  return expectWord({ ...held, call: { ...held.call, callback: { ...callback, leg } } }, deadline, now);
}

/** The leg of that offer, while it is the one in hand and leads to no talk yet. */
export function legOf(call: Call, offerId: number): Leg | undefined {
  if (!isToBeRung(call) || call.state !== 'offered') return undefined;
  const { leg } = call.callback;
  return leg?.offer === offerId ? leg : undefined;
}

/** The carrier has named the leg. */
export function legNamed({ call, agents }: Held, offerId: number, carrierId: string | undefined): Held {
  if (carrierId === undefined || call.carrier_id !== undefined || !legOf(call, offerId))
    return { call, agents };
  return { call: { ...call, carrier_id: carrierId }, agents };
}

/** No phone rings. A caller's number that the carrier does not take is an attempt; else it is nobody's doing. */
export function legRefused(held: Held, offerId: number, refusal: Refusal, queue: Queue, now: number): Held {
  const leg = legOf(held.call, offerId);
  if (!leg) return held;
  const back =
    leg.rings === 'caller' && isFinal(refusal)
      ? callerUnreached(held, offerId, 'refused', queue, now)
      : backToLine(held, 'cancelled', REFUSED_MS, queue, now);
  const { callback } = back.call;
  return callback ? { ...back, call: { ...back.call, callback: { ...callback, refusal } } } : back;
}

/** About this call, not about the account (no credentials, credit, account, or too many calls). */
const isFinal = ({ status = 0 }: Refusal): boolean =>
  status >= 400 && status < 500 && ![401, 402, 404, 429].includes(status);

/** The agent is on the line: the caller is rung now. */
export function agentAnswered({ call, agents }: Held, offerId: number, queue: Queue, now: number): Held {
  const leg = legOf(call, offerId);
  if (!call.callback || leg?.rings !== 'agent') return { call, agents };
  const answered = { ...call, callback: { ...call.callback, leg: { ...leg, answered_at: now } } };
  return expectWord({ call: answered, agents }, deadlines.dialing(queue.callback_ring_secs, now), now);
}

/** The caller is on the line, and the document of step `via` rings the agent, who is still reserved. */
export function callerAnswered(held: Held, offerId: number, queue: Queue, now: number, via: string): Held {
  const { call } = held;
  if (!call.callback || legOf(call, offerId)?.rings !== 'caller') return held;
  const callback = { ...call.callback, reached_at: now };
  return ring({ ...held, call: { ...call, callback } }, queue, now, via);
}

/**
 * Agent and caller talk.
 * @param when the moment of answer, where it is known
 */
export function connectCallback(held: Held, offerId: number, when?: number): Held {
  const { call } = held;
  if (!call.callback || legOf(call, offerId)?.answered_at === undefined) return held;
  const { call: talking, agents } = connect(held, call.offer?.agents[0], when);
  const reached_at = talking.connected_at ?? call.callback.requested_at;
  return { call: { ...talking, callback: { ...call.callback, reached_at } }, agents };
}

/** The caller could not be had: an attempt is used, and the agent is free at once. */
export function callerUnreached(
  held: Held,
  offerId: number,
  how: Unreached,
  queue: Queue,
  now: number,
): Held {
  const { call } = held;
  if (!call.callback || !legOf(call, offerId)) return held;
  const tried = withTry(held, offerId, how, now);
  const back = backToLine(tried, 'cancelled', queue.callback_retry_secs * 1000, queue, now);
  return isSpent(back, queue) ? giveUp(back, how, now) : back;
}

function withTry(held: Held, offerId: number, result: Unreached, now: number): Held {
  const { call } = held;
  if (!call.callback || call.callback.excused === offerId) return held;
  const tries = [...call.callback.tries, { at: now, result }];
  return { ...held, call: { ...call, callback: { ...call.callback, tries } } };
}

const isSpent = ({ call: { callback } }: Held, queue: Queue): boolean =>
  callback !== undefined && whyNoMore(callback, queue) !== undefined;

/**
 * The agent has hung up while the caller's phone rang, or so it seems: that phone has rung for nothing. Word of a talk may
 * still come, so the last attempt is the end only after a moment.
 */
export function agentLeft(held: Held, offerId: number, queue: Queue, now: number): Held {
  if (legOf(held.call, offerId)?.answered_at === undefined) return held;
  const tried = withTry(held, offerId, 'agent_left', now);
  const back = backToLine(tried, 'no_answer', queue.callback_retry_secs * 1000, queue, now);
  const isLast = back.call.state === 'waiting' && isSpent(back, queue);
  return isLast ? { ...back, call: { ...back.call, deadline: now + SETTLING_MS } } : back;
}

/** The carrier could not, or our document: the caller's phone may have rung, but it is not their attempt. */
export function attemptBroken(held: Held, offerId: number, queue: Queue, now: number): Held {
  const { call } = held;
  if (!call.callback || !legOf(call, offerId)) return held;
  const faults = (call.callback.faults ?? 0) + 1;
  const counted = { ...held, call: { ...call, callback: { ...call.callback, faults } } };
  const back = backToLine(counted, 'cancelled', queue.callback_retry_secs * 1000, queue, now);
  return isSpent(back, queue) ? giveUp(back, 'failed', now) : back;
}

/** The carrier says that the leg is gone. */
export function legOver(held: Held, offerId: number, news: HangUp, queue: Queue, now: number): Held {
  const { callback } = held.call;
  if (callback?.leg?.offer === offerId && callback.reached_at !== undefined)
    return hangUp(held, news, queue, now);
  const leg = legOf(held.call, offerId);
  if (!leg) return held;
  if (leg.rings === 'caller')
    return news.broken
      ? attemptBroken(held, offerId, queue, now)
      : callerUnreached(held, offerId, news.result ?? 'failed', queue, now);
  if (leg.answered_at !== undefined) return agentLeft(held, offerId, queue, now);
  return news.broken
    ? backToLine(held, 'cancelled', REFUSED_MS, queue, now)
    : backToLine(held, MISSED[news.result ?? 'failed'], 0, queue, now);
}

/** The same by the carrier's name for the leg: a callback has one after the other. */
export function hungUpCallback(
  held: Held,
  carrierId: string | undefined,
  news: HangUp,
  queue: Queue,
  now: number,
): Held {
  const { carrier_id, callback } = held.call;
  if (!callback?.leg || carrier_id === undefined || carrier_id !== carrierId) return held;
  return legOver(held, callback.leg.offer, news, queue, now);
}

const MISSED: Record<Unreached, Missed> = {
  no_answer: 'no_answer',
  busy: 'busy',
  rejected: 'busy',
  machine: 'no_answer',
  refused: 'failed',
  agent_left: 'no_answer',
  failed: 'failed',
};

/** Agent and caller have talked; if the word of the answer was lost, or comes after the hang-up, this is its proof. */
export function talkOver(held: Held, offerId: number, queue: Queue, now: number): Held {
  if (held.call.callback?.leg?.offer !== offerId) return proveReached(held, offerId, queue, now);
  return endTalk(connectCallback(held, offerId), queue, now);
}

/** Of an older attempt. A phone that rings for a newer one rings for nothing. */
function proveReached(held: Held, offerId: number, queue: Queue, now: number): Held {
  if (!isToBeRung(held.call) || held.call.state === 'ended') return held;
  const { call, agents } = endRing(held, 'cancelled', queue, now);
  const rung = call.rings.find(({ offer }) => offer === offerId);
  if (!isToBeRung(call) || !rung) return held;
  const proven = { outcome: 'connected', connected_at: rung.at, connected_at_inferred: true } as const;
  return {
    call: {
      ...end(call, now),
      ...proven,
      ...(rung.agents[0] !== undefined && { agent: rung.agents[0] }),
      rings: call.rings.map(one => (one === rung ? { ...rung, result: 'connected' } : one)),
      callback: { ...call.callback, reached_at: rung.at },
    },
    agents,
  };
}

/** Nothing more was heard of the leg, and it is gone. A phone of the caller's may have rung. */
export function legLost(held: Held, queue: Queue, now: number): Held {
  const { call } = held;
  if (!call.callback?.leg || !legOf(call, call.callback.leg.offer)) return held;
  const { offer: offerId, rings } = call.callback.leg;
  return rings === 'caller' && call.carrier_id !== undefined
    ? callerUnreached(held, offerId, 'no_answer', queue, now)
    : backToLine(held, 'cancelled', REFUSED_MS, queue, now);
}

/** At the same place, passed over for `pauseMs`; the agents of this attempt for as long as a hold cycle lasts. */
function backToLine(held: Held, how: Missed | 'cancelled', pauseMs: number, queue: Queue, now: number): Held {
  const { call: back, agents } = endRing(held, how, queue, now);
  if (!back.callback) return held;
  const { carrier_id: _, ...call } = back;
  const { leg: __, ...callback } = back.callback;
  const readmits_at = now + queue.hold_wait_secs * 1000;
  const pause = pauseMs > 0 ? { not_before: now + pauseMs } : {};
  const waiting = {
    call: { ...call, callback: { ...callback, ...pause, readmits_at }, deadline: callback.expires_at },
    agents,
  };
  return callback.called_in ? giveUp(waiting, 'called_in', now) : waiting;
}
