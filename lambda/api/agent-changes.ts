/**
 * Changing an agent while webhooks and dispatch change the same item: read, decide, and store only if nobody was
 * faster. An agent in a call keeps that call; what is wished for takes effect when it is over.
 */

import type { Context } from '../app/context.ts';
import { retried } from '../app/retry.ts';
import { type Agent, newAgent } from '../queue/agent.ts';
import { settle, wish } from '../queue/agent-states.ts';
import { notFound } from './problem.ts';

/** What somebody says about an agent; `undefined` leaves it as it is. */
type Particulars = Pick<Agent, 'number' | 'name'> & {
  queues?: string[] | undefined;
  skills?: string[] | undefined;
  tier?: number | undefined;
};

/** @param decide gets the agent as stored, settled at the present moment */
export function changeAgent(
  context: Context,
  number: string,
  decide: (known: Agent | undefined, now: number) => Agent,
): Promise<{ before: Agent | undefined; after: Agent }> {
  const { agents } = context.store.directory;
  return retried(context, 'One agent', async () => {
    const before = await agents.one(number);
    const now = context.now();
    const after = decide(before && settle(before, now), now);
    return (await agents.save(before, after)) ? { result: { before, after } } : undefined;
  });
}

/** Someone who has registered; the agent behind `AGENT_NUMBER` has not. */
export const isRegistered = (agent: Agent | undefined): agent is Agent =>
  agent !== undefined && !agent.fallback;

/** @throws a 404 problem for a number that nobody registered */
export function registered(known: Agent | undefined, number: string): Agent {
  if (isRegistered(known)) return known;
  throw notFound(`No agent is registered with the number ${number}. POST /agents registers one.`);
}

/** The agent with these particulars, available; statistics of a known one are kept. */
export function register(known: Agent | undefined, given: Particulars, now: number): Agent {
  const agent = isRegistered(known) ? known : newcomer(known, given, now);
  const updated = {
    ...agent,
    name: given.name,
    queues: distinct(given.queues ?? agent.queues),
    skills: distinct(given.skills ?? agent.skills),
    tier: given.tier ?? agent.tier,
  };
  return backToWork(updated, now);
}

/** Available, with the missed rings of the past forgiven. */
export const backToWork = (agent: Agent, now: number): Agent => ({
  ...wish(agent, 'available', undefined, now),
  missed_in_row: 0,
});

/** The agent behind `AGENT_NUMBER`, who may be in a call right now, becomes a real one. */
function newcomer(known: Agent | undefined, { number, name }: Particulars, now: number): Agent {
  const { fallback: _noLonger, ...agent } = known ?? newAgent(number, name, now);
  return { ...agent, added_at: now };
}

const distinct = (texts: string[]) => [...new Set(texts)];
