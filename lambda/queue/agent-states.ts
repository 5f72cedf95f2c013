/**
 * The agent's states and the only ways between them. Pure: each function takes the agent as it was and gives
 * the agent as it shall be stored.
 *
 *   offline ──register──▶ available ──reserve──▶ reserved ──occupy──▶ busy ──finish──▶ wrap_up ──▶ available
 *                          ▲      ▲                  │                    (next_state: offline | away)
 *                          └ away ┘◀────release──────┘
 */
import type { Agent } from './agent.ts';

/** Share of the newest conversation in the moving average of handling time. */
const NEWEST_WEIGHT = 0.3;

/** The agent as of `now`: a reservation or wrap-up whose time is over has ended, stored or not. */
export function settle(agent: Agent, now: number): Agent {
  if (agent.until === undefined || agent.until > now) return agent;
  if (agent.state !== 'reserved' && agent.state !== 'wrap_up') return agent;
  return rest(agent, agent.until);
}

export function reserve(agent: Agent, callId: string, until: number, now: number): Agent {
  return { ...agent, state: 'reserved', call: callId, until, last_offered_at: now };
}

export function occupy(agent: Agent, callId: string, now: number): Agent {
  const { until: _over, ...rest } = agent;
  return {
    ...rest,
    state: 'busy',
    call: callId,
    missed_in_row: 0,
    calls_handled: agent.calls_handled + 1,
    last_call_at: now,
  };
}

/** The ring is over without a conversation; nobody's fault (the caller left, somebody else answered). */
export function release(agent: Agent, now: number): Agent {
  return rest(agent, now);
}

/** The agent let it ring. After `limit` misses in a row (0: never) the agent is set away. */
export function miss(agent: Agent, limit: number, now: number): Agent {
  const missed = { ...agent, missed_in_row: agent.missed_in_row + 1 };
  const tired = limit > 0 && missed.missed_in_row >= limit && !agent.fallback;
  const rested = rest(missed, now);
  return tired && rested.state === 'available'
    ? { ...rested, state: 'away', reason: 'missed_calls' }
    : rested;
}

/** The conversation is over. */
export function finish(agent: Agent, talkedMs: number, wrapUpMs: number, now: number): Agent {
  const handled = talkedMs + wrapUpMs;
  const average = agent.avg_handle_ms ?? handled;
  const done = {
    ...agent,
    last_call_at: now,
    avg_handle_ms: Math.round(average + (handled - average) * NEWEST_WEIGHT),
  };
  if (wrapUpMs === 0) return rest(done, now);
  const { call: _over, ...free } = done;
  return { ...free, state: 'wrap_up', until: now + wrapUpMs };
}

/** The agent's own wish. During a call it takes effect when the call is over. */
export function wish(
  agent: Agent,
  state: 'available' | 'away' | 'offline',
  reason: string | undefined,
  now: number,
): Agent {
  const { next_state: _dropped, reason: _old, ...plain } = agent;
  const because = reason === undefined ? {} : { reason };
  if (agent.state === 'reserved' || agent.state === 'busy')
    return state === 'available' ? plain : { ...plain, next_state: state, ...because };
  if (state === 'available' && agent.state === 'available') return plain;
  return rest({ ...plain, ...because, ...(state === 'available' ? {} : { next_state: state }) }, now);
}

/** Nothing holds the agent any more: available, or what was wished for meanwhile. */
function rest(agent: Agent, now: number): Agent {
  const { call: _call, until: _until, next_state: wished, ...free } = agent;
  if (wished) return { ...free, state: wished };
  const { reason: _reason, ...ready } = free;
  return { ...ready, state: 'available', available_since: now };
}
