/** Flows in the store: heads, versions that never change, and what a removal leaves. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FlowHead, flowStore, type NewFlow } from '../../lambda/store/flows.ts';
import { MemoryTables } from '../support/memory-table.ts';
import { openStore } from './store.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');
const live = (now = NOW) => ({ publish: true, now });
const draft = (now = NOW) => ({ publish: false, now });

let store: Awaited<ReturnType<typeof openStore>>;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.stop());

const flow = (id: string, text = 'Hello', name = `Flow ${id}`): NewFlow => ({
  id,
  name,
  actions: [{ type: 'talk', option: { text } }],
});

async function save(
  before: FlowHead | undefined,
  given: NewFlow,
  how: { publish: boolean; now: number } = live(),
): Promise<FlowHead> {
  const head = await store.flows.save(before, given, how);
  if (!head) throw new Error('Somebody was faster.');
  return head;
}

it('keeps every version as it was, and says which one is live', async () => {
  const first = await save(undefined, flow('kept', 'One'));
  expect(first).toMatchObject({ newest: 1, published: 1, created_at: NOW });
  const second = await save(first, flow('kept', 'Two', 'New name'), draft(NOW + 1));
  expect(second).toMatchObject({ name: 'Flow kept', newest: 2, published: 1, updated_at: NOW + 1 });
  expect(await store.flows.head('kept')).toEqual(second);
  expect((await store.flows.version('kept', 1))?.flow).toEqual({ ...flow('kept', 'One'), version: 1 });
  expect(await store.flows.versions(second, 3, 10)).toEqual([
    { saved_at: NOW + 1, version: 2, name: 'New name' },
    { saved_at: NOW, version: 1, name: 'Flow kept' },
  ]);
  expect(await store.flows.versions(second, 3, 1)).toMatchObject([{ version: 2 }]);
  expect(await store.flows.versions(second, 2, 1)).toMatchObject([{ version: 1 }]);
  expect(await store.flows.versions(second, 1, 1)).toEqual([]);
  const saved = await store.flows.version('kept', 2);
  expect(saved && (await store.flows.publish(second, saved.flow, NOW + 2))).toMatchObject({
    name: 'New name',
    published: 2,
  });
  expect(await store.flows.version('kept', 3)).toBeUndefined();
});

it('finds a flow by its name, the oldest of several', async () => {
  await save(undefined, flow('younger', 'B', 'Twins'), live(NOW + 1));
  await save(undefined, flow('older', 'A', 'Twins'));
  expect(await store.flows.named('Twins')).toMatchObject({ id: 'older' });
  expect(await store.flows.named('twins')).toBeUndefined();
});

it('lets one of two writers through, whatever both have read', async () => {
  const [one, other] = await Promise.all(
    [1, 2].map(n => store.flows.save(undefined, flow('raced', `${n}`), live())),
  );
  expect([one, other].filter(Boolean)).toHaveLength(1);
  const head = (one ?? other) as FlowHead;
  const both = await Promise.all(
    [1, 2].map(n => store.flows.save(head, flow('raced', `again ${n}`), live())),
  );
  expect(both.filter(Boolean)).toHaveLength(1);
  expect(await store.flows.head('raced')).toMatchObject({ newest: 2 });
  expect(await store.flows.publish(head, { ...flow('raced'), version: 1 }, NOW)).toBeUndefined();
  expect(await store.flows.remove(head, NOW)).toBe(false);
});

it('forgets a removed flow, but not what a version of it means', async () => {
  const head = await save(undefined, flow('gone', 'Old'));
  expect(await store.flows.remove(head, NOW)).toBe(true);
  expect(await store.flows.head('gone')).toBeUndefined();
  expect((await store.flows.version('gone', 1))?.flow.actions).toEqual(flow('gone', 'Old').actions);
  const again = await save(undefined, flow('gone', 'New'));
  expect(again).toMatchObject({ first: 2, newest: 2, published: 2 });
  expect(await store.flows.versions(again, 3, 10)).toMatchObject([{ version: 2 }]);
});

it('a removal that dies halfway leaves the next flow of that id no versions', async () => {
  const table = new MemoryTables().view('Directory');
  const flows = flowStore(table);
  const head = await flows.save(undefined, flow('half', 'Old'), live());
  const dying = flowStore({
    ...table,
    put: async () => {
      throw new Error('died');
    },
  });
  await expect(dying.remove(head as FlowHead, NOW)).rejects.toThrow('died');
  const again = (await flows.save(undefined, flow('half', 'New'), live())) as FlowHead;
  expect(again).toMatchObject({ first: 2, newest: 2 });
  expect(await flows.versions(again, 3, 10)).toMatchObject([{ version: 2 }]);
});

it('takes a flow of 300 KB that cannot be compressed', async () => {
  const noise = Array.from({ length: 100_000 }, () =>
    String.fromCharCode(0x800 + Math.random() * 0x7000),
  ).join('');
  await save(undefined, flow('large', noise));
  expect((await store.flows.version('large', 1))?.flow.actions[0]?.option).toEqual({ text: noise });
});
