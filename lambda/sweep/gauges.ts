/**
 * How things stand, once a minute: callers in line and agents by state, for each queue. Agents who would be offered
 * to a caller count, so the one behind `AGENT_NUMBER` counts where nobody else is registered.
 */

import type { Context } from '../app/context.ts';
import { agentsNow } from '../app/dispatch.ts';
import type { Measurement } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import type { Agent } from '../queue/agent.ts';
import { staff } from '../queue/match.ts';

export async function gauges(context: Context, queues: string[]): Promise<Measurement[]> {
  const agents = await agentsNow(context);
  const now = context.now();
  const perQueue = await Promise.all(
    queues.map(async queue => {
      const line = await context.store.line.places(queue);
      // Whoever waits to be called back suffers no wait that somebody must look at.
      const inPerson = line.filter(place => !place.callback);
      const waits = inPerson.map(place => now - place.joined_at);
      const serving = staff({ id: queue }, agents);
      const attended = serving.some(agent => agent.state !== 'away');
      return [
        { name: METRICS.callersWaiting, value: line.length, queue },
        { name: METRICS.longestWaitMs, value: Math.max(0, ...waits), queue },
        { name: METRICS.unattended, value: attended ? 0 : inPerson.length, queue },
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
