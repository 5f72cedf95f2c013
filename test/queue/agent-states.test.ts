/** Every state with every move. A dash in the table says that the product never makes that move from that state. */
import { describe, expect, test } from 'vitest';
import type { Agent, AgentState } from '../../lambda/queue/agent.ts';
import { finish, miss, occupy, release, reserve, settle, wish } from '../../lambda/queue/agent-states.ts';
import { agent, NOW } from './fixtures.ts';

const AT: Record<AgentState, Agent> = {
  offline: agent(1, { state: 'offline' }),
  available: agent(1),
  away: agent(1, { state: 'away', reason: 'lunch' }),
  reserved: agent(1, { state: 'reserved', call: 'call-1', until: NOW + 1000 }),
  busy: agent(1, { state: 'busy', call: 'call-1' }),
  wrap_up: agent(1, { state: 'wrap_up', until: NOW + 1000 }),
};

const MOVES = {
  'settle before': (a: Agent) => settle(a, NOW + 999),
  'settle after': (a: Agent) => settle(a, NOW + 1000),
  reserve: (a: Agent) => reserve(a, 'call-2', NOW + 50, NOW),
  occupy: (a: Agent) => occupy(a, 'call-1', NOW),
  release: (a: Agent) => release(a, NOW),
  'miss once': (a: Agent) => miss(a, 2, NOW),
  'miss at limit': (a: Agent) => miss({ ...a, missed_in_row: 1 }, 2, NOW),
  'finish at once': (a: Agent) => finish(a, 60_000, 0, NOW),
  'finish with wrap-up': (a: Agent) => finish(a, 60_000, 30_000, NOW),
  'be available': (a: Agent) => wish(a, 'available', undefined, NOW),
  'go away': (a: Agent) => wish(a, 'away', 'lunch', NOW),
  'leave for good': (a: Agent) => wish(a, 'offline', undefined, NOW),
} satisfies Record<string, (agent: Agent) => Agent>;

type Move = keyof typeof MOVES;
const STATES = Object.keys(AT) as AgentState[];

/** Columns: offline, available, away, reserved, busy, wrap_up. */
const TABLE: Record<Move, string> = {
  'settle before': 'offline available away reserved busy wrap_up',
  'settle after': 'offline available away available busy available',
  reserve: '- reserved - - - -',
  occupy: '- - - busy - -',
  release: '- - - available available -',
  'miss once': '- - - available - -',
  'miss at limit': '- - - away - -',
  'finish at once': '- - - - available -',
  'finish with wrap-up': '- - - - wrap_up -',
  'be available': 'available available available reserved busy available',
  'go away': 'away away away reserved busy away',
  'leave for good': 'offline offline offline reserved busy offline',
};

const cases = (Object.keys(TABLE) as Move[]).flatMap(move =>
  TABLE[move]
    .split(' ')
    .map((to, column) => ({ move, from: STATES[column] ?? 'offline', to }))
    .filter(({ to }) => to !== '-'),
);

describe('the states of an agent', () => {
  test.each(cases)('$from, asked to $move, becomes $to', ({ move, from, to }) => {
    const after = MOVES[move](AT[from]);
    expect(after.state).toBe(to);
    expect('call' in after).toBe(to === 'reserved' || to === 'busy');
    expect('until' in after).toBe(to === 'reserved' || to === 'wrap_up');
  });

  test.each(['reserved', 'busy', 'wrap_up'] as const)('%s, an agent who left goes when it is over', state => {
    const leaving = { ...AT[state], next_state: 'offline' as const };
    const over = state === 'busy' ? finish(leaving, 1, 0, NOW) : settle(leaving, NOW + 1000);
    expect(over.state).toBe('offline');
    expect(over).not.toHaveProperty('next_state');
  });

  test('a wish to leave during a call is taken back by coming back', () => {
    const leaving = wish(AT.busy, 'offline', undefined, NOW);
    expect(leaving.next_state).toBe('offline');
    expect(wish(leaving, 'available', undefined, NOW)).not.toHaveProperty('next_state');
  });

  test('missed rings set an agent away with the reason, but never by a limit of 0 and never the fallback', () => {
    const tired = { ...AT.reserved, missed_in_row: 9 };
    expect(miss(tired, 3, NOW)).toMatchObject({ state: 'away', reason: 'missed_calls', missed_in_row: 10 });
    expect(miss(tired, 0, NOW).state).toBe('available');
    expect(miss({ ...tired, fallback: true }, 3, NOW).state).toBe('available');
  });

  test('an agent who wanted to leave is not kept by a missed ring', () => {
    expect(miss({ ...AT.reserved, next_state: 'offline' }, 1, NOW).state).toBe('offline');
  });

  test('an answer counts the call and forgives missed rings', () => {
    expect(occupy({ ...AT.reserved, missed_in_row: 2 }, 'call-1', NOW)).toMatchObject({
      missed_in_row: 0,
      calls_handled: 1,
      last_call_at: NOW,
    });
  });

  test('handling time is a moving average of talk and wrap-up', () => {
    const first = finish(AT.busy, 60_000, 0, NOW);
    expect(first.avg_handle_ms).toBe(60_000);
    const second = finish({ ...AT.busy, avg_handle_ms: 60_000 }, 130_000, 30_000, NOW);
    expect(second.avg_handle_ms).toBe(90_000);
  });

  test('coming back from away starts a new idle time, and forgets the reason', () => {
    const back = wish({ ...AT.away, available_since: 1 }, 'available', undefined, NOW);
    expect(back.available_since).toBe(NOW);
    expect(back).not.toHaveProperty('reason');
    const same = wish({ ...AT.available, available_since: 1 }, 'available', undefined, NOW);
    expect(same.available_since).toBe(1);
  });
});
