/**
 * A reply that was torn off, by the stream or by the death of a session, goes on as a turn of its own: from the
 * sentence in which it was torn, unless that was nearly over. If the model had more to say it is asked again, and
 * knows what was heard.
 */
import { ask, awaited } from './asking.ts';
import { heardOf } from './heard.ts';
import type { Moment } from './moment.ts';
import { closeReply, openReply, speak } from './reply.ts';

/** Share of a sentence after which it is not said again. */
const NEARLY = 0.8;

/** @param torn_at until when the caller could hear */
export function takeUp(moment: Moment, torn_at: number): void {
  const { talk } = moment;
  const torn = talk.reply;
  if (!torn) return;
  const heard = heardOf(torn.pieces, talk.spoken, torn_at);
  const resumed = torn.pieces.findIndex((piece, at) => (heard[at] ?? '').length < NEARLY * piece.text.length);
  const rest = resumed === -1 ? [] : torn.pieces.splice(resumed);
  for (const piece of torn.pieces) piece.played_at ??= torn_at;
  const unfinished = torn.open || awaited(talk.entries).some(({ turn }) => turn === torn.turn);
  closeReply(moment, torn_at);

  const words = rest.filter(piece => !piece.filler);
  if (!unfinished && words.length === 0) return;
  const reply = openReply(moment, torn.kind);
  talk.phase = unfinished ? 'thinking' : 'speaking';
  if (unfinished) ask(moment, reply);
  else for (const { text } of words) speak(moment, reply, text);
}
