/**
 * Requests to the model. A turn asks once, again after its tools, and once more if the model had nothing to say; a
 * turn without an answer ends in an apology, a second one in a row brings people in.
 */
import type { Entry, Reply, ToolEntry, Utterance } from './conversation.ts';
import { fail } from './leaving.ts';
import { messages } from './messages.ts';
import type { Moment } from './moment.ts';
import { openReply, speak } from './reply.ts';
import { toolsOf } from './tools.ts';
import { fill, pieces } from './wording.ts';

const MAX_REQUESTS = 5;
/** Turns in a row without an answer before people take over. */
const MAX_FAILURES = 2;

/** Answers the caller. @param utterance what they have just said */
export function think(moment: Moment, utterance?: Utterance): void {
  const { talk, now } = moment;
  const reply = openReply(moment, 'reply');
  const { last_word_at, final_at } = utterance ?? {};
  if (last_word_at !== undefined) reply.caller_ended_at = last_word_at;
  if (last_word_at !== undefined && final_at !== undefined)
    reply.latency = { endpointing_ms: Math.max(0, final_at - last_word_at), patience_ms: now - final_at };
  talk.phase = 'thinking';
  ask(moment, reply);
}

/** As often as a turn allows; then the assistant has no answer. */
export function ask(moment: Moment, reply: Reply): void {
  if (reply.requests < MAX_REQUESTS) request(moment, reply);
  else apologise(moment, reply);
}

function request(moment: Moment, reply: Reply): void {
  const { talk, settings, now, commands } = moment;
  reply.requests += 1;
  reply.called = 0;
  reply.open = true;
  reply.requested_at = now;
  reply.progress_at = now;
  commands.push({
    do: 'generate',
    turn: reply.turn,
    messages: messages(talk, settings, now),
    tools: toolsOf(settings, talk),
  });
}

/** Asks again once every tool that was called has answered. */
export function askAfterTools(moment: Moment, reply: Reply): void {
  if (!awaited(moment.talk.entries).some(({ turn }) => turn === reply.turn)) ask(moment, reply);
}

/** The model has come to an end without a word in this turn. */
export function nothingSaid(moment: Moment, reply: Reply): void {
  const again = !reply.empty;
  reply.empty = true;
  if (again) ask(moment, reply);
  else apologise(moment, reply);
}

export const awaited = (entries: Entry[]): ToolEntry[] =>
  entries.filter(entry => entry.who === 'tool').filter(entry => entry.ended_at === undefined);

function apologise(moment: Moment, reply: Reply): void {
  const { talk, settings } = moment;
  reply.called = 0;
  talk.failures += 1;
  reply.kind = 'apology';
  if (talk.failures >= MAX_FAILURES) fail(moment, 'model: no answer, twice in a row');
  else for (const piece of pieces(fill(settings.apology, talk))) speak(moment, reply, piece);
}
