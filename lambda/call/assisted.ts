/**
 * A call with an assistant, from its arrival to the queue, back to its flow, or the end. Pure; a move that does not fit
 * the call's state changes nothing. Where the call goes is decided by the first departure that is noted. A flow may send
 * its caller to assistants again and again: `departure` is of the latest conversation, `assisted_at` of the first one in
 * which the caller heard something, and `ai` is the sum of all.
 */
import type { Queue } from '../queue/queue.ts';
import type { Conversation, Departure } from '../voice/conversation.ts';
import { backToFlow } from '../voice/outcomes.ts';
import type { Call, Conversed } from './call.ts';
import * as deadlines from './deadlines.ts';
import { end } from './end.ts';
import { backInFlow, isAway } from './in-flow.ts';
import { type Arrival, type Held, newCall } from './transitions.ts';

export function arriveAssisted(arrival: Arrival, assistant: string, now: number): Call {
  return {
    ...newCall(arrival, now),
    state: 'assisted',
    assistant,
    began_at: now,
    deadline: deadlines.talk(now),
  };
}

/** Which conversation of the call the caller is in, or was in last. */
export const talkOf = ({ talk }: Pick<Call, 'talk'>): number => talk?.n ?? 1;

export const isInTalk = (call: Pick<Call, 'state' | 'talk'>, n: number): boolean =>
  call.state === 'assisted' && talkOf(call) === n;

/** The first audio has left for the caller. */
export function noteAnswered({ call, agents }: Held, now: number): Held {
  if (call.state !== 'assisted' || call.assisted_at !== undefined) return { call, agents };
  return { call: { ...call, assisted_at: now }, agents };
}

/** Where the call goes when the carrier comes to `/assistant-done`. @param n of the conversation that is over */
export function noteDeparture({ call, agents }: Held, departure: Departure, n = 1): Held {
  if (!isInTalk(call, n) || call.departure) return { call, agents };
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

/** The flow's own variables are nobody else's to set. */
const OWN = 'voipbin.';

/** Back in the flow, which is told how the conversation ended. @param learnt variables that the assistant has set */
export function returnToFlow(
  held: Held,
  departure: Departure,
  learnt: Record<string, string>,
  now: number,
): Held {
  if (held.call.state !== 'assisted' || !isAway(held.call, 'conversed')) return held;
  const back = backToFlow(departure);
  const left = noteDeparture(held, back, talkOf(held.call));
  const variables = Object.fromEntries(Object.entries(learnt).filter(([name]) => !name.startsWith(OWN)));
  return backInFlow(left, { type: 'conversed', status: back.status, variables }, now);
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

/** What the conversations so far came to, known when one is over, and perhaps only after the call has ended. */
export function summarise({ call, agents }: Held, conversations: Conversation[]): Held {
  return { call: { ...call, ai: totalsOf(conversations) }, agents };
}

const NOTHING: Conversed = {
  stt_secs: 0,
  llm_input_tokens: 0,
  llm_output_tokens: 0,
  tts_chars: 0,
  turns: 0,
  interruptions: 0,
};

export function totalsOf(conversations: Conversation[]): Conversed {
  const all = conversations.map(totals);
  const names = Object.keys(NOTHING) as (keyof Conversed)[];
  const sum = (name: keyof Conversed) => all.reduce((total, one) => total + one[name], 0);
  return Object.fromEntries(names.map(name => [name, sum(name)])) as unknown as Conversed;
}
