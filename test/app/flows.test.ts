/** Flows as calls find them. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { flowOf, libraryOf } from '../../lambda/app/flows.ts';
import type { NewFlow } from '../../lambda/store/flows.ts';
import { type TestContext, testContext } from '../support/context.ts';

let context: TestContext;
beforeAll(async () => {
  context = await testContext();
});
afterAll(() => context.stop());

async function save(id: string, { name = id, publish = true }: { name?: string; publish?: boolean } = {}) {
  const { flows } = context.store;
  const flow: NewFlow = { id, name, actions: [{ type: 'answer' }] };
  await flows.save(await flows.head(id), flow, { publish, now: context.now() });
}

it('by id, else by name, and published only', async () => {
  await save('menu', { name: 'Main menu' });
  await save('other', { name: 'menu' });
  expect(await flowOf(context, 'menu')).toMatchObject({ id: 'menu', version: 1 });
  expect(await flowOf(context, 'Main menu')).toMatchObject({ id: 'menu' });
  await save('menu', { name: 'Draft menu', publish: false });
  expect(await flowOf(context, 'menu')).toMatchObject({ version: 1, name: 'Main menu' });
  await save('never', { publish: false });
  expect(await flowOf(context, 'never')).toBeUndefined();
  expect(await flowOf(context, 'nobody')).toBeUndefined();
  expect(await flowOf(context, '')).toBeUndefined();
});

it('a running flow keeps its version, which is read once', async () => {
  await save('long');
  const read = vi.spyOn(context.store.flows, 'version');
  const names = [{ flow: 'long', version: 1 }];
  const before = await libraryOf(context, names);
  await save('long');
  expect((await flowOf(context, 'long'))?.version).toBe(2);
  expect((await libraryOf(context, names))('long', 1)).toBe(before('long', 1));
  expect(read.mock.calls).toEqual([
    ['long', 1],
    ['long', 2],
  ]);
  read.mockRestore();
});

it('a library has what was asked for and exists', async () => {
  await save('here');
  const library = await libraryOf(context, [
    { flow: 'here', version: 1 },
    { flow: 'here', version: 7 },
    { flow: 'nowhere', version: 1 },
  ]);
  expect(library('here', 1)?.id).toBe('here');
  expect(library('here', 7)).toBeUndefined();
  expect(library('nowhere', 1)).toBeUndefined();
});
