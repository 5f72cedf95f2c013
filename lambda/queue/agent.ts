/**
 * The agent: one item per E.164 number.
 *
 * Invariants: `call` is present exactly in `reserved` and `busy`; `until` exactly in `reserved` and `wrap_up`;
 * a state whose `until` has passed reads as its successor (`settle`), so a lost webhook can delay an agent but
 * never strand one.
 */

import { DEFAULT_QUEUE } from './queue.ts';

export const AGENT_STATES = ['offline', 'available', 'away', 'reserved', 'busy', 'wrap_up'] as const;
export type AgentState = (typeof AGENT_STATES)[number];

export interface Agent {
  /** E.164, with the plus. */
  number: string;
  name: string;
  version: number;
  state: AgentState;
  /** Why away: the agent's own word, or `missed_calls`. */
  reason?: string;
  /** Epoch ms. End of the reservation or of the wrap-up. */
  until?: number;
  /** The call that holds this agent. */
  call?: string;
  /** What to become instead of available when the current call is over. */
  next_state?: 'offline' | 'away';
  queues: string[];
  skills: string[];
  /** 1 is asked first. */
  tier: number;
  calls_handled: number;
  missed_in_row: number;
  added_at: number;
  available_since: number;
  last_offered_at?: number;
  last_call_at?: number;
  /** Moving average of talk plus wrap-up, for the expected wait. */
  avg_handle_ms?: number;
  /** True for the implicit agent behind `AGENT_NUMBER`, rung only while nobody is registered. */
  fallback?: boolean;
}

/** An agent as of the first day: available to the default queue, never stored. */
export const newAgent = (number: string, name: string, now: number): Agent => ({
  number,
  name,
  version: 0,
  state: 'available',
  queues: [DEFAULT_QUEUE],
  skills: [],
  tier: 1,
  calls_handled: 0,
  missed_in_row: 0,
  added_at: now,
  available_since: now,
});
