/**
 * Which callback each number has open, beside the calls in the calls table, written and removed with its call; and who
 * has asked for one of late.
 *
 *   CALLBACK          <number>  the call that it is
 *   ASKED#<number>    <call>    at, the moment at which this number asked in that call; for a day
 *
 * The first is created only where there is none, so no number is ever called back by two.
 */
import type { Call } from '../call/call.ts';
import { isNew, type Key, type Table, type TransactItem } from './table.ts';

const PARTITION = 'CALLBACK';
const ASKED_SECS = 86_400;

const key = (number: string): Key => ({ pk: PARTITION, sk: number });

/** What to write together with the call. */
export function openCallback(TableName: string, before: Call | undefined, after: Call): TransactItem[] {
  const was = before !== undefined && isOpen(before);
  if (was === isOpen(after)) return [];
  if (was) return [{ Delete: { TableName, Key: key(before.to) } }];
  return [{ Put: { TableName, Item: { ...key(after.to), call: after.id }, ...isNew } }];
}

const isOpen = ({ callback, state }: Call): boolean => callback !== undefined && state !== 'ended';

export type Callbacks = ReturnType<typeof callbacks>;

export function callbacks(table: Table) {
  return {
    /** The id of the call. */
    async open(number: string): Promise<string | undefined> {
      const item = await table.get(key(number));
      return item && String(item.call);
    },

    /** In how many other calls the number has asked since. */
    async askedBefore(number: string, call: string, since: number): Promise<number> {
      let count = 0;
      const partition = {
        KeyConditionExpression: 'pk = :asked',
        ExpressionAttributeValues: { ':asked': `ASKED#${number}` },
      };
      for await (const item of table.query(partition))
        if (item.sk !== call && Number(item.at) > since) count += 1;
      return count;
    },

    async noteAsked(number: string, call: string, now: number): Promise<void> {
      const ttl = Math.ceil(now / 1000) + ASKED_SECS;
      await table.put({ pk: `ASKED#${number}`, sk: call, at: now, ttl });
    },

    /** The ids of all of them, by number. */
    async list(): Promise<string[]> {
      const ids: string[] = [];
      const partition = {
        KeyConditionExpression: 'pk = :callbacks',
        ExpressionAttributeValues: { ':callbacks': PARTITION },
      };
      for await (const item of table.query(partition)) ids.push(String(item.call));
      return ids;
    },
  };
}
