/** Agents, queues and calls of the unit tests: everything at rest, except for what a test says. */

import type { Call } from '../../lambda/call/call.ts';
import { type Arrival, arrive } from '../../lambda/call/transitions.ts';
import { type Agent, newAgent } from '../../lambda/queue/agent.ts';
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

export const agent = (digit: number, facts: Partial<Agent> = {}): Agent => ({
  ...newAgent(`+91880000000${digit}`, `Agent ${digit}`, NOW),
  version: 1,
  added_at: digit,
  ...facts,
});

export function caller(digit: number, facts: Partial<Call> = {}): Call {
  const arrival: Arrival = {
    id: `call-${digit}`,
    from: `+91990000000${digit}`,
    to: '+911140000001',
    direction: 'inbound',
  };
  return { ...arrive(arrival, queue(), NOW + digit), state: 'waiting', ...facts };
}
