/**
 * A reply that was torn off, by the stream or by the death of a session, goes on as a turn of its own: from the
 * sentence in which it was torn, unless that was nearly over. If the model had more to say it is asked again, and
 * knows what was heard.
 */
import { ask } from './asking.ts';
import type { Piece } from './conversation.ts';
import type { Moment } from './moment.ts';
import { closeReply, isUnfinished, openReply, speak } from './reply.ts';
import { heardOf, type Pace } from './timeline.ts';

/** Share of a sentence after which it is not said again. */
const NEARLY = 0.8;

/** @param torn_at until when the caller could hear */
export function takeUp(moment: Moment, torn_at: number): void {
  const { talk } = moment;
  const torn = talk.reply;
  if (!torn) return;
  const unfinished = isUnfinished(torn);
  const rest = unfinished ? [] : unheard(torn.pieces, talk.spoken, torn_at);
  // What is said again counts when it is heard then.
  torn.pieces = torn.pieces.filter(piece => !rest.includes(piece));
  closeReply(moment, torn_at);
  const words = rest.filter(piece => !piece.filler);
  if (!unfinished && words.length === 0) return;
  const reply = openReply(moment, torn.kind);
  talk.phase = unfinished ? 'thinking' : 'speaking';
  if (unfinished) ask(moment, reply);
  else for (const { text } of words) speak(moment, reply, text);
}

/** From the first piece on that was not nearly heard to its end. */
function unheard(pieces: Piece[], pace: Pace, torn_at: number): Piece[] {
  const heard = heardOf(pieces, pace, torn_at);
  const first = pieces.findIndex(({ text }, at) => (heard[at] ?? '').length < NEARLY * text.length);
  return first === -1 ? [] : pieces.slice(first);
}
