/**
 * Calls as items of the calls table.
 *
 *   CALL#<id>        CALL     the call; in the index `by_day` always, in `live` until it has ended
 *   CALL#<id>        HUNG_UP  a hang-up that came before its call; goes by itself
 *   CALL#<CallUUID>  ALIAS    which call of ours the carrier knows by that name, where it is not the id
 *   CALL#<id>        VISIT#n  a queue that a flow's caller has left again; in the index `by_day`, for the metrics
 *
 * What can grow (a flow that runs on the call, variables, what was recorded) is stored with it, packed in one: it is
 * read and written with every step, and only here.
 */
import type { Call } from '../call/call.ts';
import { mainVisit } from '../call/visits.ts';
import { INDEX } from '../platform/names.ts';
import { DAY_MS } from '../platform/time.ts';
import { packed, unpacked } from './packed.ts';
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

/** No index and no condition needs these. */
const PACKED = ['flow', 'variables', 'dial', 'transcription', 'recordings', 'visits'] as const;

export function toItem(call: Call, retentionDays: number): Item {
  const { flow, variables, dial, transcription, recordings, visits, ...plain } = call;
  const { voicemail: _, ...main } = mainVisit(call) ?? {};
  return {
    ...plain,
    ...callKey(call.id),
    ...(PACKED.some(name => call[name] !== undefined) && {
      packed: packed({ flow, variables, dial, transcription, recordings, visits }),
    }),
    ...('queue' in main && { main_visit: main }),
    ...(call.callback && { is_callback: true }),
    ...byDay(arrival(call)),
    ...(isLive(call)
      ? { [INDEX.live.partitionKey]: LIVE }
      : { ttl: Math.ceil(((call.ended_at ?? call.joined_at) + retentionDays * DAY_MS) / 1000) }),
  };
}

/** At least the bytes that the store counts of the call's item, of which it takes 400 KB. */
export function storedBytes(call: Call): number {
  const { packed: inside, ...plain } = toItem(call, 0);
  const packedBytes = inside instanceof Uint8Array ? inside.length : 0;
  return packedBytes + Buffer.byteLength(JSON.stringify(plain));
}

/** A call that has ended is looked after until what its flow has left to be done is done, and a callback until it is told of. */
const isLive = ({ state, flow, callback }: Call): boolean =>
  state !== 'ended' ||
  (flow?.todo.length ?? 0) > 0 ||
  (callback !== undefined && callback.told_at === undefined);

const byDay = (arrived: string) => ({
  [INDEX.byDay.partitionKey]: arrived.slice(0, 10),
  [INDEX.byDay.sortKey]: arrived,
});

/** To be written with a call that has just left a queue, or of whose queues more is known. */
export function visitItems(before: Call | undefined, after: Call, retentionDays: number): Item[] {
  const { id, from, to, direction, assistant, began_at, visits = [] } = after;
  const whose = { id, from, to, direction, ...(assistant && { assistant }), ...(began_at && { began_at }) };
  return visits.flatMap(({ left_at, voicemail: _, ...visit }, at) =>
    before?.visits?.[at] === visits[at]
      ? []
      : {
          pk: callKey(id).pk,
          sk: `VISIT#${at + 1}`,
          ...{ ...whose, visit: at + 1, ...visit, ended_at: left_at },
          ...byDay(arrival({ id, joined_at: visit.joined_at })),
          ttl: Math.ceil((left_at + (retentionDays + 1) * DAY_MS) / 1000),
        },
  );
}

/** To be written with a call that has just learned how the carrier calls it. */
export function aliasItem(before: Call | undefined, after: Call, retentionDays: number): Item[] {
  if (after.carrier_id === undefined || after.carrier_id === before?.carrier_id) return [];
  const ttl = Math.ceil((after.joined_at + (retentionDays + 1) * DAY_MS) / 1000);
  return [{ ...aliasKey(after.carrier_id), call: after.id, ttl }];
}

/** The call of an item, or what an index projects of it. */
export function fromItem(item: Item): Call {
  const { pk: _pk, sk: _sk, ttl: _ttl, day: _day, arrived: _arrived, live: _live, ...attributes } = item;
  const { packed: inside, main_visit: _main, is_callback: _callback, ...plain } = attributes;
  return { ...plain, ...(inside !== undefined && unpacked<Partial<Call>>(inside)) } as unknown as Call;
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
    async erase({
      id,
      carrier_id,
      visits = [],
    }: Pick<Call, 'id' | 'carrier_id' | 'visits'>): Promise<boolean> {
      if (carrier_id !== undefined) await table.remove(aliasKey(carrier_id));
      for (const n of visits.keys()) await table.remove({ pk: callKey(id).pk, sk: `VISIT#${n + 1}` });
      return table.remove(callKey(id), {
        ConditionExpression: '#state = :ended',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':ended': 'ended' },
      });
    },
  };
}
