/**
 * What the model says. Each sentence is spoken as soon as it is whole; the caller never waits in silence for a slow
 * model: first comes a filler, and in the end people.
 */
import { askAfterTools, nothingSaid } from './asking.ts';
import type { ConversationEvent, Reply } from './conversation.ts';
import { fail, sayLastWords } from './leaving.ts';
import type { Moment, Timer } from './moment.ts';
import { isUnfinished, replyOf, speak } from './reply.ts';
import { timeline } from './timeline.ts';
import { fill, pieces } from './wording.ts';

/** From a request to the first sentence, and between sentences. */
const MODEL_MS = 8000;

type Of<T extends ConversationEvent['type']> = Extract<ConversationEvent, { type: T }>;

export function firstToken(moment: Moment, { turn }: Of<'first_token'>): void {
  const reply = replyOf(moment, turn);
  if (reply?.open) reply.latency.first_token_ms ??= moment.now - reply.requested_at;
}

export function sentence(moment: Moment, { turn, text }: Of<'sentence'>): void {
  const reply = replyOf(moment, turn);
  if (!reply?.open || text.trim() === '') return;
  reply.progress_at = moment.now;
  reply.latency.first_sentence_ms ??= moment.now - reply.requested_at;
  moment.talk.failures = 0;
  speak(moment, reply, text.trim());
}

export function replyDone(moment: Moment, { turn, usage }: Of<'reply_done'>): void {
  const { talk } = moment;
  const reply = replyOf(moment, turn);
  if (!reply?.open) return;
  talk.usage.llm_input_tokens += usage?.input_tokens ?? 0;
  talk.usage.llm_output_tokens += usage?.output_tokens ?? 0;
  complete(moment, reply);
}

export function replyFailed(moment: Moment, { turn, reason }: Of<'reply_failed'>): void {
  if (replyOf(moment, turn)?.open) fail(moment, `model: ${reason}`);
}

/** The model says nothing for too long. */
export const modelLate: Timer = {
  due: ({ phase, reply }) => (reply?.open && phase !== 'opening' ? reply.progress_at + MODEL_MS : undefined),
  act: moment => {
    const { reply, phase } = moment.talk;
    if (reply && phase === 'leaving') complete(moment, reply);
    else fail(moment, 'model: too slow');
  },
};

/** Bridges a silence while the caller waits for an answer, once in a turn. */
export const filler: Timer = {
  due: ({ phase, reply, spoken }, settings) => {
    if (reply?.kind !== 'reply' || settings.filler === '') return undefined;
    if (phase !== 'thinking' && phase !== 'speaking') return undefined;
    if (!isUnfinished(reply) || reply.pieces.some(piece => piece.filler || piece.played_at === undefined))
      return undefined;
    const silent_since = timeline(reply.pieces, spoken).at(-1)?.ends ?? reply.decided_at;
    return silent_since + settings.filler_after_ms;
  },
  act: moment => {
    const { talk, settings } = moment;
    for (const piece of pieces(fill(settings.filler, talk)))
      if (talk.reply) speak(moment, talk.reply, piece, true);
  },
};

/** A request has ended. */
function complete(moment: Moment, reply: Reply): void {
  reply.open = false;
  if (moment.talk.phase === 'leaving') {
    if (!hasSpoken(reply)) sayLastWords(moment);
  } else if (reply.called > 0) askAfterTools(moment, reply);
  else if (!hasSpoken(reply)) nothingSaid(moment, reply);
}

const hasSpoken = (reply: Reply) => reply.pieces.some(piece => !piece.filler);
