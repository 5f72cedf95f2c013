/**
 * Calls by the indexes of the calls table, for reports and the sweeper: eventually consistent, so that nothing
 * here decides about a call.
 */
import type { Call } from '../call/call.ts';
import type { Visit } from '../call/flow-run.ts';
import { INDEX } from '../platform/names.ts';
import { DAY_MS, dayOf } from '../platform/time.ts';
import { arrival, fromItem, LIVE } from './calls.ts';
import type { Item, Table } from './table.ts';

/** What lists and metrics need of a call: as much as the index holds. */
export type CallSummary = Pick<
  Call,
  Exclude<(typeof INDEX.byDay.projects)[number], 'visit' | 'main_visit' | 'is_callback'>
> & {
  /** A queue that the call has been in before, the how manieth. */
  visit?: number;
  /** Of a call that is in no queue any more: see `mainVisit`. */
  main_visit?: MainVisit;
  is_callback?: true;
};

export type MainVisit = Omit<Visit, 'voicemail'>;

export type Reports = ReturnType<typeof reports>;

export function reports(table: Table) {
  return {
    /** Calls, and their visits to queues, that joined in [from, to), oldest first. */
    async *joinedBetween(from: number, to: number): AsyncGenerator<CallSummary> {
      for (let day = dayOf(from); day < to; day += DAY_MS)
        for await (const item of table.query(dayWindow(day, iso(from), iso(to)))) yield summaryOf(item);
    },

    /**
     * Calls, and their visits to queues, that joined from `from` on, newest first, beginning after `last` (one that
     * was given before) or before `to`.
     */
    async *newestFirst(
      from: number,
      to: number,
      last?: Pick<Call, 'id' | 'joined_at'>,
    ): AsyncGenerator<CallSummary> {
      const begin = iso(from);
      const end = last ? arrival(last) : iso(to);
      if (end < begin) return;
      for (let day = dayOf(last?.joined_at ?? to); day + DAY_MS > from; day -= DAY_MS) {
        const window = { ...dayWindow(day, begin, end), ScanIndexForward: false };
        for await (const item of table.query(window)) if (item.arrived !== end) yield summaryOf(item);
      }
    },

    /** Ids of the calls that have not ended. */
    async *live(): AsyncGenerator<string> {
      const partition = {
        IndexName: INDEX.live.name,
        KeyConditionExpression: '#live = :live',
        ExpressionAttributeNames: { '#live': INDEX.live.partitionKey },
        ExpressionAttributeValues: { ':live': LIVE },
      };
      for await (const item of table.query(partition)) yield item.pk.slice('CALL#'.length);
    },
  };
}

const summaryOf = (item: Item): CallSummary => ({
  ...fromItem(item),
  ...(item.main_visit !== undefined && { main_visit: item.main_visit as MainVisit }),
  ...(item.is_callback === true && { is_callback: true }),
});

/** Arrivals of one day from `first` to `last`, both sort keys, both included. */
const dayWindow = (day: number, first: string, last: string) => ({
  IndexName: INDEX.byDay.name,
  KeyConditionExpression: '#day = :day AND #arrived BETWEEN :first AND :last',
  ExpressionAttributeNames: { '#day': INDEX.byDay.partitionKey, '#arrived': INDEX.byDay.sortKey },
  ExpressionAttributeValues: { ':day': iso(day).slice(0, 10), ':first': first, ':last': last },
});

const iso = (ms: number) => new Date(ms).toISOString();
