/**
 * The life of a queued call as a table of moves (before the queue: `assisted.ts`, `outbound.ts`, `flow-call.ts`). Pure: each move takes the call with the agents that it holds
 * and gives both as they shall be stored, together, in one transaction.
 *
 *   greeting ─beginWaiting─▶ waiting ⇄ offered ─connect─▶ connected ─endTalk─▶ ended
 *       │                    │         │ (miss, offer expired: back to waiting, same place)
 *       └──────leave─────────┴─▶ voicemail ─hangUp─▶ ended          any ─hangUp─▶ ended
 *
 * A move that does not fit the call's state changes nothing: repeated, late and reordered webhooks end there.
 */
import type { Agent } from '../queue/agent.ts';
import { finish, miss, occupy, release, reserve } from '../queue/agent-states.ts';
import type { Queue } from '../queue/queue.ts';
import type { Call, Direction, LeaveReason, Missed, Ring } from './call.ts';
import * as deadlines from './deadlines.ts';
import { end, endAs } from './end.ts';
import { backInFlow, isAway } from './in-flow.ts';
import { dialAfter, type HangUp, outcomeOf } from './outcome.ts';

/** A call and the agents whose items name it. */
export interface Held {
  call: Call;
  agents: Agent[];
  /** A callback that begins with this move. */
  born?: Call;
  /** One that is open and changes with this move. */
  renewed?: { before: Call; after: Call };
}

export interface Arrival {
  id: string;
  from: string;
  to: string;
  direction: Direction;
}

const RINGS_KEPT = 20;

export function arrive(arrival: Arrival, queue: Queue, now: number): Call {
  return {
    ...newCall(arrival, now),
    state: 'greeting',
    queue: queue.id,
    priority: queue.priority,
    deadline: deadlines.greeting(now),
  };
}

/** A call that is nowhere yet. */
export function newCall(arrival: Arrival, now: number): Omit<Call, 'state' | 'deadline'> {
  return {
    ...arrival,
    version: 0,
    queue: '',
    priority: 0,
    skills: [],
    joined_at: now,
    cycle: 0,
    step: 0,
    replies: {},
    offers: 0,
    rings: [],
    excluded: [],
  };
}

/** The greeting is over: from now on the caller can be fetched for an agent at any moment. */
export function beginWaiting({ call, agents }: Held, queue: Queue, now: number): Held {
  if (call.state !== 'greeting') return { call, agents };
  return { call: { ...call, state: 'waiting', deadline: deadlines.cycle(queue, now) }, agents };
}

/**
 * Reserve `agents` for the call. With `via`, the step whose document is being written right now, they ring at
 * once; without, the caller is still to be fetched from the music, at the latest when the cycle ends.
 */
export function offer(call: Call, agents: Agent[], queue: Queue, now: number, via?: string): Held {
  const deadline = deadlines.ringing(queue, now);
  const expires_at = via === undefined ? deadlines.fetched(queue, now) : deadlines.rung(deadline);
  const reserved = agents.map(agent => reserve(agent, call.id, expires_at, now));
  const dialing = via === undefined ? {} : { via, dialed_at: now };
  return {
    call: {
      ...call,
      state: 'offered',
      offers: call.offers + 1,
      offer: {
        id: call.offers + 1,
        agents: agents.map(agent => agent.number),
        offered_at: now,
        expires_at,
        ...dialing,
      },
      // Reserving an agent is no sign of life: a caller still on hold must come when the cycle ends, as before.
      ...(via !== undefined && { deadline }),
    },
    agents: reserved,
  };
}

/** The caller is here and the document of step `via` rings the reserved agents. */
export function ring({ call, agents }: Held, queue: Queue, now: number, via: string): Held {
  if (call.state !== 'offered' || !call.offer) return { call, agents };
  const offer = { ...call.offer, via, dialed_at: now };
  return expectWord({ call: { ...call, offer }, agents }, deadlines.ringing(queue, now), now);
}

/**
 * The carrier says that the call lives, or is about to say more: what it holds is kept until after `deadline`. A
 * reservation that is over by the clock stays over.
 */
export function expectWord({ call, agents }: Held, deadline: number, now: number): Held {
  if (!call.offer || call.offer.expires_at <= now) return { call: { ...call, deadline }, agents };
  const expires_at = deadlines.rung(deadline);
  return {
    call: { ...call, deadline, offer: { ...call.offer, expires_at } },
    agents: agents.map(agent => ({ ...agent, until: expires_at })),
  };
}

/**
 * One agent has answered; the others of a ring-all set are free again. Waiting ends here.
 * @param number undefined where only the end of the talk was heard of, and nobody says who of a set it was
 * @param when the moment of answer; where its word was lost, the start of the ring stands in for it
 */
export function connect({ call, agents }: Held, number: string | undefined, when?: number): Held {
  const known = number === undefined || call.offer?.agents.includes(number);
  if (call.state !== 'offered' || !call.offer || !known) return { call, agents };
  const at = when ?? call.offer.dialed_at ?? call.offer.offered_at;
  return {
    call: {
      ...closeOffer(call, 'connected'),
      state: 'connected',
      ...(number !== undefined && { agent: number }),
      connected_at: at,
      outcome: 'connected',
      deadline: deadlines.talk(at),
      ...(when === undefined && { connected_at_inferred: true }),
    },
    agents: agents.map(agent => (agent.number === number ? occupy(agent, call.id, at) : release(agent, at))),
  };
}

