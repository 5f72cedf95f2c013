/**
 * Calls of which nothing was heard for too long. The carrier is asked first: a call that is alive keeps its place,
 * its agent or its assistant; one that is gone, or that the carrier has never taken, ends; where the carrier cannot
 * say, patience has a limit too.
 */

import { change } from '../app/change.ts';
import type { Context } from '../app/context.ts';
import { dispatch } from '../app/dispatch.ts';
import { type Call, carrierId } from '../call/call.ts';
import { isCallback, isToBeRung } from '../call/callback.ts';
import * as deadlines from '../call/deadlines.ts';
import * as move from '../call/transitions.ts';
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import { DEFAULT_QUEUE, type Queue } from '../queue/queue.ts';
import type { Liveness } from '../vobiz/rest.ts';
import { sweepCallback } from './callbacks.ts';
import { restartEffects } from './effects.ts';

const BATCH = 100;
/** How long a silent call is believed in when the carrier cannot be asked. */
const BENEFIT_OF_DOUBT_MS = 10 * 60_000;

/** The queues that are set up, and the default one. */
export async function queuesInUse(context: Context): Promise<string[]> {
  const setUp = await context.store.directory.queues.list();
  return [...new Set([DEFAULT_QUEUE, ...setUp.map(({ id }) => id)])];
}

/** One call that cannot be judged keeps nobody from judging the others. */
export async function endLostCalls(context: Context): Promise<void> {
  const ask = patientQuestion(context);
  let batch: string[] = [];
  const sweepBatch = async () => {
    for (const call of await context.store.calls.some(batch))
      await sweepCall(context, call, ask).catch(error =>
        log.error('A call could not be swept; the next minute tries again', error, { call: call.id }),
      );
    batch = [];
  };
  for await (const id of context.store.reports.live()) if (batch.push(id) === BATCH) await sweepBatch();
  await sweepBatch();
}

type Ask = (id: string) => Promise<Liveness>;

/** A carrier that has not answered once is not asked again in this run: each question costs a second. */
function patientQuestion(context: Context): Ask {
  let reachable = true;
  return async id => {
    if (!reachable) return 'unknown';
    const liveness = await (await context.carrier()).liveCall(id);
    reachable = liveness !== 'unknown';
    return liveness;
  };
}

async function sweepCall(context: Context, call: Call, ask: Ask): Promise<void> {
  const { id, state, deadline } = call;
  const now = context.now();
  if (move.hasLapsed(call, now)) await expireOffer(context, id);
  if (isCallback(call) && (state === 'ended' || isToBeRung(call))) return sweepCallback(context, call, ask);
  await restartEffects(context, call);
  if (state === 'ended' || deadline > now) return;
  const liveness = await ask(carrierId(call));
  const changed = await change(context, id, (held, queue, at) =>
    held.call.deadline > at ? held : judge(held, liveness, queue, at),
  );
  if (changed?.call.state !== 'ended') return;
  const { queue } = changed.call;
  publish([{ name: METRICS.sweptCalls, value: 1, ...(queue !== '' && { queue }) }], now);
  log.warn('A call whose end was never reported was ended', { call: id, was: state });
  await dispatch(context, changed.freed);
}

async function expireOffer(context: Context, id: string): Promise<void> {
  const changed = await change(context, id, (held, queue, now) =>
    move.hasLapsed(held.call, now) ? move.expireOffer(held, queue, now) : held,
  );
  if (changed) await dispatch(context, changed.freed);
}

function judge(held: move.Held, liveness: Liveness, queue: Queue, now: number): move.Held {
  const { call } = held;
  const overdue = now - call.deadline;
  if (liveness === 'gone' || now > longestTalk(call, queue) + BENEFIT_OF_DOUBT_MS)
    return move.hangUp(held, { cause: 'lost' }, queue, now);
  if (liveness === 'live') return move.expectWord(held, deadlines.talk(now), now);
  const inTalk = ['connected', 'assisted', 'in_flow'].includes(call.state);
  return inTalk || overdue < BENEFIT_OF_DOUBT_MS ? held : move.hangUp(held, { cause: 'lost' }, queue, now);
}

/** When a talk with an agent or an assistant, or a flow, has reached its limit; for ever where there is none. */
function longestTalk({ state, talk, connected_at, dial, began_at, joined_at }: Call, queue: Queue): number {
  if (connected_at !== undefined) return connected_at + queue.talk_limit_secs * 1000;
  const began = dial?.answered_at ?? began_at ?? joined_at;
  if (state === 'in_flow' || (state === 'assisted' && talk))
    return began + deadlines.LONGEST_CALL_SECS * 1000;
  return state === 'assisted' ? began + deadlines.LONGEST_CONVERSATION_SECS * 1000 : Number.POSITIVE_INFINITY;
}
