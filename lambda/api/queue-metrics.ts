/**
 * How a queue did in a period: sums over its call records. An hour that has been added up with the
 * thresholds of today is taken as it is;
 * everything else, the beginning and the end of the period included, is read from the records.
 */
import * as z from 'zod/mini';
import { type Context, queueOf } from '../app/context.ts';
import { HOUR_MS } from '../platform/time.ts';
import { DEFAULT_QUEUE } from '../queue/queue.ts';
import { add, NOTHING, report, type Thresholds, type Totals, totalsOf } from '../queue/report.ts';
import { iso, moment, named, slug, time } from './fields.ts';
import { operation } from './operation.ts';
import { period } from './period.ts';
import { knownQueue } from './queues.ts';

const count = z.int().check(z.minimum(0));
const percent = z.number().check(z.minimum(0), z.maximum(100));
const secs = z.number().check(z.minimum(0));

const metricsSchema = named(
  'QueueMetrics',
  z.strictObject({
    queue: slug,
    from: time,
    to: time,
    total_calls: count,
    connected: count,
    called_back: count,
    abandoned: count,
    voicemails: count,
    callbacks: count,
    overflows: count,
    rejected: count,
    failed: count,
    waiting: count,
    short_abandons: count,
    abandonment_rate_pct: percent,
    service_level_pct: percent,
    avg_wait_secs: secs,
    longest_wait_secs: secs,
    avg_talk_secs: secs,
    definitions: z.record(z.string(), z.string()),
  }),
);

export const queueMetrics = operation({
  id: 'getQueueMetrics',
  summary: 'How a queue did, with every formula',
  description: 'Calls that joined in [from, to): by default the last 24 hours, at most 400 days.',
  query: z.strictObject({
    queue: z.optional(slug),
    from: z.optional(moment),
    to: z.optional(moment),
  }),
  answers: { 200: metricsSchema },
  problems: [404],
  async handle(context, { query: { queue: id = DEFAULT_QUEUE, ...wanted } }) {
    const { from, to } = period(wanted, context.now());
    const limits = await queueOf(context, id);
    const totals = await totalsBetween(context, id, limits, from, to);
    // A queue that has been removed keeps its history.
    if (totals.total_calls === 0) await knownQueue(context, id);
    return {
      status: 200,
      body: { queue: id, from: iso(from), to: iso(to), ...report(totals, limits) },
    };
  },
});

async function totalsBetween(
  context: Context,
  queue: string,
  limits: Thresholds,
  from: number,
  to: number,
): Promise<Totals> {
  const { reports, rollups } = context.store;
  const lastHour = to - HOUR_MS;
  const hours =
    lastHour < from ? new Map<number, Totals>() : await rollups.between(queue, from, lastHour + 1, limits);
  let totals = [...hours.values()].reduce(add, NOTHING);
  for (const gap of gaps(from, to, [...hours.keys()])) {
    for await (const call of reports.joinedBetween(gap.from, gap.to))
      if (call.queue === queue) totals = add(totals, totalsOf(call, limits, context.now()));
  }
  return totals;
}

/** What of [from, to) the hours do not cover, neighbours joined. `hours` in ascending order, each within it. */
export function gaps(from: number, to: number, hours: number[]): { from: number; to: number }[] {
  const starts = [from, ...hours.map(hour => hour + HOUR_MS)];
  const ends = [...hours, to];
  return starts.map((start, at) => ({ from: start, to: ends[at] ?? to })).filter(gap => gap.from < gap.to);
}
