/**
 * The stream comes, goes and comes again: the same call, another socket. While there is none, nothing is heard and
 * nothing counts as heard; what was under way is taken up again when the caller is back.
 */
import { depart, fail } from './leaving.ts';
import type { Moment, Timer } from './moment.ts';
import { say } from './playing.ts';
import { noteHeard } from './reply.ts';
import { takeUp } from './take-up.ts';

/** Until the carrier's first stream, and until it comes back. */
const FIRST_MS = 60_000;
const RETURN_MS = 10_000;
/** Why the assistant gave up. */
export const STREAM_LOST = 'stream_lost';

export function streamOpened(moment: Moment): void {
  const { talk, now, commands } = moment;
  if (talk.phase === 'leaving') departNow(moment);
  if (talk.phase === 'over') return;
  const lost_at = talk.streamless_since ?? now;
  const first = talk.began_at === undefined;
  if (talk.reply && talk.phase !== 'opening') commands.push({ do: 'abort' });
  delete talk.streamless_since;
  talk.began_at ??= now;
  talk.phase = 'listening';
  talk.quiet_since = now;
  if (first) greet(moment);
  else takeUp(moment, lost_at);
  commands.push({ do: 'persist' });
}

export function streamClosed(moment: Moment): void {
  const { talk, now, commands } = moment;
  if (talk.phase === 'leaving') departNow(moment);
  if (talk.phase === 'over' || talk.phase === 'opening') return;
  if (talk.reply) commands.push({ do: 'abort' });
  noteHeard(moment, now);
  talk.phase = 'opening';
  talk.streamless_since = now;
  commands.push({ do: 'persist' });
}

/** People take over a caller who is still there; where the caller has hung up, the call is over in any case. */
export const streamGone: Timer = {
  due: ({ phase, began_at, streamless_since }) =>
    phase === 'opening' && streamless_since !== undefined
      ? streamless_since + (began_at === undefined ? FIRST_MS : RETURN_MS)
      : undefined,
  act: moment => fail(moment, STREAM_LOST),
};

function greet(moment: Moment): void {
  const { greeting } = moment.settings;
  if (greeting.trim() !== '') say(moment, 'greeting', greeting);
}

/** The last words are not worth a wait. */
function departNow(moment: Moment): void {
  if (moment.talk.departure) depart(moment, moment.talk.departure);
}
