/**
 * Which callback each number has open, beside the calls in the calls table, written and removed with its call.
 *
 *   CALLBACK  <number>  the call that it is
 *
 * The entry is created only where there is none, so no number is ever called back by two.
 */
import type { Call } from '../call/call.ts';
import { isNew, type Key, type Table, type TransactItem } from './table.ts';

const PARTITION = 'CALLBACK';

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
