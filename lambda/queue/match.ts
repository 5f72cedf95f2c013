/**
 * Who is offered to whom. Pure: waiting callers in order, agents as they are now, one pair for each caller that
 * can be served. Callers come by priority, then by the time they joined; an agent is used at most once; a later
 * caller gets an agent before an earlier one only by priority, by skill, or because that agent has just missed
 * the earlier one's ring.
 */
import { type Call, otherNumber } from '../call/call.ts';
import { isToBeRung } from '../call/callback.ts';
import type { Agent } from './agent.ts';
import type { Queue, Strategy } from './queue.ts';

export interface Pair {
  call: Call;
  agents: Agent[];
}

type Waiting = Pick<
  Call,
  'id' | 'queue' | 'priority' | 'joined_at' | 'skills' | 'excluded' | 'direction' | 'from' | 'to'
>;

/**
 * @param callers waiting callers of the given queues, in any order
 * @param agents every agent, settled at the present moment
 * @param chance draws a number in [0, 1), anew for each caller of a `random` queue
 */
export function match(
  callers: Call[],
  agents: Agent[],
  queues: ReadonlyMap<string, Queue>,
  chance: () => number,
): Pair[] {
  const free = new Map(
    agents.filter(agent => agent.state === 'available').map(agent => [agent.number, agent]),
  );
  const pairs: Pair[] = [];
  for (const call of [...callers].sort(byPlace)) {
    const queue = queues.get(call.queue);
    if (!queue || free.size === 0) continue;
    const able = staff(queue, agents).filter(agent => free.has(agent.number) && suits(agent, call, queue));
    const chosen = choose(able, queue, chance).slice(0, isToBeRung(call) ? 1 : undefined);
    if (chosen.length === 0) continue;
    for (const agent of chosen) free.delete(agent.number);
    pairs.push({ call, agents: chosen });
  }
  return pairs;
}

/** Place in line: priority first, then who joined first, then the id so that the order is total. */
export function byPlace(a: Waiting, b: Waiting): number {
  return b.priority - a.priority || a.joined_at - b.joined_at || (a.id < b.id ? -1 : 1);
}

/** The registered agents of a queue that are not offline; only when there are none, the fallback agent. */
export function staff(queue: Pick<Queue, 'id'>, agents: Agent[]): Agent[] {
  const registered = agents.filter(
    agent => !agent.fallback && agent.state !== 'offline' && agent.queues.includes(queue.id),
  );
  return registered.length > 0
    ? registered
    : agents.filter(agent => agent.fallback && agent.state !== 'offline');
}

function suits(agent: Agent, call: Waiting, queue: Queue): boolean {
  return (
    agent.number !== otherNumber(call) &&
    !call.excluded.includes(agent.number) &&
    [...queue.skills, ...call.skills].every(skill => agent.skills.includes(skill))
  );
}

/** The best agent of the first tier that has anyone free; for `ring_all`, all of that tier up to the limit. */
function choose(able: Agent[], queue: Queue, chance: () => number): Agent[] {
  const tier = Math.min(...able.map(agent => agent.tier));
  const peers = able.filter(agent => agent.tier === tier);
  if (queue.strategy === 'random') return peers.slice(Math.floor(chance() * peers.length)).slice(0, 1);
  const ranked = peers.sort(ranking[queue.strategy]);
  return ranked.slice(0, queue.strategy === 'ring_all' ? queue.ring_all_limit : 1);
}

type Compare = (a: Agent, b: Agent) => number;

const byAge: Compare = (a, b) => a.added_at - b.added_at || (a.number < b.number ? -1 : 1);
const leastRecentlyOffered: Compare = (a, b) =>
  (a.last_offered_at ?? 0) - (b.last_offered_at ?? 0) || byAge(a, b);

const ranking: Record<Exclude<Strategy, 'random'>, Compare> = {
  round_robin: leastRecentlyOffered,
  ring_all: leastRecentlyOffered,
  longest_idle: (a, b) => a.available_since - b.available_since || leastRecentlyOffered(a, b),
  fewest_calls: (a, b) => a.calls_handled - b.calls_handled || leastRecentlyOffered(a, b),
  top_down: byAge,
};
