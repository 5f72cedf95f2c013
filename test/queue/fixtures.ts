/** Agents, queues and calls of the unit tests: everything at rest, except for what a test says. */

import type { Call } from '../../lambda/call/call.ts';
import { type Arrival, arrive } from '../../lambda/call/transitions.ts';
import type { Agent } from '../../lambda/queue/agent.ts';
import { type Queue, queueDefaults } from '../../lambda/queue/queue.ts';

export const NOW = Date.UTC(2026, 0, 15, 9, 0, 0);

export function queue(choices: Partial<Queue> = {}): Queue {
  const deployment = {
    hold_music_url: '',
    hold_wait_secs: 20,
    max_wait_cycles: 3,
    ring_timeout_secs: 15,
    wrap_up_secs: 0,
  };
  return { ...queueDefaults(choices.id ?? 'default', deployment), ...choices };
}

export function agent(digit: number, facts: Partial<Agent> = {}): Agent {
  return {
    number: `+91880000000${digit}`,
    name: `Agent ${digit}`,
    version: 1,
    state: 'available',
    queues: ['default'],
    skills: [],
    tier: 1,
    calls_handled: 0,
    missed_in_row: 0,
    added_at: digit,
    available_since: NOW,
    ...facts,
  };
}

export function caller(digit: number, facts: Partial<Call> = {}): Call {
  const arrival: Arrival = {
    id: `call-${digit}`,
    from: `+91990000000${digit}`,
    to: '+911140000001',
    direction: 'inbound',
  };
  return { ...arrive(arrival, queue(), NOW + digit), state: 'waiting', ...facts };
}
