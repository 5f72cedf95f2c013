/** Agents on the phone: how they miss a ring, rest, wrap up and leave, and which of them is asked first. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Manner } from '../../carrier/index.ts';
import { agentNumber, eventually, openStage, type Stage, type StageQueue } from '../support/stage.ts';
import { happens, heard, rings, rung, tally } from '../support/story.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const becomes = (agent: string, state: string) =>
  eventually(
    () => stage.agent(agent),
    ({ state: now }) => now === state,
  );

describe.concurrent('a missed ring', () => {
  const ways: [string, Manner, string][] = [
    ['is busy', { does: 'busy', after: 1 }, 'busy'],
    ['cannot be reached', { does: 'fail', after: 1 }, 'failed'],
    ['rejects the call', { does: 'reject', after: 1 }, 'failed'],
    ['does not answer', { does: 'ignore' }, 'no_answer'],
  ];
  it.each(ways)('when an agent %s, the next one rings at once', async (_what, manner, result) => {
    const queue = await stage.openQueue();
    const first = await queue.agent(manner);
    const second = await queue.agent();
    const { call, done } = queue.call();
    await done;
    expect(rung(call)).toEqual([first, second]);
    expect(heard(call).filter(sound => sound.startsWith('music'))).toEqual([]);
    expect(rings(await stage.record(call))).toEqual([`${first} ${result}`, `${second} connected`]);
    expect(await stage.agent(first)).toMatchObject({ state: 'available', calls_handled: 0 });
    expect(tally(await queue.metrics())).toEqual({ connected: 1 });
  });

  it('three times in a row sends the agent away, until the agent says otherwise', async () => {
    const queue = await stage.openQueue({ hold_wait_secs: 5, ring_timeout_secs: 5, max_wait_cycles: 5 });
    const agent = await queue.agent({ does: 'ignore' });
    const { call, done } = queue.call();
    await done;
    expect(rung(call)).toEqual([agent, agent, agent]);
    expect(await stage.agent(agent)).toMatchObject({ state: 'away', reason: 'missed_calls' });
    expect(await stage.record(call)).toMatchObject({ outcome: 'voicemail', left: 'max_cycles' });
    const { body } = await stage.api('PATCH', `/agents/${encodeURIComponent(agent)}`, { state: 'available' });
    expect(body).toMatchObject({ state: 'available', reason: null });
  });

  it('lets an agent who must confirm with a key pass for unanswered, as a voicemail does', async () => {
    const queue = await stage.openQueue({ confirm_key: '1', name: 'Sales' });
    const machine = await queue.agent({ does: 'voicemail', after: 1 });
    const person = await queue.agent();
    const { call, done } = queue.call();
    await done;
    expect(new Set(call.story.of('whispers').map(({ text }) => text))).toEqual(
      new Set(['A call from the queue Sales. To take it, press 1.']),
    );
    expect(rings(await stage.record(call))).toEqual([`${machine} no_answer`, `${person} connected`]);
    expect(await stage.agent(machine)).toMatchObject({ calls_handled: 0 });
  });
});

describe('a phone that answers the second time', () => {
  it('costs the caller neither the place in line nor more than one cycle before the same phone rings again', async () => {
    const queue = await stage.openQueue();
    const agent = await queue.agent([{ does: 'ignore' }, { does: 'answer' }]);
    const { call, done } = queue.call();
    await happens(call, 'plays');
    expect((await queue.status()).callers).toMatchObject([{ call_id: call.uuid, position: 1 }]);
    await done;
    const course = call.story.entries.flatMap(({ kind }) =>
      kind === 'rings' || kind === 'plays' ? [kind] : [],
    );
    expect(course).toEqual(['rings', 'plays', 'rings']);
    expect(call.story.musicMs()).toBeGreaterThanOrEqual(20_000);
    expect(await stage.record(call)).toMatchObject({ outcome: 'connected', agent });
  });

  it('is for the callers behind, while the one whose ring was missed waits for the next cycle', async () => {
    const queue = await stage.openQueue({ hold_wait_secs: 120 });
    const agent = await queue.agent([{ does: 'ignore' }, { does: 'answer' }]);
    const first = queue.call({ hangsUp: { on: 'plays', after: 100 } });
    await happens(first.call, 'rings');
    const second = queue.call();
    await second.done;
    await first.done;
    expect(rung(first.call)).toEqual([agent]);
    expect(await stage.record(second.call)).toMatchObject({ outcome: 'connected', agent });
  });
});

describe.concurrent('after a call', () => {
  it('wrap-up is respected to its end, and then the next caller is fetched', async () => {
    const queue = await stage.openQueue({ wrap_up_secs: 1, hold_wait_secs: 200 });
    const agent = await queue.agent({ does: 'answer', talks: 10 });
    const first = queue.call();
    await happens(first.call, 'bridged');
    const second = queue.call();
    await happens(first.call, 'unbridged');
    const freed = Date.now();
    await becomes(agent, 'wrap_up');
    await happens(second.call, 'rings');
    expect(Date.now() - freed).toBeGreaterThan(900);
    expect(second.call.story.of('transferred')).toHaveLength(1);
    await Promise.all([first.done, second.done]);
    expect(tally(await queue.metrics())).toEqual({ connected: 2 });
  });

  it('who was deleted during a call finishes it and gets no other', async () => {
    const queue = await stage.openQueue();
    const agent = await queue.agent({ does: 'answer', talks: 40 });
    const first = queue.call();
    await becomes(agent, 'busy');
    const { body } = await stage.api('DELETE', `/agents/${encodeURIComponent(agent)}`);
    expect(body).toEqual({ status: 'offline', number: agent });
    expect(await stage.agent(agent)).toMatchObject({ state: 'busy', current_call: first.call.uuid });
    const second = queue.call({ hangsUp: { on: 'plays', after: 50 } });
    await Promise.all([first.done, second.done]);
    expect(heard(first.call).at(-1)).toBe('Thank you for calling. Goodbye.');
    expect(rung(second.call)).toEqual([]);
    expect(await stage.agent(agent)).toMatchObject({
      state: 'offline',
      calls_handled: 1,
      current_call: null,
    });
    expect(tally(await queue.metrics())).toEqual({ connected: 1, abandoned: 1 });
  });

  it('who went away during the ring still takes that call, and no other', async () => {
    const queue = await stage.openQueue();
    const agent = await queue.agent({ does: 'answer', after: 10 });
    const first = queue.call();
    await happens(first.call, 'rings');
    await stage.api('PATCH', `/agents/${encodeURIComponent(agent)}`, { state: 'away', reason: 'lunch' });
    const second = queue.call({ hangsUp: { on: 'plays', after: 30 } });
    await Promise.all([first.done, second.done]);
    expect(await stage.record(first.call)).toMatchObject({ outcome: 'connected', agent });
    expect(rung(second.call)).toEqual([]);
    expect(await stage.agent(agent)).toMatchObject({ state: 'away', reason: 'lunch' });
  });
});

describe.concurrent('who is asked', () => {
  it('an agent of two queues serves both, one call at a time', async () => {
    const sales = await stage.openQueue({ hold_wait_secs: 120 });
    const support = await stage.openQueue({ hold_wait_secs: 120 });
    const agent = await sales.agent({ does: 'answer', talks: 30 }, { queues: [sales.id, support.id] });
    const first = sales.call();
    await happens(first.call, 'bridged');
    const second = support.call();
    await Promise.all([first.done, second.done]);
    for (const { call } of [first, second]) expect(await stage.record(call)).toMatchObject({ agent });
    expect(tally(await sales.metrics())).toEqual({ connected: 1 });
    expect(tally(await support.metrics())).toEqual({ connected: 1 });
    expect(stage.vobiz.phones.collisions).toEqual([]);
  });

  it('only agents with the skills of the queue, and the first tier before the second', async () => {
    const queue = await stage.openQueue({ skills: ['hindi'] });
    const second = await queue.agent({ does: 'answer' }, { skills: ['hindi'], tier: 2 });
    await queue.agent({ does: 'answer' }, { skills: ['tamil'] });
    const first = await queue.agent({ does: 'busy', after: 1 }, { skills: ['tamil', 'hindi'] });
    const { call, done } = queue.call();
    await done;
    expect(rung(call)).toEqual([first, second]);
  });

  it('not an agent who is calling in', async () => {
    const queue = await stage.openQueue();
    const agent = await queue.agent();
    const { call, done } = queue.call({ from: agent, hangsUp: { on: 'plays', after: 1 } });
    await done;
    expect(rung(call)).toEqual([]);
    expect(await stage.agent(agent)).toMatchObject({ state: 'available' });
  });

  const courses: [string, (a: string, b: string, c: string) => string[]][] = [
    ['round_robin', (a, b, c) => [a, b, c, a]],
    ['longest_idle', (a, b, c) => [a, b, c, a]],
    ['fewest_calls', (a, b, c) => [a, b, c, a]],
    ['top_down', a => [a, a, a, a]],
  ];
  it.each(courses)('%s, over four calls', async (strategy, expected) => {
    const queue = await stage.openQueue({ strategy });
    const [a, b, c] = [await queue.agent(), await queue.agent(), await queue.agent()];
    expect(await agentsOfCalls(queue, 4)).toEqual(expected(a, b, c));
  });

  it('random: each of them sooner or later', async () => {
    const queue = await stage.openQueue({ strategy: 'random' });
    const agents = [await queue.agent(), await queue.agent()];
    const seen = new Set<string>();
    await eventually(
      async () => seen.add((await agentsOfCalls(queue, 1))[0] ?? ''),
      ({ size }) => size === agents.length,
    );
    expect([...seen].sort()).toEqual(agents);
  });
});

describe.concurrent('ring_all', () => {
  it('the first to answer gets the call, the others stop ringing and are free', async () => {
    const queue = await stage.openQueue({ strategy: 'ring_all' });
    const slow = await queue.agent({ does: 'answer', after: 10 });
    const quick = await queue.agent({ does: 'answer', after: 3, talks: 60 });
    const { call, done } = queue.call();
    await happens(call, 'bridged');
    await becomes(slow, 'available');
    await becomes(quick, 'busy');
    await done;
    expect(heard(call)).toContain(`bridged ${quick}`);
    expect(call.story.of('phone').find(({ to }) => slow.endsWith(to.replace('+', '')))?.did).toBe(
      'lost the race',
    );
    expect(await stage.record(call)).toMatchObject({ outcome: 'connected', agent: quick });
    expect(await stage.agent(slow)).toMatchObject({ state: 'available', calls_handled: 0 });
  });

  it('nobody answers: all have missed it, and all ring again after a cycle', async () => {
    const queue = await stage.openQueue({ strategy: 'ring_all', max_wait_cycles: 2 });
    const agents = [await queue.agent({ does: 'ignore' }), await queue.agent({ does: 'busy', after: 1 })];
    const { call, done } = queue.call();
    await done;
    expect(rung(call).slice(0, 2).sort()).toEqual(agents);
    const record = await stage.record(call);
    expect(record).toMatchObject({ outcome: 'voicemail', left: 'max_cycles' });
    expect(record.rings).toMatchObject([{ result: 'no_answer' }, { result: 'no_answer' }]);
    for (const agent of agents) expect(await stage.agent(agent)).toMatchObject({ state: 'available' });
  });

  it('two answer at the same moment: one talks, the other is free', async () => {
    const queue = await stage.openQueue({ strategy: 'ring_all' });
    const agents = [await queue.agent(), await queue.agent()];
    const { call, done } = queue.call();
    await done;
    expect(call.story.of('bridged')).toHaveLength(1);
    const { agent } = await stage.record(call);
    expect(agents).toContain(agent);
    const handled = await Promise.all(agents.map(async one => (await stage.agent(one)).calls_handled));
    expect(handled.sort()).toEqual([0, 1]);
    for (const one of agents) expect(await stage.agent(one)).toMatchObject({ state: 'available' });
  });
});

it('with nobody registered AGENT_NUMBER rings, for one caller at a time', async () => {
  const fallback = agentNumber();
  const own = await openStage({ settings: { AGENT_NUMBER: fallback } });
  try {
    const queue = await own.openQueue();
    const first = queue.call();
    await happens(first.call, 'bridged');
    const second = queue.call();
    await Promise.all([first.done, second.done]);
    for (const { call } of [first, second]) expect(rung(call)).toEqual([fallback]);
    expect(tally(await queue.metrics())).toEqual({ connected: 2 });
    expect(own.vobiz.phones.collisions).toEqual([]);
    const agent = await queue.agent();
    const third = queue.call();
    await third.done;
    expect(rung(third.call)).toEqual([agent]);
  } finally {
    await own.close();
  }
});

/** Calls one after the other; each is over before the next begins. */
async function agentsOfCalls(queue: StageQueue, count: number): Promise<string[]> {
  const agents: string[] = [];
  for (let made = 0; made < count; made++) {
    const { call, done } = queue.call();
    await done;
    agents.push((await stage.record(call)).agent);
  }
  return agents;
}
