import { afterEach, beforeEach, expect, test } from 'vitest';
import { METRICS } from '../../lambda/platform/names.ts';
import { gauges } from '../../lambda/sweep/gauges.ts';
import { agent, caller } from '../queue/fixtures.ts';
import { type TestContext, testContext } from '../support/context.ts';

let context: TestContext;
const open = async (settings: Record<string, string> = {}) => {
  context = await testContext(settings);
};
beforeEach(() => open());
afterEach(() => context.stop());

const joins = (digit: number, queue: string) =>
  context.store.commit({ call: { before: undefined, after: caller(digit, { queue }) }, agents: [] });
const employs = (...args: Parameters<typeof agent>) =>
  context.store.directory.agents.save(undefined, agent(...args));

async function gauge(name: string): Promise<Record<string, number>> {
  const measured = await gauges(context, ['default', 'sales']);
  return Object.fromEntries(measured.filter(one => one.name === name).map(one => [one.queue, one.value]));
}

test('callers are unattended where nobody is at work, however many agents other queues have', async () => {
  await joins(1, 'default');
  await joins(2, 'sales');
  await joins(3, 'sales');
  await employs(1);
  expect(await gauge(METRICS.unattended)).toEqual({ default: 0, sales: 2 });
  expect(await gauge(METRICS.callersWaiting)).toEqual({ default: 1, sales: 2 });
});

test.each([
  ['available', 0],
  ['busy', 0],
  ['reserved', 0],
  ['wrap_up', 0],
  ['away', 1],
  ['offline', 1],
] as const)('with one agent who is %s, %i of one caller is unattended', async (state, expected) => {
  await joins(1, 'sales');
  await employs(1, { state, queues: ['sales'], until: context.time + 60_000 });
  expect(await gauge(METRICS.unattended)).toEqual({ default: 0, sales: expected });
});

test('a queue without callers has no unattended ones, though nobody is there', async () => {
  expect(await gauge(METRICS.unattended)).toEqual({ default: 0, sales: 0 });
});

test('the agent behind AGENT_NUMBER attends to every queue that has no agents of its own', async () => {
  await context.stop();
  await open({ AGENT_NUMBER: '+918800000009' });
  await joins(1, 'default');
  await joins(2, 'sales');
  expect(await gauge(METRICS.unattended)).toEqual({ default: 0, sales: 0 });
  expect(await gauge(METRICS.agentsAvailable)).toEqual({ default: 1, sales: 1 });
  await employs(1, { state: 'away', queues: ['sales'] });
  expect(await gauge(METRICS.unattended)).toEqual({ default: 0, sales: 1 });
});
