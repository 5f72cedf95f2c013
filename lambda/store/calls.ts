/**
 * Calls as items of the calls table.
 *
 *   CALL#<id>        CALL     the call; in the index `by_day` always, in `live` until it has ended
 *   CALL#<id>        HUNG_UP  a hang-up that came before its call; goes by itself
 *   CALL#<CallUUID>  ALIAS    which call of ours the carrier knows by that name, where it is not the id
 */
import type { Call } from '../call/call.ts';
import { INDEX } from '../platform/names.ts';
import { DAY_MS } from '../platform/time.ts';
import type { Item, Key, Table } from './table.ts';

/** The one partition of the index `live`. */
export const LIVE = 'live';
/** Longer than any answer webhook can be under way, its repetitions included. */
const HUNG_UP_SECS = 3600;

export const callKey = (id: string): Key => ({ pk: `CALL#${id}`, sk: 'CALL' });

const aliasKey = (carrierId: string): Key => ({ pk: `CALL#${carrierId}`, sk: 'ALIAS' });

const hungUpKey = (id: string): Key => ({ pk: `CALL#${id}`, sk: 'HUNG_UP' });

/** Sort key of the index `by_day`: its beginning is the day, the partition. */
export const arrival = (call: Pick<Call, 'id' | 'joined_at'>) =>
  `${new Date(call.joined_at).toISOString()}#${call.id}`;

export function toItem(call: Call, retentionDays: number): Item {
  const arrived = arrival(call);
  return {
    ...call,
    ...callKey(call.id),
    [INDEX.byDay.partitionKey]: arrived.slice(0, 10),
    [INDEX.byDay.sortKey]: arrived,
    ...(call.state === 'ended'
      ? { ttl: Math.ceil(((call.ended_at ?? call.joined_at) + retentionDays * DAY_MS) / 1000) }
      : { [INDEX.live.partitionKey]: LIVE }),
  };
}

/** To be written with a call that has just learned how the carrier calls it. */
export function aliasItem(before: Call | undefined, after: Call, retentionDays: number): Item[] {
  if (after.carrier_id === undefined || after.carrier_id === before?.carrier_id) return [];
  const ttl = Math.ceil((after.joined_at + (retentionDays + 1) * DAY_MS) / 1000);
  return [{ ...aliasKey(after.carrier_id), call: after.id, ttl }];
}

/** The call of an item, or what an index projects of it. */
export function fromItem(item: Item): Call {
  const { pk: _pk, sk: _sk, ttl: _ttl, day: _day, arrived: _arrived, live: _live, ...call } = item;
  return call as unknown as Call;
}

export type Calls = ReturnType<typeof calls>;

export function calls(table: Table) {
  return {
    async one(id: string): Promise<Call | undefined> {
      const item = await table.get(callKey(id));
      return item && fromItem(item);
    },

    async some(ids: string[]): Promise<Call[]> {
      if (ids.length === 0) return [];
      return (await table.getAll(ids.map(callKey))).map(fromItem);
    },

    /** The id of the call that the carrier knows by this name. */
    async named(carrierId: string): Promise<string | undefined> {
      const item = await table.get(aliasKey(carrierId));
      return item && String(item.call);
    },

    /** Keep in mind that a call which is not known yet has been hung up. */
    async noteHangUp(id: string, now: number): Promise<void> {
      await table.put({ ...hungUpKey(id), ttl: Math.ceil(now / 1000) + HUNG_UP_SECS });
    },

    wasHungUp: async (id: string): Promise<boolean> => (await table.get(hungUpKey(id))) !== undefined,

    /** Forget a record. @returns false when there is none that has ended */
    async erase({ id, carrier_id }: Pick<Call, 'id' | 'carrier_id'>): Promise<boolean> {
      if (carrier_id !== undefined) await table.remove(aliasKey(carrier_id));
      return table.remove(callKey(id), {
        ConditionExpression: '#state = :ended',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':ended': 'ended' },
      });
    },
  };
}
