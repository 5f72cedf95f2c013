/**
 * Callbacks of which nothing was heard: one that has waited too long expires, an attempt whose leg is gone leads back
 * to the line, and the end of each is told to whoever wants to know.
 */
import { change } from '../app/change.ts';
import type { Context } from '../app/context.ts';
import { dispatch } from '../app/dispatch.ts';
import { type CallbackCall, type CallbackResult, giveUp, whyNoMore } from '../call/callback.ts';
import { legLost } from '../call/calling-back.ts';
import * as deadlines from '../call/deadlines.ts';
import { expectWord, type Held } from '../call/transitions.ts';
import { log } from '../platform/log.ts';
import type { Queue } from '../queue/queue.ts';
import type { Liveness } from '../vobiz/rest.ts';

/** How long a leg is believed in when the carrier cannot be asked. */
const BENEFIT_OF_DOUBT_MS = 10 * 60_000;

/** @param ask about a leg, by the carrier's own name for it */
export async function sweepCallback(
  context: Context,
  { id, state, deadline, carrier_id }: CallbackCall,
  ask: (id: string) => Promise<Liveness>,
): Promise<void> {
  if (state === 'ended') return context.start({ kind: 'callback', call: id });
  if (deadline > context.now()) return;
  const liveness = carrier_id === undefined ? 'gone' : await ask(carrier_id);
  const changed = await change(context, id, (held, queue, now) =>
    held.call.deadline > now ? held : judge(held, liveness, queue, now),
  );
  if (!changed) return;
  log.warn('A callback was overdue', { call: id, was: state, is: changed.call.state });
  await dispatch(context, changed.freed);
}

const whyOver = ({ call: { callback } }: Held, queue: Queue): CallbackResult =>
  (callback && whyNoMore(callback, queue)) ?? 'expired';

function judge(held: Held, liveness: Liveness, queue: Queue, now: number): Held {
  const { state, deadline } = held.call;
  if (state === 'waiting') return giveUp(held, whyOver(held, queue), now);
  if (liveness === 'live') return expectWord(held, deadlines.talk(now), now);
  const isDoubtful = liveness === 'unknown' && now - deadline < BENEFIT_OF_DOUBT_MS;
  return isDoubtful ? held : legLost(held, queue, now);
}
