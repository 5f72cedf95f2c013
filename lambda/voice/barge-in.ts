/**
 * The caller takes the turn. While the assistant speaks, it falls silent at the first words that are no back-channel
 * and what was heard is fixed in that moment; while it thinks, the words belong to the same question.
 */
import { isBackChannel, isParting, wordsOf } from './back-channel.ts';
import { canStay } from './leaving.ts';
import type { Moment } from './moment.ts';
import { closeReply } from './reply.ts';

/** Do the words so far take the turn? */
export function takesTurn(moment: Moment, text: string): boolean {
  const { talk, settings } = moment;
  const { speaking, thinking, min_words, back_channel } = settings.interruption;
  const words = wordsOf(text).length;
  if (words === 0) return false;
  if (talk.phase === 'thinking') return thinking === 'words' && !isBackChannel(text, back_channel);
  if (talk.phase === 'leaving')
    return canStay(moment) && !(isFarewell(talk) && isParting(text, back_channel));
  if (talk.phase !== 'speaking' || speaking === 'off') return false;
  return speaking === 'speech' || (words >= min_words && !isBackChannel(text, back_channel));
}

/** The caller's own goodbye does not take a goodbye back; somebody who was thought to be gone says anything. */
const isFarewell = ({ departure }: Moment['talk']) => departure?.reason === 'done';

/** A sound of speech, where that is enough. */
export function hearSpeech(moment: Moment): void {
  const { phase, utterance } = moment.talk;
  if (phase === 'speaking' && moment.settings.interruption.speaking === 'speech') cutOff(moment);
  if (!utterance) return;
  delete utterance.final_at;
  delete utterance.closed;
  utterance.updated_at = moment.now;
}

/** Stops the reply under way where it is heard at this moment; the caller has the turn. */
export function cutOff(moment: Moment): void {
  const { talk, now, commands } = moment;
  const audible = talk.reply?.pieces.some(piece => piece.started_at !== undefined) ?? false;
  commands.push({ do: 'abort' });
  if (audible) commands.push({ do: 'clear' });
  if (audible) talk.interruptions += 1;
  closeReply(moment, now);
  delete talk.departure;
  talk.phase = 'listening';
  talk.quiet_since = now;
  commands.push({ do: 'persist' });
}