/**
 * The ring is over without an answer: the caller keeps the place, and these agents are not tried again before the
 * next cycle ends. A ring that was called off is no miss of theirs.
 */
export function endRing({ call, agents }: Held, how: Missed | 'cancelled', queue: Queue, now: number): Held {
  if (call.state !== 'offered' || !call.offer) return { call, agents };
  return {
    call: {
      ...backToLine(call, how, queue, now),
      excluded: [...new Set([...call.excluded, ...call.offer.agents])],
    },
    agents: agents.map(agent =>
      how === 'cancelled' ? release(agent, now) : miss(agent, queue.missed_limit, now),
    ),
  };
}

/** The reservation ran out. Nothing was heard of the caller either, whose own deadline stays. */
export function expireOffer({ call, agents }: Held, queue: Queue, now: number): Held {
  if (call.state !== 'offered') return { call, agents };
  return {
    call: { ...backToLine(call, 'expired', queue, now), deadline: call.deadline },
    agents: agents.map(agent => release(agent, now)),
  };
}

/** The conversation is over; the agent wraps up, and the caller is back in the flow or done. */
export function endTalk({ call, agents }: Held, queue: Queue, now: number): Held {
  if (call.state !== 'connected') return { call, agents };
  const free = wrapUp({ call, agents }, queue, now);
  if (!isAway(call, 'queue_left')) return { call: end(call, now), agents: free };
  return backInFlow({ call, agents: free }, { type: 'queue_left', result: 'connected' }, now);
}

function wrapUp({ call, agents }: Held, queue: Queue, now: number): Agent[] {
  const talked = now - (call.connected_at ?? now);
  return agents.map(agent =>
    agent.number === call.agent ? finish(agent, talked, queue.wrap_up_secs * 1000, now) : agent,
  );
}

/**
 * Out of the line: to voicemail where the queue has it, else back to the flow or turned away. An offer in hand is not
 * given up.
 */
export function leave({ call, agents }: Held, why: LeaveReason, queue: Queue, now: number): Held {
  if (call.state !== 'waiting' && call.state !== 'greeting') return { call, agents };
  if (!queue.voicemail || (why === 'queue_full' && queue.on_full === 'turn_away')) {
    const result = why === 'key' ? 'left' : 'overflow';
    if (isAway(call, 'queue_left')) return backInFlow({ call, agents }, { type: 'queue_left', result }, now);
    return { call: { ...end(call, now), outcome: 'overflow', left: why }, agents };
  }
  const deadline = deadlines.voicemail(queue, now);
  return { call: { ...call, state: 'voicemail', left: why, deadline }, agents };
}

/** The caller's leg is gone. */
export function hangUp(held: Held, news: HangUp, queue: Queue, now: number): Held {
  const { call, agents } = held;
  if (call.state === 'ended') return held;
  const because = news.cause === undefined ? {} : { hangup_cause: news.cause };
  if (call.state === 'connected')
    return { call: { ...endAs(call, 'connected', now), ...because }, agents: wrapUp(held, queue, now) };
  const closed = call.offer ? closeOffer(call, 'hung_up') : call;
  const over = endAs({ ...closed, ...dialAfter(call, news) }, outcomeOf(call, news), now);
  const lost = over.outcome === 'abandoned' ? { abandoned_while: call.state } : {};
  return {
    call: { ...over, ...lost, ...because },
    agents: agents.map(agent => release(agent, now)),
  };
}

/**
 * The reservation ran out before the caller came for it. One that has rung is another matter: the caller may well
 * be talking, and only the word of it was lost; to offer or fetch that caller again would cut the conversation.
 */
export const hasLapsed = ({ offer }: Call, now: number): boolean =>
  offer !== undefined && offer.via === undefined && offer.expires_at <= now;

/** A transfer is on its way to the caller. To ring now would make the agent's phone ring twice. */
export const isBeingFetched = ({ offer }: Call, now: number): boolean =>
  offer !== undefined &&
  offer.via === undefined &&
  !offer.fetch_failed &&
  now < deadlines.fetching(offer.offered_at);

/** No transfer will bring the caller to this offer. */
export function fetchFailed({ call, agents }: Held, offerId: number): Held {
  if (call.offer?.id !== offerId || call.offer.via !== undefined) return { call, agents };
  return { call: { ...call, offer: { ...call.offer, fetch_failed: true } }, agents };
}

/** In the line, from the greeting on, and so counted by those who wait behind. */
export const inLine = ({ state }: Call): boolean =>
  state === 'greeting' || state === 'waiting' || state === 'offered';

function backToLine(call: Call, how: Ring['result'], queue: Queue, now: number): Call {
  return { ...closeOffer(call, how), state: 'waiting', deadline: deadlines.cycle(queue, now) };
}

function closeOffer(call: Call, result: Ring['result']): Call {
  const { offer: closed, ...rest } = call;
  if (!closed) return call;
  const past = { offer: closed.id, agents: closed.agents, at: closed.dialed_at ?? closed.offered_at, result };
  return { ...rest, rings: [...call.rings, past].slice(-RINGS_KEPT) };
}
