/**
 * A new session goes on where another one handed over or died. In a quiet moment nothing is said; what was under way
 * is taken up again, and nothing that has effects elsewhere is done twice.
 */
import type { Assistant } from './assistant.ts';
import type { Conversation, Piece, Stepped } from './conversation.ts';
import { depart, failed } from './leaving.ts';
import { momentOf } from './moment.ts';
import { STREAM_LOST } from './stream.ts';
import { takeUp } from './take-up.ts';
import { settled } from './timers.ts';
import { answerAll } from './tool-calls.ts';

const LOST = 'unknown: the tool was called, but its answer was lost';

/** When the carrier had played a piece to its end. */
interface Played {
  name: string;
  at: number;
}

/** @param played what the carrier said to have played since the conversation was stored */
export function resume(
  conversation: Conversation,
  settings: Assistant,
  now: number,
  played: Played[] = [],
): Stepped {
  const moment = momentOf(conversation, settings, now);
  const { talk, commands } = moment;
  if (talk.phase === 'over') {
    // Before, a conversation could be over with nowhere to go.
    const departure = talk.departure ?? failed(settings, STREAM_LOST);
    return { conversation: { ...talk, departure }, commands: [{ do: 'depart', departure }] };
  }
  forgetUncertain(talk, now, played);
  answerAll(moment, LOST);
  if (talk.phase === 'leaving' && talk.departure) depart(moment, talk.departure);
  else if (talk.phase !== 'opening' && talk.reply) {
    if (conversation.reply?.pieces.some(hasStarted)) commands.push({ do: 'clear' });
    talk.phase = 'listening';
    talk.quiet_since = now;
    takeUp(moment, now);
    commands.push({ do: 'persist' });
  }
  return settled(moment);
}

/**
 * The interim that the next transcript repeats, for which an unfinished turn waits, and pieces of which nobody knows
 * how much was posted.
 */
function forgetUncertain(talk: Conversation, now: number, played: Played[]): void {
  if (talk.utterance) talk.utterance = { ...talk.utterance, interim: '', updated_at: now };
  if (talk.utterance?.finals.length === 0) delete talk.utterance;
  for (const piece of talk.reply?.pieces ?? []) {
    const known = played.find(({ name }) => name === piece.name);
    if (known) piece.played_at ??= known.at;
    else if (piece.played_at === undefined && piece.sent_at === undefined) delete piece.started_at;
  }
}

const hasStarted = (piece: Piece) => piece.started_at !== undefined;
