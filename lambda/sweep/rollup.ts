/**
 * Add up closed hours, one after another. An hour is added up once all its calls have ended; if one goes on for
 * very long, the hour is left to be read from its records and the next one follows.
 */

import { type Context, queueOf } from '../app/context.ts';
import type { Queue } from '../queue/queue.ts';
import { add, NOTHING, type Totals, totalsOf } from '../queue/report.ts';
import { HOUR_MS } from '../store/rollups.ts';

/** The index that lists an hour's calls may lag a little. */
const SETTLING_MS = 10 * 60_000;
const LONGEST_CALL_MS = 6 * HOUR_MS;
const DAY_MS = 24 * HOUR_MS;
const HOURS_AT_ONCE = 24;

export async function rollUpClosedHours(context: Context): Promise<void> {
  const { rollups } = context.store;
  const now = context.now();
  const start = (await rollups.progress()) ?? hourOf(now) - DAY_MS;
  for (let hour = start, done = 0; done < HOURS_AT_ONCE && hour + HOUR_MS + SETTLING_MS <= now; done++) {
    const sums = await addUp(context, hour);
    if (!sums && now - hour < LONGEST_CALL_MS) return;
    const ttl = Math.ceil(now / 1000) + context.settings.RECORD_RETENTION_DAYS * 86_400;
    for (const [queue, totals] of sums ?? []) await rollups.save(queue, hour, totals, ttl);
    hour += HOUR_MS;
    await rollups.advance(hour);
  }
}

/** @returns undefined while a call of that hour goes on */
async function addUp(context: Context, hour: number): Promise<Map<string, Totals> | undefined> {
  const sums = new Map<string, Totals>();
  const limits = new Map<string, Queue>();
  for await (const call of context.store.reports.joinedBetween(hour, hour + HOUR_MS)) {
    if (call.ended_at === undefined) return undefined;
    const queue = limits.get(call.queue) ?? (await queueOf(context, call.queue));
    limits.set(call.queue, queue);
    sums.set(call.queue, add(sums.get(call.queue) ?? NOTHING, totalsOf(call, queue, context.now())));
  }
  return sums;
}

const hourOf = (ms: number) => ms - (ms % HOUR_MS);
