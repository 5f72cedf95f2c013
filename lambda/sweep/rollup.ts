/**
 * Add up closed hours, one after another. An hour is added up once all its records are at rest; if a call goes on
 * for very long, the hour is left to be read from its records and the next one follows.
 */

import { type Context, queueOf } from '../app/context.ts';
import { DAY_MS, HOUR_MS, hourOf } from '../platform/time.ts';
import type { Queue } from '../queue/queue.ts';
import { add, NOTHING, type Totals, totalsOf } from '../queue/report.ts';

/** The index that lists an hour's calls may lag a little. */
const SETTLING_MS = 10 * 60_000;
const PATIENCE_MS = 6 * HOUR_MS;
const HOURS_AT_ONCE = 24;

interface Sums {
  queue: Queue;
  totals: Totals;
}

export async function rollUpClosedHours(context: Context): Promise<void> {
  const { rollups } = context.store;
  const now = context.now();
  const yesterday = hourOf(now) - DAY_MS;
  const { since, next } = (await rollups.progress()) ?? { since: yesterday, next: yesterday };
  for (let hour = next, done = 0; done < HOURS_AT_ONCE && hour + HOUR_MS + SETTLING_MS <= now; done++) {
    if (!(await rollUp(context, hour, now - SETTLING_MS))) {
      if (now - hour < PATIENCE_MS) return;
      await leaveToRecords(context, hour);
    }
    hour += HOUR_MS;
    await rollups.advance({ since, next: hour });
  }
}

/** @returns false while something of that hour has changed after `settled`, or still can */
async function rollUp(context: Context, hour: number, settled: number): Promise<boolean> {
  const sums = await addUp(context, hour, settled);
  if (!sums) return false;
  const saved = sums.map(({ queue, totals }) =>
    context.store.rollups.save(queue.id, hour, totals, queue, settled),
  );
  return (await Promise.all(saved)).every(Boolean);
}

async function addUp(context: Context, hour: number, settled: number): Promise<Sums[] | undefined> {
  const sums = new Map<string, Sums>();
  for await (const call of context.store.reports.joinedBetween(hour, hour + HOUR_MS)) {
    // Should it join a queue yet, it will be in a later hour.
    if (call.queue === '') continue;
    if (call.ended_at === undefined || call.ended_at > settled) return undefined;
    const { queue, totals } = sums.get(call.queue) ?? {
      queue: await queueOf(context, call.queue),
      totals: NOTHING,
    };
    sums.set(call.queue, { queue, totals: add(totals, totalsOf(call, queue, context.now())) });
  }
  return [...sums.values()];
}

async function leaveToRecords(context: Context, hour: number): Promise<void> {
  const queues = new Set<string>();
  for await (const call of context.store.reports.joinedBetween(hour, hour + HOUR_MS)) queues.add(call.queue);
  for (const queue of queues)
    if (queue !== '') await context.store.rollups.forget(queue, hour, context.now());
}
