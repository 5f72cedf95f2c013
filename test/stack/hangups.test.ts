/** The caller hangs up, in every state a call can be in: what is counted, who is free again, and that no phone rings on. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';
import { happens, heard, rings, rung, tally, webhooks } from '../support/story.ts';

const GREETING = 'Thank you for calling. Please hold while we connect you.';
let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

it.concurrent('who leaves during the greeting has abandoned, and no phone rings', async () => {
  const queue = await stage.openQueue();
  const agent = await queue.agent();
  const { call, done } = queue.call({ hangsUp: { on: 'says', after: 1 } });
  await done;
  expect(heard(call)).toEqual([GREETING]);
  expect(rung(call)).toEqual([]);
  expect(await stage.record(call)).toMatchObject({ state: 'ended', outcome: 'abandoned', rings: [] });
  expect(await stage.agent(agent)).toMatchObject({ state: 'available', calls_handled: 0 });
  expect(tally(await queue.metrics())).toEqual({ abandoned: 1 });
});

it.concurrent('who leaves on hold has abandoned, and is not offered to the agent who comes afterwards', async () => {
  const queue = await stage.openQueue();
  const { call, done } = queue.call({ hangsUp: { on: 'plays', after: 5 } });
  await done;
  const agent = await queue.agent();
  await stage.product.settled();
  expect(heard(call)).toEqual([GREETING, 'You are next in line.', 'music 20 s']);
  expect(rung(call)).toEqual([]);
  expect(await queue.status()).toMatchObject({ callers_waiting: 0, callers: [] });
  expect(await stage.agent(agent)).toMatchObject({ state: 'available', current_call: null });
  expect(tally(await queue.metrics())).toEqual({ abandoned: 1 });
});

it.concurrent('who leaves while an agent rings stops the ringing and frees the agent at once, who has missed nothing', async () => {
  const queue = await stage.openQueue({ missed_limit: 1 });
  const agent = await queue.agent({ does: 'ignore' });
  const { call, done } = queue.call({ hangsUp: { on: 'rings', after: 5 } });
  await done;
  expect(webhooks(call).slice(-3)).toEqual(['DialHangup', 'Hangup', 'Redirect']);
  const record = await stage.record(call);
  expect(record).toMatchObject({ state: 'ended', outcome: 'abandoned', agent: null });
  expect(rings(record)).toEqual([`${agent} cancelled`]);
  expect(await stage.agent(agent)).toMatchObject({ state: 'available', current_call: null });
  expect(tally(await queue.metrics())).toEqual({ abandoned: 1 });
});

it.concurrent('all phones of a ring-all set stop when the caller leaves', async () => {
  const queue = await stage.openQueue({ strategy: 'ring_all' });
  const agents = [await queue.agent({ does: 'ignore' }), await queue.agent({ does: 'ignore' })];
  const { call, done } = queue.call({ hangsUp: { on: 'rings', after: 5 } });
  await done;
  expect(rung(call).sort()).toEqual(agents);
  expect(call.story.of('phone').map(({ did }) => did)).toEqual(['cancelled', 'cancelled']);
  for (const agent of agents) expect(await stage.agent(agent)).toMatchObject({ state: 'available' });
  expect(tally(await queue.metrics())).toEqual({ abandoned: 1 });
});

it('the agent whom a leaving caller frees rings for the next in line before the cycle is over', async () => {
  const queue = await stage.openQueue({ hold_wait_secs: 120, ring_timeout_secs: 120 });
  const agent = await queue.agent([{ does: 'ignore' }, { does: 'answer' }]);
  const first = queue.call({ hangsUp: { on: 'rings', after: 60 } });
  await happens(first.call, 'rings');
  const second = queue.call();
  await first.done;
  await second.done;
  expect(second.call.story.of('plays').length).toBeLessThanOrEqual(1);
  expect(await stage.record(second.call)).toMatchObject({ outcome: 'connected', agent });
  expect(tally(await queue.metrics())).toEqual({ abandoned: 1, connected: 1 });
});

it.concurrent('who leaves while talking was connected, and the agent is free', async () => {
  const queue = await stage.openQueue();
  const agent = await queue.agent({ does: 'answer', talks: 'forever' });
  const { call, done } = queue.call({ hangsUp: { on: 'bridged', after: 30 } });
  await done;
  expect(heard(call)).toEqual([GREETING, `bridged ${agent}`]);
  const record = await stage.record(call);
  expect(record).toMatchObject({ state: 'ended', outcome: 'connected', agent });
  expect(rings(record)).toEqual([`${agent} connected`]);
  expect(record.talked_secs).toBeGreaterThan(0);
  expect(await stage.agent(agent)).toMatchObject({ state: 'available', calls_handled: 1 });
  expect(tally(await queue.metrics())).toEqual({ connected: 1 });
});

it.concurrent('an agent who hangs up first is free, and the caller hears a goodbye', async () => {
  const queue = await stage.openQueue();
  const agent = await queue.agent({ does: 'answer', talks: 5, hangsUp: 'agent' });
  const { call, done } = queue.call();
  await done;
  expect(heard(call)).toEqual([GREETING, `bridged ${agent}`, 'Thank you for calling. Goodbye.']);
  expect(await stage.record(call)).toMatchObject({ state: 'ended', outcome: 'connected', agent });
  expect(await stage.agent(agent)).toMatchObject({
    state: 'available',
    calls_handled: 1,
    current_call: null,
  });
  expect(tally(await queue.metrics())).toEqual({ connected: 1 });
});

it.concurrent('who leaves before the tone has abandoned, although voicemail was offered', async () => {
  const queue = await stage.openQueue({ when_nobody: 'voicemail' });
  const { call, done } = queue.call({ hangsUp: { hearing: 'leave a message', after: 1 } });
  await done;
  expect(heard(call)).not.toContain('beep');
  expect(await stage.record(call)).toMatchObject({ outcome: 'abandoned', left: 'nobody', voicemail: null });
  expect(tally(await queue.metrics())).toEqual({ abandoned: 1 });
});

it.concurrent('who leaves while recording has left a message, and it is kept with its length', async () => {
  const queue = await stage.openQueue({ when_nobody: 'voicemail' });
  const { call, done } = queue.call({ hangsUp: { on: 'records', after: 7 } });
  await done;
  expect(webhooks(call).slice(-2)).toEqual(['Hangup', 'RecordStop']);
  const record = await stage.record(call);
  expect(record).toMatchObject({ state: 'ended', outcome: 'voicemail', left: 'nobody' });
  const [recorded] = call.story.of('recorded');
  expect(record.voicemail.url).toContain(recorded?.recording);
  expect(record.voicemail.duration_secs).toBe(Math.round((recorded?.ms ?? 0) / 1000));
  expect(tally(await queue.metrics())).toEqual({ voicemails: 1 });
});
