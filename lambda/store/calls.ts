/**
 * Calls as items of the calls table, and the line beside them.
 *
 *   CALL#<id>     CALL                          the call; in `by_day` always, in `live` until it has ended
 *   CALL#<id>     HUNG_UP                       a hang-up that came before its call; goes by itself
 *   LINE#<queue>  <rank>#<joined_at>#<call id>  one entry for each caller in line, nothing but the place
 *
 * The line is a partition of its own, so that it can be read in order and strongly: who joins or frees an agent
 * writes first and reads second, and one of two simultaneous writers sees the other. The call stays the only
 * authority; the entry says where it stands, never in which state it is.
 */
import type { Call } from '../call/call.ts';
import { inLine } from '../call/transitions.ts';
import { INDEX } from '../platform/names.ts';
import type { Item, Key, Table } from './table.ts';

const LIVE = 'live';
const HIGHEST_PRIORITY = 99;
const DAY_MS = 86_400_000;
/** Longer than any answer webhook can be under way, its repetitions included. */
const HUNG_UP_SECS = 3600;

/** Where a caller stands: sorts by priority, then time of joining, then id. */
export interface Place {
  id: string;
  sk: string;
  joined_at: number;
}

export const callKey = (id: string): Key => ({ pk: `CALL#${id}`, sk: 'CALL' });

const hungUpKey = (id: string): Key => ({ pk: `CALL#${id}`, sk: 'HUNG_UP' });

export function lineKey(call: Pick<Call, 'id' | 'queue' | 'priority' | 'joined_at'>): Key {
  const rank = String(HIGHEST_PRIORITY - call.priority).padStart(2, '0');
  return { pk: `LINE#${call.queue}`, sk: `${rank}#${String(call.joined_at).padStart(13, '0')}#${call.id}` };
}

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

function fromItem(item: Item): Call {
  const { pk: _pk, sk: _sk, ttl: _ttl, day: _day, arrived: _arrived, live: _live, ...call } = item;
  return call as unknown as Call;
}

function placeOf({ sk }: Item): Place {
  const [, joined = '', ...id] = sk.split('#');
  return { sk, id: id.join('#'), joined_at: Number(joined) };
}

/** What the metrics need of a call; the projection of the `by_day` index. */
export type CallSummary = Pick<
  Call,
  | 'id'
  | 'queue'
  | 'outcome'
  | 'joined_at'
  | 'connected_at'
  | 'ended_at'
  | 'agent'
  | 'from'
  | 'to'
  | 'direction'
>;

export type Calls = ReturnType<typeof calls>;

export function calls(table: Table) {
  const one = async (id: string) => {
    const item = await table.get(callKey(id));
    return item && fromItem(item);
  };

  return {
    one,

    async some(ids: string[]): Promise<Call[]> {
      if (ids.length === 0) return [];
      return (await table.getAll(ids.map(callKey))).map(fromItem);
    },

    /** Keep in mind that a call which is not known yet has been hung up. */
    async noteHangUp(id: string, now: number): Promise<void> {
      await table.put({ ...hungUpKey(id), ttl: Math.ceil(now / 1000) + HUNG_UP_SECS });
    },

    wasHungUp: async (id: string): Promise<boolean> => (await table.get(hungUpKey(id))) !== undefined,

    /** The line of a queue, first in line first. */
    async line(queue: string): Promise<Place[]> {
      const places: Place[] = [];
      const partition = {
        KeyConditionExpression: 'pk = :line',
        ExpressionAttributeValues: { ':line': `LINE#${queue}` },
      };
      for await (const item of table.query(partition)) places.push(placeOf(item));
      return places;
    },

    /** 1 for who is next in line. */
    async position(call: Call): Promise<number> {
      const { pk, sk } = lineKey(call);
      const ahead = await table.count({
        KeyConditionExpression: 'pk = :line AND sk < :me',
        ExpressionAttributeValues: { ':line': pk, ':me': sk },
      });
      return ahead + 1;
    },

    lineLength: (queue: string): Promise<number> =>
      table.count({
        KeyConditionExpression: 'pk = :line',
        ExpressionAttributeValues: { ':line': `LINE#${queue}` },
      }),

    /** Calls that joined in [from, to), oldest first. Eventually consistent: for reports. */
    async *joinedBetween(from: number, to: number): AsyncGenerator<CallSummary> {
      for (let day = startOfDay(from); day < to; day += DAY_MS) {
        const window = {
          IndexName: INDEX.byDay.name,
          KeyConditionExpression: '#day = :day AND #arrived BETWEEN :from AND :to',
          ExpressionAttributeNames: { '#day': INDEX.byDay.partitionKey, '#arrived': INDEX.byDay.sortKey },
          ExpressionAttributeValues: {
            ':day': new Date(day).toISOString().slice(0, 10),
            ':from': new Date(from).toISOString(),
            ':to': new Date(to).toISOString(),
          },
        };
        for await (const item of table.query(window)) yield fromItem(item);
      }
    },

    /**
     * Calls that joined from `from` on, newest first, beginning after `last` (a call that was given before) or
     * before `to`. Eventually consistent: for reports.
     */
    async *newestFirst(
      from: number,
      to: number,
      last?: Pick<Call, 'id' | 'joined_at'>,
    ): AsyncGenerator<CallSummary> {
      const begin = new Date(from).toISOString();
      const end = last ? arrival(last) : new Date(to).toISOString();
      if (end < begin) return;
      for (let day = startOfDay(last?.joined_at ?? to); day + DAY_MS > from; day -= DAY_MS) {
        const window = {
          IndexName: INDEX.byDay.name,
          KeyConditionExpression: '#day = :day AND #arrived BETWEEN :from AND :end',
          ExpressionAttributeNames: { '#day': INDEX.byDay.partitionKey, '#arrived': INDEX.byDay.sortKey },
          ExpressionAttributeValues: {
            ':day': new Date(day).toISOString().slice(0, 10),
            ':from': begin,
            ':end': end,
          },
          ScanIndexForward: false,
        };
        for await (const item of table.query(window)) if (item.arrived !== end) yield fromItem(item);
      }
    },

    /** Ids of the calls that have not ended. Eventually consistent: for the sweeper. */
    async *live(): AsyncGenerator<string> {
      const partition = {
        IndexName: INDEX.live.name,
        KeyConditionExpression: '#live = :live',
        ExpressionAttributeNames: { '#live': INDEX.live.partitionKey },
        ExpressionAttributeValues: { ':live': LIVE },
      };
      for await (const item of table.query(partition)) yield item.pk.slice('CALL#'.length);
    },

    /** Forget a record. @returns false when there is none that has ended */
    erase: (id: string): Promise<boolean> =>
      table.remove(callKey(id), {
        ConditionExpression: '#state = :ended',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':ended': 'ended' },
      }),
  };
}

/** The line entry to write or to delete so that it agrees with the call. */
export function lineChange(before: Call | undefined, after: Call): 'enter' | 'leave' | 'none' {
  const was = before !== undefined && inLine(before);
  if (was === inLine(after)) return 'none';
  return was ? 'leave' : 'enter';
}

/** Sort key of the `by_day` index: its beginning is the day. */
const arrival = (call: Pick<Call, 'id' | 'joined_at'>) =>
  `${new Date(call.joined_at).toISOString()}#${call.id}`;

const startOfDay = (ms: number) => ms - (ms % DAY_MS);
