/**
 * The way out of the conversation. A departure that was decided calmly waits until the last words have been heard;
 * a failure does not wait. `depart` is commanded once, and then the conversation is over.
 */
import type { Assistant } from './assistant.ts';
import type { Conversation, Departure } from './conversation.ts';
import type { Moment } from './moment.ts';
import { backToFlow } from './outcomes.ts';
import { closeReply, openReply, speak } from './reply.ts';
import { timeline } from './timeline.ts';
import { connecting, fill, pieces } from './wording.ts';

/** Says the last words, then departs. */
export function leave(moment: Moment, departure: Departure): void {
  const { talk } = moment;
  talk.phase = 'leaving';
  talk.departure = wayOut(talk, departure);
  openReply(moment, 'farewell');
  sayLastWords(moment);
  moment.commands.push({ do: 'persist' });
}

/** In a flow it leads back there, whatever it is. */
export const wayOut = ({ outcomes }: Conversation, departure: Departure): Departure =>
  outcomes ? backToFlow(departure) : departure;

/** What is said before this departure, if the model has said nothing itself. A flow has words of its own. */
export function sayLastWords(moment: Moment): void {
  const { talk, settings } = moment;
  const { reply, departure } = talk;
  if (!reply || !departure || departure.to === 'flow') return;
  const words = departure.to === 'end' ? fill(settings.farewell, talk) : connecting(settings.language);
  for (const piece of pieces(words)) speak(moment, reply, piece);
}

/** The assistant cannot go on: what had been decided happens at once, else people take over. */
export function fail(moment: Moment, detail: string): void {
  const { talk, settings } = moment;
  depart(moment, talk.departure ?? failed(settings, detail));
}

export const failed = ({ queue }: Assistant, detail: string): Departure => ({
  to: 'queue',
  queue,
  reason: 'failed',
  detail,
});

export function depart(moment: Moment, departure: Departure): void {
  const { talk, now, commands } = moment;
  if (talk.phase === 'over') return;
  if (talk.reply && !isSaid(moment)) commands.push({ do: 'abort' });
  // Without a stream nothing has been heard since.
  closeReply(moment, talk.streamless_since ?? now);
  talk.phase = 'over';
  delete talk.utterance;
  talk.digits = [];
  talk.departure = wayOut(talk, departure);
  commands.push({ do: 'persist' }, { do: 'depart', departure: talk.departure });
}

/** A goodbye is taken back when the caller speaks on; a transfer is not. */
export function canStay({ talk }: Moment): boolean {
  return talk.departure?.reason === 'done' || talk.departure?.reason === 'silence';
}

function isSaid({ talk, now }: Moment): boolean {
  const last = timeline(talk.reply?.pieces ?? [], talk.spoken).at(-1);
  return !talk.reply?.open && (!last || last.ends <= now);
}
