/**
 * Flows that run without a caller (`on_complete_flow_id` and the like), beside the call that they come from.
 *
 *   CALL#<id>  RUN#<run>  the run as its last step left it, packed
 */
import type { FlowRun } from '../call/flow-run.ts';
import { DAY_MS } from '../platform/time.ts';
import { packed, unpacked } from './packed.ts';
import { asItWas, type Item, type Key, type Table } from './table.ts';

export interface SavedRun {
  call: string;
  /** Unique within its call. */
  id: string;
  /** Of the item; 0 for one that was never stored. */
  version: number;
  run: FlowRun;
  began_at: number;
  /** When somebody last worked on it. */
  held_at: number;
}

const keyOf = (call: string, id: string): Key => ({ pk: `CALL#${call}`, sk: `RUN#${id}` });

export type Runs = ReturnType<typeof runs>;

export function runs(table: Table, retentionDays: number) {
  const list = async (call: string): Promise<SavedRun[]> => {
    const found: SavedRun[] = [];
    const partition = {
      KeyConditionExpression: 'pk = :call AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: { ':call': `CALL#${call}`, ':first': 'RUN#', ':last': 'RUN$' },
    };
    for await (const item of table.query(partition)) found.push(runOf(item));
    return found;
  };

  return {
    list,

    async one(call: string, id: string): Promise<SavedRun | undefined> {
      const item = await table.get(keyOf(call, id));
      return item && runOf(item);
    },

    /** @returns what is stored, or undefined when somebody was faster */
    async save(saved: SavedRun): Promise<SavedRun | undefined> {
      const next = { ...saved, version: saved.version + 1 };
      const item = {
        ...next,
        ...keyOf(saved.call, saved.id),
        run: packed(saved.run),
        ttl: Math.ceil((saved.began_at + (retentionDays + 1) * DAY_MS) / 1000),
      };
      return (await table.put(item, asItWas(saved))) ? next : undefined;
    },

    async erase(call: string): Promise<void> {
      for (const { id } of await list(call)) await table.remove(keyOf(call, id));
    },
  };
}

function runOf({ pk: _pk, sk: _sk, ttl: _ttl, ...item }: Item): SavedRun {
  return { ...item, run: unpacked<FlowRun>(item.run) } as unknown as SavedRun;
}
