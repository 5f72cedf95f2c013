/** Who is offered to whom: each strategy, and what holds whatever the line and the agents are. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Call } from '../../lambda/call/call.ts';
import type { Agent } from '../../lambda/queue/agent.ts';
import { byPlace, match, staff } from '../../lambda/queue/match.ts';
import { type Queue, STRATEGIES } from '../../lambda/queue/queue.ts';
import { agent, caller, queue } from './fixtures.ts';

const queues = (...all: Queue[]) => new Map(all.map(one => [one.id, one]));

/** `call-1: 3 2, call-2: 1`: who gets whom, by the last digit of the agents' numbers. */
function pairs(callers: Call[], agents: Agent[], among = queues(queue()), chance = 0): string {
  return match(callers, agents, among, () => chance)
    .map(pair => `${pair.call.id}: ${pair.agents.map(({ number }) => number.at(-1)).join(' ')}`)
    .join(', ');
}

const strategies: [Queue['strategy'], string, number][] = [
  ['round_robin', '2', 0],
  ['longest_idle', '3', 0],
  ['fewest_calls', '1', 0],
  ['top_down', '1', 0],
  ['random', '1', 0],
  ['random', '3', 0.99],
  ['ring_all', '2 1 3', 0],
];

const THREE = [
  agent(1, { last_offered_at: 20, available_since: 9, calls_handled: 0 }),
  agent(2, { last_offered_at: 10, available_since: 8, calls_handled: 4 }),
  agent(3, { last_offered_at: 30, available_since: 7, calls_handled: 5 }),
];

describe('matching', () => {
  test.each(strategies)('%s chooses %s (chance %d)', (strategy, chosen, chance) => {
    expect(pairs([caller(1)], THREE, queues(queue({ strategy })), chance)).toBe(`call-1: ${chosen}`);
  });

  test('random draws anew for each caller', () => {
    const draws = [0.99, 0];
    const random = queues(queue({ strategy: 'random' }));
    const found = match([caller(1), caller(2)], THREE, random, () => draws.shift() ?? 0.5);
    expect(found.map(pair => pair.agents.map(({ name }) => name))).toEqual([['Agent 3'], ['Agent 1']]);
  });

  test('ring_all rings no more telephones than its limit', () => {
    const few = queues(queue({ strategy: 'ring_all', ring_all_limit: 2 }));
    expect(pairs([caller(1)], THREE, few)).toBe('call-1: 2 1');
  });

  test.each(STRATEGIES)('%s asks the first tier that has anyone free', strategy => {
    const tiers = [agent(1, { tier: 2 }), agent(2, { tier: 1, state: 'busy' }), agent(3, { tier: 3 })];
    expect(pairs([caller(1)], tiers, queues(queue({ strategy })))).toBe('call-1: 1');
  });

  test('skills of the queue and of the call are both needed', () => {
    const agents = [agent(1, { skills: ['hindi'] }), agent(2, { skills: ['hindi', 'billing'] })];
    const hindi = queues(queue({ skills: ['hindi'] }));
    expect(pairs([caller(1, { skills: ['billing'] }), caller(2)], agents, hindi)).toBe(
      'call-1: 2, call-2: 1',
    );
  });

  test('an agent who has just missed the caller is left to the next one in line', () => {
    const first = caller(1, { excluded: [agent(1).number] });
    expect(pairs([first, caller(2)], [agent(1)])).toBe('call-2: 1');
  });

  test('nobody is put through to the own telephone', () => {
    expect(pairs([caller(1, { from: agent(1).number })], [agent(1)])).toBe('');
  });

  test('priority comes before waiting time', () => {
    expect(pairs([caller(1), caller(2, { priority: 5 })], [agent(1)])).toBe('call-2: 1');
  });

  test('several queues share agents by the order of their callers', () => {
    const both = queues(queue(), queue({ id: 'sales' }));
    const agents = [agent(1, { queues: ['sales'] }), agent(2, { queues: ['default', 'sales'] })];
    const callers = [caller(1, { queue: 'sales' }), caller(2), caller(3, { queue: 'sales' })];
    expect(pairs(callers, agents, both)).toBe('call-1: 1, call-2: 2');
  });

  test('a caller of a queue that is not asked about waits on', () => {
    expect(pairs([caller(1, { queue: 'sales' })], [agent(1, { queues: ['sales'] })])).toBe('');
  });

  test('the fallback agent rings only while nobody is registered', () => {
    const fallback = agent(9, { fallback: true });
    expect(pairs([caller(1)], [fallback])).toBe('call-1: 9');
    expect(pairs([caller(1)], [fallback, agent(1, { state: 'offline' })])).toBe('call-1: 9');
    expect(pairs([caller(1)], [fallback, agent(1, { state: 'away' })])).toBe('');
    expect(staff(queue(), [fallback, agent(1, { state: 'busy' })])).toHaveLength(1);
  });
});

