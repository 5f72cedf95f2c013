/**
 * A call with an assistant, from its arrival to the queue or the end. Pure; a move that does not fit the call's state
 * changes nothing. Where the call goes is decided by the first departure that is noted.
 */
import type { Queue } from '../queue/queue.ts';
import type { Conversation, Departure } from '../voice/conversation.ts';
import type { Call, Conversed } from './call.ts';
import * as deadlines from './deadlines.ts';
import { type Arrival, end, type Held, newCall } from './transitions.ts';

export function arriveAssisted(arrival: Arrival, assistant: string, now: number): Call {
  return {
    ...newCall(arrival, now),
    state: 'assisted',
    assistant,
    began_at: now,
    deadline: deadlines.talk(now),
  };
}

/** The first audio has left for the caller. */
export function noteAnswered({ call, agents }: Held, now: number): Held {
  if (call.state !== 'assisted' || call.assisted_at !== undefined) return { call, agents };
  return { call: { ...call, assisted_at: now }, agents };
}

/** Where the call goes when the carrier comes to `/assistant-done`. */
export function noteDeparture({ call, agents }: Held, departure: Departure): Held {
  if (call.state !== 'assisted' || call.departure) return { call, agents };
  return { call: { ...call, departure }, agents };
}

/**
 * To people: from here the call's place in line and its wait count. The caller comes by `/queue-try-agent`, where the
 * queue's limits are looked at.
 */
export function joinQueue({ call, agents }: Held, queue: Queue, now: number): Held {
  if (call.state !== 'assisted' && call.state !== 'dialing') return { call, agents };
  const asked = call.departure?.to === 'queue' && 'priority' in call.departure ? call.departure.priority : 0;
  return {
    call: {
      ...call,
      state: 'greeting',
      queue: queue.id,
      priority: Math.max(queue.priority, asked ?? 0),
      joined_at: now,
      deadline: deadlines.greeting(now),
    },
    agents,
  };
}

/** The assistant has said goodbye. */
export function sayGoodbye({ call, agents }: Held, now: number): Held {
  if (call.state !== 'assisted') return { call, agents };
  const outcome = call.assisted_at === undefined ? 'abandoned' : 'connected';
  return { call: { ...end(call, now), outcome }, agents };
}

/** What the conversation has come to so far. A reply that calls tools may have several entries, and is one turn. */
export function totals({ usage, entries, interruptions }: Conversation): Conversed {
  const turns = entries.flatMap(entry =>
    entry.who === 'assistant' && entry.kind === 'reply' ? [entry.turn] : [],
  );
  return { ...usage, turns: new Set(turns).size, interruptions };
}

/** What the conversation came to, known when it is over, and perhaps only after the call has ended. */
export function summarise({ call, agents }: Held, ai: Conversed): Held {
  return { call: { ...call, ai }, agents };
}
