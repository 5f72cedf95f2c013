/** The transaction in which everything changes: all of it or nothing, and one winner among any number. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Call } from '../../lambda/call/call.ts';
import { arrive, beginWaiting, connect, offer } from '../../lambda/call/transitions.ts';
import { type Agent, newAgent } from '../../lambda/queue/agent.ts';
import { queue } from '../queue/fixtures.ts';
import { openStore } from './store.ts';

const NOW = Date.parse('2026-03-02T10:30:00Z');
let store: Awaited<ReturnType<typeof openStore>>;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.stop());

/** A queue of its own for each test, so that tests share the tables without meeting. */
const newQueue = () => queue({ id: randomUUID() });
type Queue = ReturnType<typeof newQueue>;

async function waitingCall(queue: Queue, joined = NOW): Promise<Call> {
  const inbound = { from: '+919811111111', to: '+911140000000', direction: 'inbound' } as const;
  const call = arrive({ ...inbound, id: randomUUID() }, queue, joined);
  const greeted = await store.commit({ call: { before: undefined, after: call }, agents: [] });
  if (!greeted) throw new Error('The call was there before it came.');
  const { call: waiting } = beginWaiting({ call: greeted, agents: [] }, queue, joined);
  const stored = await store.commit({ call: { before: greeted, after: waiting }, agents: [] });
  if (!stored) throw new Error('Somebody else changed the call.');
  return stored;
}

async function storedAgent(queue: Queue): Promise<Agent> {
  const number = `+9198${Math.floor(Math.random() * 1e8)
    .toString()
    .padStart(8, '0')}`;
  const agent = { ...newAgent(number, 'Agent', NOW), queues: [queue.id] };
  await store.directory.agents.save(undefined, agent);
  return { ...agent, version: 1 };
}

async function reserve(call: Call, agent: Agent, queue: Queue): Promise<Call | undefined> {
  const after = offer(call, [agent], queue, NOW);
  const [reserved = agent] = after.agents;
  return store.commit({
    call: { before: call, after: after.call },
    agents: [{ before: agent, after: reserved }],
  });
}

it('a caller enters the line, keeps the place while ringing, and leaves it with the answer', async () => {
  const queue = newQueue();
  const waiting = await waitingCall(queue);
  const agent = await storedAgent(queue);
  expect(await store.line.places(queue.id)).toMatchObject([{ id: waiting.id, joined_at: NOW }]);
  const offered = await reserve(waiting, agent, queue);
  expect(await store.line.length(queue.id)).toBe(1);
  const reserved = await store.directory.agents.one(agent.number);
  if (!offered || !reserved) throw new Error('Not reserved.');
  const talking = connect({ call: offered, agents: [reserved] }, agent.number, NOW);
  const [busy = reserved] = talking.agents;
  await store.commit({
    call: { before: offered, after: talking.call },
    agents: [{ before: reserved, after: busy }],
  });
  expect(await store.line.length(queue.id)).toBe(0);
  expect(await store.directory.agents.one(agent.number)).toMatchObject({ state: 'busy', call: waiting.id });
});

it('orders the line by priority, then by time of joining', async () => {
  const queue = newQueue();
  const late = await waitingCall(queue, NOW + 2000);
  const early = await waitingCall(queue, NOW + 1000);
  const urgent = await waitingCall({ ...queue, priority: 9 }, NOW + 3000);
  const places = await store.line.places(queue.id);
  expect(places.map(place => place.id)).toEqual([urgent.id, early.id, late.id]);
  const ahead = await Promise.all([urgent, early, late].map(call => store.line.ahead(call)));
  expect(ahead.map(places => places.length)).toEqual([0, 1, 2]);
});

it('one of two offers of the same agent is refused, and leaves nothing behind', async () => {
  const queue = newQueue();
  const [a, b] = [await waitingCall(queue), await waitingCall(queue)];
  const agent = await storedAgent(queue);
  expect(await reserve(a, agent, queue)).toMatchObject({ state: 'offered' });
  expect(await reserve(b, agent, queue)).toBeUndefined();
  expect(await store.calls.one(b.id)).toEqual(b);
  expect(await store.directory.agents.one(agent.number)).toMatchObject({ call: a.id });
});

it('one of two offers to the same caller is refused, and the other agent stays free', async () => {
  const queue = newQueue();
  const call = await waitingCall(queue);
  const [a, b] = [await storedAgent(queue), await storedAgent(queue)];
  expect(await reserve(call, a, queue)).toBeDefined();
  expect(await reserve(call, b, queue)).toBeUndefined();
  expect(await store.directory.agents.one(b.number)).toEqual(b);
});

it('of fifty who want one agent at the same moment exactly one gets the agent, twenty-five times over', async () => {
  const queue = newQueue();
  const callers: Awaited<ReturnType<typeof waitingCall>>[] = [];
  while (callers.length < 50) callers.push(await waitingCall(queue));
  for (let round = 0; round < 25; round++) {
    const agent = await storedAgent(queue);
    const results = await Promise.all(callers.map(call => reserve(call, agent, queue)));
    const winners = results.flatMap((stored, at) => (stored ? [{ stored, at }] : []));
    expect(winners).toHaveLength(1);
    const [{ stored, at } = { stored: undefined, at: 0 }] = winners;
    expect((await store.directory.agents.one(agent.number))?.call).toBe(stored?.id);
    callers[at] = await waitingCall(queue);
  }
}, 30_000);
