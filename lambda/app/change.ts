/**
 * Change a call: read it with the agents it holds, decide (pure), commit, and when somebody else was faster,
 * read and decide again. What follows from a change (metrics, waking up at the end of a wrap-up, what a flow has left
 * to be done) follows here, so that no route can forget it.
 */
import type { Call } from '../call/call.ts';
import { untaken } from '../call/in-flow.ts';
import { measure } from '../call/measure.ts';
import type { Held } from '../call/transitions.ts';
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';
import { hourOf } from '../platform/time.ts';
import type { Agent } from '../queue/agent.ts';
import { DEFAULT_QUEUE, type Queue } from '../queue/queue.ts';
import { type Context, queueOf } from './context.ts';
import { type Attempt, retried } from './retry.ts';

export type Decide = (held: Held, queue: Queue, now: number) => Held | Promise<Held>;

export interface Changed {
  call: Call;
  /** Of a call that is in none, the default one. */
  queue: Queue;
  /** Queues in which an agent has become available. */
  freed: string[];
}

/** @returns undefined for a call that nobody knows */
export function change(context: Context, id: string, decide: Decide): Promise<Changed | undefined> {
  return retried(context, `Call ${id}`, () => attempt(context, id, decide));
}

async function attempt(context: Context, id: string, decide: Decide): Promise<Attempt<Changed | undefined>> {
  const call = await context.store.calls.one(id);
  if (!call) return { result: undefined };
  const [queue, agentsHeld] = await Promise.all([settingsFor(context, call), agentsHeldBy(context, call)]);
  const before: Held = { call, agents: agentsHeld };
  const after = await decide(before, queue, context.now());
  if (after.call === call) return { result: { call, queue, freed: [] } };

  for (const { queue, joined_at } of restedOf(call, after.call))
    await context.store.rollups.forget(queue, joined_at, context.now());
  const agents = after.agents.map((agent, at) => ({ before: before.agents[at] ?? agent, after: agent }));
  const { born, renewed } = after;
  const placed = born ?? renewed?.after;
  if (placed && hourOf(placed.joined_at) < hourOf(context.now()))
    await context.store.rollups.forget(placed.queue, placed.joined_at, context.now());
  const stored = await context.store.commit({
    call: { before: call, after: after.call },
    agents,
    ...(born && { born }),
    ...(renewed && { renewed }),
  });
  if (!stored) return undefined;
  publish([...measure(call, stored), ...(born ? measure(undefined, born) : [])], context.now());
  await Promise.all([
    scheduleWrapUpEnds(context, after.agents),
    startEffects(context, call, stored),
    tellOfCallback(context, call, stored),
  ]);
  return {
    result: {
      call: stored,
      queue: stored.queue === call.queue ? queue : await settingsFor(context, stored),
      freed: queuesFreed(call.queue, before.agents, after.agents),
    },
  };
}

/** What may have been added up already and is about to change. */
function restedOf(call: Call, after: Call): Pick<Call, 'queue' | 'joined_at'>[] {
  const visits = (call.visits ?? []).filter((visit, at) => after.visits?.[at] !== visit);
  return call.state === 'ended' && call.queue !== '' ? [call, ...visits] : visits;
}

const settingsFor = (context: Context, { queue }: Call) => queueOf(context, queue || DEFAULT_QUEUE);

async function agentsHeldBy(context: Context, call: Call): Promise<Agent[]> {
  const numbers = call.offer?.agents ?? (call.state === 'connected' && call.agent ? [call.agent] : []);
  const found = await context.store.directory.agents.some(numbers);
  return found.filter(agent => agent.call === call.id);
}

function queuesFreed(queue: string, before: Agent[], after: Agent[]): string[] {
  const freed = after.filter((agent, at) => agent.state === 'available' && before[at]?.state !== 'available');
  return [...new Set(freed.flatMap(agent => (agent.fallback ? [queue] : agent.queues)))];
}

/** What is left undone when this fails, the sweeper finds. */
export async function startEffects(context: Context, before: Call | undefined, after: Call): Promise<void> {
  const known = new Set(before?.flow?.todo.map(({ effect }) => effect.id));
  if (untaken(after, context.now()).every(({ id }) => known.has(id))) return;
  await context.start({ kind: 'effects', call: after.id }).catch(error => {
    log.error('What a flow wants done could not be started; the sweeper will', error, { call: after.id });
  });
}

/** Where this fails, the sweeper sees to it. */
async function tellOfCallback(context: Context, before: Call, after: Call): Promise<void> {
  if (!after.callback || after.state !== 'ended' || before.state === 'ended') return;
  await context.start({ kind: 'callback', call: after.id }).catch(error => {
    log.error('Nobody could be told of a callback; the sweeper will', error, { call: after.id });
  });
}

/** Without the wake-up the agent is found at the next hold cycle or sweep; so a failure here only costs time. */
async function scheduleWrapUpEnds(context: Context, agents: Agent[]): Promise<void> {
  for (const { state, until: at, queues } of agents) {
    if (state !== 'wrap_up' || at === undefined) continue;
    await context.start({ kind: 'wake', at, queues }).catch(error => {
      log.error('Could not schedule the end of a wrap-up; the next hold cycle will find the agent', error);
    });
  }
}
