/**
 * Calls of which nothing was heard for too long. The carrier is asked first: a call that is alive keeps its place
 * or its agent; one that is gone ends; where the carrier cannot say, patience has a limit too.
 */

import { change } from '../app/change.ts';
import type { Context } from '../app/context.ts';
import { dispatch } from '../app/dispatch.ts';
import type { Call } from '../call/call.ts';
import * as deadlines from '../call/deadlines.ts';
import * as move from '../call/transitions.ts';
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import { DEFAULT_QUEUE, type Queue } from '../queue/queue.ts';

const BATCH = 100;
/** How long a silent call is believed in when the carrier cannot be asked. */
const BENEFIT_OF_DOUBT_MS = 10 * 60_000;

/** @returns the queues that have live calls, and those that are set up */
export async function endLostCalls(context: Context): Promise<string[]> {
  const queues = new Set([
    DEFAULT_QUEUE,
    ...(await context.store.directory.queues.list()).map(({ id }) => id),
  ]);
  let batch: string[] = [];
  const sweepBatch = async () => {
    for (const call of await context.store.calls.some(batch)) {
      queues.add(call.queue);
      await sweepCall(context, call);
    }
    batch = [];
  };
  for await (const id of context.store.reports.live()) if (batch.push(id) === BATCH) await sweepBatch();
  await sweepBatch();
  return [...queues];
}

async function sweepCall(context: Context, call: Call): Promise<void> {
  const { id, state, deadline } = call;
  const now = context.now();
  if (move.hasLapsed(call, now)) await expireOffer(context, id);
  if (state === 'ended' || deadline > now) return;
  const liveness = await (await context.carrier()).liveCall(id);
  const changed = await change(context, id, (held, queue, at) =>
    held.call.deadline > at ? held : judge(held, liveness, queue, at),
  );
  if (changed?.call.state !== 'ended') return;
  publish([{ name: METRICS.sweptCalls, value: 1, queue: changed.queue.id }], now);
  log.warn('A call whose end was never reported was ended', { call: id, was: state });
  await dispatch(context, changed.freed);
}

async function expireOffer(context: Context, id: string): Promise<void> {
  const changed = await change(context, id, (held, queue, now) =>
    move.hasLapsed(held.call, now) ? move.expireOffer(held, queue, now) : held,
  );
  if (changed) await dispatch(context, changed.freed);
}

function judge(held: move.Held, liveness: 'live' | 'gone' | 'unknown', queue: Queue, now: number): move.Held {
  const { call } = held;
  const overdue = now - call.deadline;
  const talkedTooLong =
    call.connected_at !== undefined &&
    now - call.connected_at > queue.talk_limit_secs * 1000 + BENEFIT_OF_DOUBT_MS;
  if (liveness === 'gone' || talkedTooLong) return move.hangUp(held, { cause: 'lost' }, queue, now);
  if (liveness === 'live') return move.expectWord(held, deadlines.talk(now), now);
  const inTalk = call.state === 'connected';
  return inTalk || overdue < BENEFIT_OF_DOUBT_MS ? held : move.hangUp(held, { cause: 'lost' }, queue, now);
}
