/** Agents whose reservation or wrap-up is over by the clock, or whose call no longer knows them. */

import type { Context } from '../app/context.ts';
import type { Agent } from '../queue/agent.ts';
import { release, settle } from '../queue/agent-states.ts';

/** A refused write means that the agent has moved on by itself. */
export async function freeStrandedAgents(context: Context): Promise<void> {
  const now = context.now();
  const agents = await context.store.directory.agents.list();
  const held = agents.filter(agent => agent.call !== undefined);
  const calls = await context.store.calls.some([...new Set(held.flatMap(agent => agent.call ?? []))]);
  const live = new Set(calls.filter(call => call.state !== 'ended').map(call => call.id));
  for (const agent of agents) {
    const freed = isStranded(agent, live) ? release(agent, now) : settle(agent, now);
    if (freed !== agent) await context.store.directory.agents.save(agent, freed);
  }
}

const isStranded = (agent: Agent, live: ReadonlySet<string>) =>
  agent.state === 'busy' && (agent.call === undefined || !live.has(agent.call));
