/**
 * Flows in the directory table: a head that says which version is live, and the versions, which never change.
 *
 *   FLOW       <id>        name, newest and published version
 *   FLOW#<id>  <version>   the flow as it was saved then
 *
 * A version is written in one transaction with the head that names it. A removed flow leaves its versions behind for a
 * while: calls that run one end with it, and a flow that takes over the id goes on counting after them, so that an id
 * and a version mean the same flow for as long as anybody may remember them. The new head says which version is its
 * first; those below are not its own, however far the removal came.
 */
import type { Flow } from '../flow/flow.ts';
import { DAY_MS } from '../platform/time.ts';
import { packed, unpacked } from './packed.ts';
import { asItWas, type Item, isNew, type Key, type Table } from './table.ts';

export interface FlowHead {
  id: string;
  /** Of the published version, as long as there is none of the newest. */
  name: string;
  /** Its own versions begin there: with 1, unless another flow had the id before. */
  first: number;
  newest: number;
  /** The version that calls run; absent for a flow that was never published. */
  published?: number;
  /** Of the head's own item. */
  version: number;
  created_at: number;
  updated_at: number;
}

/** One saved version. */
export interface SavedFlow {
  flow: Flow;
  saved_at: number;
}

/** Of a saved version, all but the flow itself. */
export interface VersionNote {
  version: number;
  name: string;
  saved_at: number;
}

/** All that its owner says of a flow. */
export type NewFlow = Omit<Flow, 'version'>;

const HEADS = 'FLOW';
const REMEMBERED_DAYS = 7;

const headKey = (id: string): Key => ({ pk: HEADS, sk: id });

const versionKey = (id: string, version: number): Key => ({
  pk: `FLOW#${id}`,
  sk: String(version).padStart(9, '0'),
});

export type FlowStore = ReturnType<typeof flowStore>;

export function flowStore(table: Table) {
  const headWrite = (before: FlowHead | undefined, head: FlowHead) => ({
    Put: { TableName: table.name, Item: { ...headKey(head.id), ...head }, ...asItWas(before) },
  });

  const list = async (): Promise<FlowHead[]> => {
    const found: FlowHead[] = [];
    for await (const item of table.query(partition(HEADS))) found.push(headOf(item));
    return found;
  };

  const stored = async (id: string): Promise<Item[]> => {
    const found: Item[] = [];
    for await (const item of table.query(partition(`FLOW#${id}`))) found.push(item);
    return found;
  };

  const notes = async (id: string, from: number, to: number): Promise<VersionNote[]> => {
    const found: VersionNote[] = [];
    for await (const { sk, name, saved_at } of table.query({
      KeyConditionExpression: 'pk = :flow AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: {
        ':flow': `FLOW#${id}`,
        ':from': versionKey(id, from).sk,
        ':to': versionKey(id, to).sk,
      },
      ProjectionExpression: 'sk, #name, saved_at',
      ExpressionAttributeNames: { '#name': 'name' },
    }))
      found.push({ version: Number(sk), name: String(name), saved_at: Number(saved_at) });
    return found;
  };

  return {
    list,

    async head(id: string): Promise<FlowHead | undefined> {
      const item = await table.get(headKey(id));
      return item && headOf(item);
    },

    /** Of several flows of one name the oldest, so that no newcomer takes its calls. */
    async named(name: string): Promise<FlowHead | undefined> {
      const namesakes = (await list()).filter(head => head.name === name);
      return namesakes.sort((one, other) => one.created_at - other.created_at)[0];
    },

    /** Also one of a flow that was removed since, for the calls that run it. */
    async version(id: string, version: number): Promise<SavedFlow | undefined> {
      const item = await table.get(versionKey(id, version));
      return item && savedOf(item);
    },

    /** Newest first. @param before only versions below this one */
    async versions({ id, first }: FlowHead, before: number, limit: number): Promise<VersionNote[]> {
      const last = before - 1;
      const from = Math.max(first, before - limit);
      return from > last ? [] : (await notes(id, from, last)).reverse();
    },

    /**
     * A new version, the first one where `before` is undefined.
     * @returns undefined when somebody was faster: read again
     */
    async save(
      before: FlowHead | undefined,
      flow: NewFlow,
      { publish, now }: { publish: boolean; now: number },
    ): Promise<FlowHead | undefined> {
      const newest = before?.newest ?? Number((await stored(flow.id)).at(-1)?.sk ?? 0);
      const version = newest + 1;
      const isLive = publish || before?.published === undefined;
      const head: FlowHead = {
        ...(before ?? { id: flow.id, first: version, created_at: now }),
        name: isLive ? flow.name : before.name,
        newest: version,
        ...(publish && { published: version }),
        version: (before?.version ?? 0) + 1,
        updated_at: now,
      };
      const item = {
        ...versionKey(flow.id, version),
        ...{ name: flow.name, saved_at: now, flow: packed({ ...flow, version }) },
      };
      const write = { Put: { TableName: table.name, Item: item, ...isNew } };
      return (await table.transact([headWrite(before, head), write])) ? head : undefined;
    },

    /** @returns undefined when somebody was faster: read again */
    async publish(before: FlowHead, { version, name }: Flow, now: number): Promise<FlowHead | undefined> {
      const head = { ...before, name, published: version, version: before.version + 1, updated_at: now };
      return (await table.transact([headWrite(before, head)])) ? head : undefined;
    },

    /**
     * The flow is gone with its head; its versions go later. Dying in between leaves versions that only calls find.
     * @returns false when somebody was faster: read again
     */
    async remove(head: FlowHead, now: number): Promise<boolean> {
      if (!(await table.remove(headKey(head.id), asItWas(head)))) return false;
      const ttl = Math.ceil((now + REMEMBERED_DAYS * DAY_MS) / 1000);
      const versions = (await stored(head.id)).filter(({ sk }) => Number(sk) <= head.newest);
      await Promise.all(versions.map(item => table.put({ ...item, ttl })));
      return true;
    },
  };
}

const partition = (name: string) => ({
  KeyConditionExpression: 'pk = :partition',
  ExpressionAttributeValues: { ':partition': name },
});

function headOf({ pk: _pk, sk: _sk, ...head }: Item): FlowHead {
  return head as unknown as FlowHead;
}

const savedOf = ({ flow, saved_at }: Item): SavedFlow => ({
  flow: unpacked<Flow>(flow),
  saved_at: Number(saved_at),
});
