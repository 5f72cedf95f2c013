/** Conversations cross sessions: what a successor has written, its predecessor cannot take back. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { streamName } from '../../lambda/media/stream-name.ts';
import type { SavedConversation } from '../../lambda/store/conversations.ts';
import { START, type TestContext, testContext } from '../support/context.ts';

let context: TestContext;
beforeEach(async () => {
  context = await testContext();
});
afterEach(() => context.stop());

const CALL = { id: 'call-1', joined_at: START };
const saved = (turn: number) => ({ conversation: { turn } }) as SavedConversation;

it('is as the latest session left it', async () => {
  const { conversations } = context.store;
  expect(await conversations.load('call-1')).toBeUndefined();
  expect(await conversations.save(CALL, 'call-1', 1, saved(1))).toBe(true);
  expect(await conversations.save(CALL, 'call-1', 1, saved(2))).toBe(true);
  expect(await conversations.save(CALL, 'call-1', 2, { ...saved(3), after: 70 })).toBe(true);
  expect(await conversations.save(CALL, 'call-1', 1, saved(4))).toBe(false);
  expect(await conversations.load('call-1')).toEqual({ ...saved(3), after: 70 });
});

it('is nobody else’s, and goes when it is erased', async () => {
  const { conversations } = context.store;
  await conversations.save(CALL, 'call-1', 1, saved(1));
  expect(await conversations.load('call-2')).toBeUndefined();
  await conversations.erase('call-1');
  expect(await conversations.load('call-1')).toBeUndefined();
});

it('a call may have several, which are listed in order and erased together', async () => {
  const { conversations } = context.store;
  const streams = Array.from({ length: 12 }, (_, at) => streamName('call-1', 'talk', at + 1));
  for (const [at, stream] of [...streams.entries()].reverse())
    await conversations.save(CALL, stream, 1, saved(at + 1));
  expect(await conversations.load('call-1')).toEqual(saved(1));
  expect(await conversations.load('call-1#talk-10')).toEqual(saved(10));
  const turns = (await conversations.ofCall('call-1')).map(({ conversation }) => conversation.turn);
  expect(turns).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  await conversations.erase('call-1');
  expect(await conversations.ofCall('call-1')).toEqual([]);
});
