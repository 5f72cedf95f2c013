/**
 * Agents: who can be rung. Every change is a wish (`queue/agent-states.ts`): an agent in a call finishes it
 * first. Whoever becomes available is matched with the waiting callers before the answer goes out, so that the
 * first of them rings at once.
 */
import * as z from 'zod/mini';
import { log } from '../../platform/log.ts';
import { e164 } from '../../platform/numbers.ts';
import type { Agent } from '../../queue/agent.ts';
import { settle, wish } from '../../queue/agent-states.ts';
import { DEFAULT_QUEUE } from '../../queue/queue.ts';
import { StoreUnavailable } from '../../store/table.ts';
import type { Context } from '../context.ts';
import { agentsNow, dispatch } from '../dispatch.ts';
import { iso, isoOrNull, named, numberInPath, slug, text, time, whole } from './fields.ts';
import { operation } from './operation.ts';
import { notFound } from './problem.ts';
import { requireQueues } from './queues.ts';

const STATES = ['offline', 'available', 'away', 'reserved', 'busy', 'wrap_up'] as const;
const ATTEMPTS = 10;

const agentSchema = named(
  'Agent',
  z.strictObject({
    number: e164,
    name: z.string(),
    state: z.enum(STATES),
    reason: z.nullable(z.string()),
    queues: z.array(slug),
    skills: z.array(slug),
    tier: z.int(),
    calls_handled: z.int(),
    last_call_at: z.nullable(time),
    added_at: time,
    current_call: z.nullable(z.string()),
  }),
);

const registration = named(
  'AgentRegistration',
  z.strictObject({
    number: e164,
    name: text(100),
    queues: z.optional(z.array(slug).check(z.minLength(1), z.maxLength(50))),
    skills: z.optional(z.array(slug).check(z.maxLength(50))),
    tier: z.optional(whole(1, 100)),
  }),
);

const change = named(
  'AgentChange',
  z.strictObject({ state: z.enum(['available', 'away']), reason: z.optional(text(200)) }).check(
    z.refine(({ state, reason }) => state === 'away' || reason === undefined, {
      path: ['reason'],
      error: 'belongs to the state "away"; leave it out',
    }),
  ),
);

const path = z.strictObject({ number: numberInPath });

export const registerAgent = operation({
  id: 'registerAgent',
  summary: 'Register an agent',
  description:
    'The agent becomes available. Registering a known number again changes what is given and keeps the rest, statistics included.',
  body: registration,
  answers: { 200: agentSchema, 201: agentSchema },
  async handle(context, { body }) {
    await requireQueues(
      context,
      (body.queues ?? []).map((id, at) => ({ field: `queues.${at}`, id })),
    );
    const { before, after } = await changeAgent(context, body.number, (known, now) =>
      backToWork(
        { ...(known && !known.fallback ? known : newcomer(known, body, now)), ...distinct(body) },
        now,
      ),
    );
    await offerCallers(context, after);
    return { status: before && !before.fallback ? 200 : 201, body: agentView(after) };
  },
});

export const listAgents = operation({
  id: 'listAgents',
  summary: 'The agents who are available now',
  description: '`state` asks for those in another state, or for `all`.',
  query: z.strictObject({ state: z.optional(z.enum([...STATES, 'all'])) }),
  answers: { 200: named('AgentList', z.strictObject({ agents: z.array(agentSchema) })) },
  async handle(context, { query: { state = 'available' } }) {
    const agents = await agentsNow(context);
    const wanted = agents.filter(agent => state === 'all' || (agent.state === state && !agent.fallback));
    return { status: 200, body: { agents: wanted.map(agentView) } };
  },
});

export const setAgentState = operation({
  id: 'setAgentState',
  summary: 'Say that an agent is available, or away',
  description: 'During a call, `away` takes effect when the call is over.',
  path,
  body: change,
  answers: { 200: agentSchema },
  problems: [404],
  async handle(context, { path, body: { state, reason } }) {
    const { after } = await changeAgent(context, path.number, (known, now) => {
      const agent = registered(known, path.number);
      return state === 'available' ? backToWork(agent, now) : wish(agent, state, reason, now);
    });
    await offerCallers(context, after);
    return { status: 200, body: agentView(after) };
  },
});

export const removeAgent = operation({
  id: 'removeAgent',
  summary: 'Take an agent offline',
  description: 'An agent in a call finishes it first, and gets no other. Statistics are kept.',
  path,
  answers: {
    200: named('AgentOffline', z.strictObject({ status: z.literal('offline'), number: e164 })),
  },
  problems: [404],
  async handle(context, { path: { number } }) {
    await changeAgent(context, number, (known, now) =>
      wish(registered(known, number), 'offline', undefined, now),
    );
    return { status: 200, body: { status: 'offline', number } };
  },
});

function agentView(agent: Agent): z.infer<typeof agentSchema> {
  const { number, name, state, queues, skills, tier, calls_handled } = agent;
  return {
    number,
    name,
    state,
    reason: agent.reason ?? null,
    queues,
    skills,
    tier,
    calls_handled,
    last_call_at: isoOrNull(agent.last_call_at),
    added_at: iso(agent.added_at),
    current_call: agent.call ?? null,
  };
}

/** Read, decide, store if nobody was faster; else again. `decide` gets the agent settled at the present moment. */
async function changeAgent(
  context: Context,
  number: string,
  decide: (known: Agent | undefined, now: number) => Agent,
): Promise<{ before: Agent | undefined; after: Agent }> {
  const { agents } = context.store.directory;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await agents.one(number);
    const now = context.now();
    const after = decide(before && settle(before, now), now);
    if (await agents.save(before, after)) return { before, after };
  }
  throw new StoreUnavailable('One agent is changed by too many at once.');
}

function registered(known: Agent | undefined, number: string): Agent {
  if (known && !known.fallback) return known;
  throw notFound(`No agent is registered with the number ${number}. POST /agents registers one.`);
}

/** Somebody who was not registered before; the agent behind `AGENT_NUMBER` may be in a call already. */
function newcomer(
  known: Agent | undefined,
  { number, name }: { number: string; name: string },
  now: number,
): Agent {
  const { fallback: _registeredNow, ...agent } = known ?? {
    number,
    name,
    version: 0,
    state: 'offline' as const,
    queues: [DEFAULT_QUEUE],
    skills: [],
    tier: 1,
    calls_handled: 0,
    missed_in_row: 0,
    added_at: now,
    available_since: now,
    fallback: undefined,
  };
  return { ...agent, added_at: now };
}

/** Available, with the missed rings of the past forgiven. */
const backToWork = (agent: Agent, now: number): Agent => ({
  ...wish(agent, 'available', undefined, now),
  missed_in_row: 0,
});

/** The body without what was left out, each queue and skill once. */
function distinct({ number, name, tier, queues, skills }: z.infer<typeof registration>): Partial<Agent> {
  return {
    number,
    name,
    ...(tier !== undefined && { tier }),
    ...(queues && { queues: [...new Set(queues)] }),
    ...(skills && { skills: [...new Set(skills)] }),
  };
}

/** The agent is stored; should no caller be reached now, the next hold cycle or sweep finds the agent. */
async function offerCallers(context: Context, agent: Agent): Promise<void> {
  if (agent.state !== 'available') return;
  await dispatch(context, agent.queues).catch(error =>
    log.error('Could not offer callers to an agent; the next hold cycle will', error),
  );
}
