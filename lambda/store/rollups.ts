/**
 * Closed hours, added up once, beside the calls.
 *
 *   ROLLUP#<queue>  <hour>    the hour's totals and the thresholds they were counted with; or `stale_since`
 *   ROLLUPS         PROGRESS  every hour in [since, next) has been added up, or left as stale
 *
 * A rollup is a pure function of the hour's records and the thresholds, so writing it twice changes nothing. An
 * hour that was added up and has no item had no calls. A record that is refined or erased first makes its hour
 * stale: from then on the hour is read from the records.
 */

import { DAY_MS, HOUR_MS, hourOf } from '../platform/time.ts';
import { NOTHING, type Thresholds, type Totals } from '../queue/report.ts';
import type { Item, Key, Table } from './table.ts';

const PROGRESS: Key = { pk: 'ROLLUPS', sk: 'PROGRESS' };

/** Records outlive their hour by the retention and the longest call; a mark must not go before them. */
const LONGEST_CALL_DAYS = 2;

/** Epoch ms, starts of hours. */
interface Progress {
  since: number;
  next: number;
}

export type Rollups = ReturnType<typeof rollups>;

export function rollups(table: Table, retentionDays: number) {
  const item = (queue: string, hour: number, content: object): Item => ({
    ...hourKey(queue, hour),
    ...content,
    ttl: Math.ceil((hour + (retentionDays + LONGEST_CALL_DAYS) * DAY_MS) / 1000),
  });

  const progress = async (): Promise<Progress | undefined> => {
    const stored = await table.get(PROGRESS);
    return stored && { since: Number(stored.since), next: Number(stored.next) };
  };

  return {
    /**
     * Totals by hour (epoch ms of its start) for the hours that begin in [from, to), as far as they are added up
     * with these thresholds; the others are to be read from the records.
     */
    async between(queue: string, from: number, to: number, limits: Thresholds): Promise<Map<number, Totals>> {
      // In this order: an hour that is added up meanwhile would otherwise seem to have no calls.
      const { since, next } = (await progress()) ?? { since: 0, next: 0 };
      const stored = new Map<number, Item>();
      for await (const one of table.query(window(queue, from, to))) stored.set(Date.parse(one.sk), one);
      const hours = new Map<number, Totals>();
      for (let hour = hourOf(from + HOUR_MS - 1); hour < to; hour += HOUR_MS) {
        const known = stored.get(hour);
        if (known ? isCountedWith(limits, known) : since <= hour && hour < next)
          hours.set(hour, known ? totals(known) : NOTHING);
      }
      return hours;
    },

    /** @returns false when the hour has become stale after `settled`: add it up again later */
    save: (
      queue: string,
      hour: number,
      sums: Totals,
      limits: Thresholds,
      settled: number,
    ): Promise<boolean> =>
      table.put(item(queue, hour, { ...sums, ...thresholds(limits) }), {
        ConditionExpression: 'attribute_not_exists(stale_since) OR stale_since < :settled',
        ExpressionAttributeValues: { ':settled': settled },
      }),

    /** A record of a call that joined at `at` is about to change. */
    forget: (queue: string, at: number, now: number): Promise<boolean> =>
      table.put(item(queue, hourOf(at), { stale_since: now })),

    progress,

    advance: (to: Progress) => table.put({ ...PROGRESS, ...to }),
  };
}

const hourKey = (queue: string, hour: number): Key => ({
  pk: `ROLLUP#${queue}`,
  sk: new Date(hour).toISOString(),
});

const window = (queue: string, from: number, to: number) => ({
  KeyConditionExpression: 'pk = :queue AND sk BETWEEN :from AND :to',
  ExpressionAttributeValues: {
    ':queue': `ROLLUP#${queue}`,
    ':from': new Date(from).toISOString(),
    ':to': new Date(to - 1).toISOString(),
  },
});

/** A queue has more settings than these. */
const thresholds = ({ service_level_secs, short_abandon_secs }: Thresholds): Thresholds => ({
  service_level_secs,
  short_abandon_secs,
});

/** Never true of a stale hour, which has none. */
const isCountedWith = (limits: Thresholds, item: Item): boolean =>
  Object.entries(thresholds(limits)).every(([name, value]) => item[name] === value);

function totals(item: Item): Totals {
  const fields = Object.keys(NOTHING) as (keyof Totals)[];
  return Object.fromEntries(fields.map(field => [field, item[field] ?? 0])) as unknown as Totals;
}
