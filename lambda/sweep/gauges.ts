/** How things stand, once a minute: callers in line and agents by state, for each queue. */

import type { Context } from '../app/context.ts';
import { agentsNow } from '../app/dispatch.ts';
import type { Measurement } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import type { Agent } from '../queue/agent.ts';

export async function gauges(context: Context, queues: string[]): Promise<Measurement[]> {
  const agents = (await agentsNow(context)).filter(agent => !agent.fallback);
  const now = context.now();
  const perQueue = await Promise.all(
    queues.map(async queue => {
      const line = await context.store.line.places(queue);
      const waits = line.map(place => now - place.joined_at);
      const serving = agents.filter(agent => agent.queues.includes(queue));
      return [
        { name: METRICS.callersWaiting, value: line.length, queue },
        { name: METRICS.longestWaitMs, value: Math.max(0, ...waits), queue },
        { name: METRICS.agentsAvailable, value: count(serving, 'available'), queue },
        { name: METRICS.agentsBusy, value: count(serving, 'busy', 'reserved', 'wrap_up'), queue },
        { name: METRICS.agentsAway, value: count(serving, 'away'), queue },
      ];
    }),
  );
  return perQueue.flat();
}

const count = (agents: Agent[], ...states: Agent['state'][]) =>
  agents.filter(agent => states.includes(agent.state)).length;
