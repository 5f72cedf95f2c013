/** An agent kept for a caller who is being greeted in one queue is free for all of their queues when that one hangs up. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { completeQueue } from '../../lambda/app/context.ts';
import { dispatch } from '../../lambda/app/dispatch.ts';
import { newCallback } from '../../lambda/call/callback.ts';
import { newAgent } from '../../lambda/queue/agent.ts';
import { START, type TestContext, testContext } from '../support/context.ts';
import { arrive, hangUp, LINE } from '../webhooks/carrier.ts';

let context: TestContext;
beforeEach(async () => {
  context = await testContext({ FROM_NUMBER: LINE });
});
afterEach(() => context.stop());

test('the callback in the other queue is rung', async () => {
  const { queues, agents } = context.store.directory;
  await queues.create({ id: 'sales' });
  await arrive(context, 'greeted');
  context.time += 1000;
  const sales = completeQueue(context.settings, { id: 'sales' });
  const place = { priority: 0, skills: [], joined_at: context.time };
  const callback = newCallback({ id: 'cb', from: LINE, to: '+919811112222', ...place }, sales, context.time);
  await context.store.commit({ call: { before: undefined, after: callback }, agents: [] });
  const agent = { ...newAgent('+919000000001', 'A', START), queues: ['default', 'sales'] };
  await agents.save(undefined, { ...agent, state: 'available' });
  await dispatch(context, ['default', 'sales']);
  expect(context.carrierLog.placed).toEqual([]);
  await hangUp(context, 'greeted');
  expect(context.carrierLog.placed.map(({ to }) => to)).toEqual(['+919000000001']);
});
