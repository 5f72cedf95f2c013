/**
 * Closed hours, added up once. A rollup is a pure function of the hour's records, so writing it twice changes
 * nothing; a record that is refined afterwards first deletes its hour's rollup, and the hour is read from the
 * records again.
 */
import { NOTHING, type Totals } from '../queue/report.ts';
import type { Item, Key, Table } from './table.ts';

export const HOUR_MS = 3_600_000;

const PROGRESS: Key = { pk: 'ROLLUPS', sk: 'PROGRESS' };

export type Rollups = ReturnType<typeof rollups>;

export function rollups(table: Table) {
  return {
    /** Totals by hour (epoch ms of its start) for the hours that begin in [from, to). */
    async between(queue: string, from: number, to: number): Promise<Map<number, Totals>> {
      const hours = new Map<number, Totals>();
      const window = {
        KeyConditionExpression: 'pk = :queue AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':queue': `ROLLUP#${queue}`,
          ':from': new Date(from).toISOString(),
          ':to': new Date(to - 1).toISOString(),
        },
      };
      for await (const item of table.query(window)) hours.set(Date.parse(item.sk), totals(item));
      return hours;
    },

    save: (queue: string, hour: number, sums: Totals, ttl: number) =>
      table.put({ ...hourKey(queue, hour), ...sums, ttl }),

    forget: (queue: string, at: number) => table.remove(hourKey(queue, at - (at % HOUR_MS))),

    /** Start of the first hour not yet added up. */
    async progress(): Promise<number | undefined> {
      const item = await table.get(PROGRESS);
      return item && Number(item.next);
    },

    advance: (next: number) => table.put({ ...PROGRESS, next }),
  };
}

const hourKey = (queue: string, hour: number): Key => ({
  pk: `ROLLUP#${queue}`,
  sk: new Date(hour).toISOString(),
});

function totals(item: Item): Totals {
  const { pk: _pk, sk: _sk, ttl: _ttl, ...sums } = item;
  return { ...NOTHING, ...sums };
}
