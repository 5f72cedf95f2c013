/**
 * The line of each queue, beside the calls in the calls table.
 *
 *   LINE#<queue>  <rank>#<joined_at>#<call id>  one entry for each caller in line, nothing but the place, and
 *                                               whether nobody is on the line there (`callback`)
 *
 * A partition of its own, so that it can be read in order and strongly: who joins or frees an agent writes first
 * and reads second, and one of two simultaneous writers sees the other. The call stays the only authority; the
 * entry says where it stands, never in which state it is.
 */
import type { Call } from '../call/call.ts';
import { inLine } from '../call/transitions.ts';
import type { Item, Key, Table } from './table.ts';

const HIGHEST_PRIORITY = 99;

/** Where a caller stands: sorts by priority, then time of joining, then id. */
export interface Place {
  id: string;
  sk: string;
  joined_at: number;
  callback: boolean;
}

export function lineKey(call: Pick<Call, 'id' | 'queue' | 'priority' | 'joined_at'>): Key {
  const rank = String(HIGHEST_PRIORITY - call.priority).padStart(2, '0');
  return { pk: partition(call.queue), sk: `${rank}#${String(call.joined_at).padStart(13, '0')}#${call.id}` };
}

export const lineItem = (call: Call): Item => ({
  ...lineKey(call),
  ...(call.callback && { callback: true }),
});

/** The entry to write or to delete so that the line agrees with the call. */
export function lineChange(before: Call | undefined, after: Call): 'enter' | 'leave' | 'none' {
  const was = before !== undefined && inLine(before);
  if (was === inLine(after)) return 'none';
  return was ? 'leave' : 'enter';
}

export type Line = ReturnType<typeof line>;

export function line(table: Table) {
  return {
    /** First in line first. */
    async places(queue: string): Promise<Place[]> {
      const places: Place[] = [];
      for await (const item of table.query(all(queue))) places.push(placeOf(item));
      return places;
    },

    /** Who stands before this one. */
    async ahead(call: Call): Promise<Place[]> {
      const { pk, sk } = lineKey(call);
      const places: Place[] = [];
      const before = {
        KeyConditionExpression: 'pk = :line AND sk < :me',
        ExpressionAttributeValues: { ':line': pk, ':me': sk },
      };
      for await (const item of table.query(before)) places.push(placeOf(item));
      return places;
    },

    length: (queue: string): Promise<number> => table.count(all(queue)),
  };
}

const partition = (queue: string) => `LINE#${queue}`;

const all = (queue: string) => ({
  KeyConditionExpression: 'pk = :line',
  ExpressionAttributeValues: { ':line': partition(queue) },
});

function placeOf({ sk, callback }: Item): Place {
  const [, joined = '', ...id] = sk.split('#');
  return { sk, id: id.join('#'), joined_at: Number(joined), callback: callback === true };
}
