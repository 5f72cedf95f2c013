/**
 * A new session goes on where another one handed over or died. In a quiet moment nothing is said; what was under way
 * is taken up again, and nothing that has effects elsewhere is done twice.
 */
import type { Assistant } from './assistant.ts';
import type { Conversation, Stepped } from './conversation.ts';
import { depart } from './leaving.ts';
import { momentOf } from './moment.ts';
import { takeUp } from './take-up.ts';
import { settled } from './timers.ts';
import { answerAll } from './tool-calls.ts';

const LOST = 'unknown: the tool was called, but its answer was lost';

export function resume(conversation: Conversation, settings: Assistant, now: number): Stepped {
  const moment = momentOf(conversation, settings, now);
  const { talk, commands } = moment;
  if (talk.phase === 'over')
    return {
      conversation: talk,
      commands: talk.departure ? [{ do: 'depart', departure: talk.departure }] : [],
    };
  if (talk.utterance) talk.utterance.interim = '';
  if (talk.utterance?.finals.length === 0) delete talk.utterance;
  const pieces = talk.reply?.pieces ?? [];
  if (talk.phase !== 'opening' && pieces.some(piece => piece.started_at !== undefined))
    commands.push({ do: 'clear' });
  // How much of a piece had been posted is known only if all of it was: the rest is said again.
  for (const piece of pieces)
    if (piece.audio_ms === undefined && piece.played_at === undefined) delete piece.started_at;
  if (talk.phase === 'leaving' && talk.departure) depart(moment, talk.departure);
  else if (talk.phase !== 'opening' && talk.reply) {
    talk.phase = 'listening';
    talk.quiet_since = now;
    takeUp(moment, now);
  }
  answerAll(moment, LOST);
  return settled(moment);
}