const digits = fc.integer({ min: 1, max: 9 });
const someAgents = fc.uniqueArray(
  fc.record({
    digit: digits,
    tier: fc.integer({ min: 1, max: 2 }),
    skills: fc.subarray(['hindi', 'billing']),
    state: fc.constantFrom('available' as const, 'busy' as const, 'away' as const),
    queues: fc.constantFrom<string[][]>(['default'], ['sales'], ['default', 'sales']),
  }),
  { selector: ({ digit }) => digit, maxLength: 6 },
);
const someCallers = fc.uniqueArray(
  fc.record({
    digit: digits,
    priority: fc.constantFrom(0, 0, 5),
    skills: fc.subarray(['hindi', 'billing']),
    queue: fc.constantFrom('default', 'sales'),
    excluded: fc.array(digits, { maxLength: 2 }),
  }),
  { selector: ({ digit }) => digit, maxLength: 6 },
);
const situations = fc.record({
  callers: someCallers.map(all =>
    all.map(({ digit, excluded, ...facts }) =>
      caller(digit, { ...facts, excluded: excluded.map(one => agent(one).number) }),
    ),
  ),
  agents: someAgents.map(all => all.map(({ digit, ...facts }) => agent(digit, facts))),
  strategy: fc.constantFrom(...STRATEGIES),
  chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

const canTake = (one: Agent, call: Call) =>
  one.state === 'available' &&
  one.queues.includes(call.queue) &&
  !call.excluded.includes(one.number) &&
  call.skills.every(skill => one.skills.includes(skill));

describe('whatever the line and the agents are', () => {
  const both = (strategy: Queue['strategy']) => queues(queue({ strategy }), queue({ id: 'sales', strategy }));

  test('no agent is promised twice, and only to callers whom the agent can take', () => {
    fc.assert(
      fc.property(situations, ({ callers, agents, strategy, chance }) => {
        const found = match(callers, agents, both(strategy), () => chance);
        const used = found.flatMap(pair => pair.agents.map(({ number }) => number));
        expect(new Set(used).size).toBe(used.length);
        for (const pair of found) {
          expect(pair.agents.length).toBeGreaterThan(0);
          for (const one of pair.agents) expect(canTake(one, pair.call)).toBe(true);
        }
      }),
    );
  });

  test('who gets nobody could be served only by agents taken by callers with a better place', () => {
    fc.assert(
      fc.property(situations, ({ callers, agents, strategy, chance }) => {
        const found = match(callers, agents, both(strategy), () => chance);
        const takenBy = new Map(found.flatMap(({ call, agents }) => agents.map(one => [one.number, call])));
        const left = callers.filter(call => !found.some(pair => pair.call === call));
        for (const call of left)
          for (const one of agents.filter(one => canTake(one, call))) {
            const winner = takenBy.get(one.number);
            expect(winner).toBeDefined();
            if (winner) expect(byPlace(winner, call)).toBeLessThan(0);
          }
      }),
    );
  });

  test('the order in which callers are read does not matter', () => {
    fc.assert(
      fc.property(situations, ({ callers, agents, strategy, chance }) => {
        const there = match(callers, agents, both(strategy), () => chance);
        const back = match([...callers].reverse(), agents, both(strategy), () => chance);
        expect(back).toEqual(there);
      }),
    );
  });
});
