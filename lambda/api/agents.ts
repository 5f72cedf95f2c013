/**
 * Agents: who can be rung. Whoever becomes available is matched with the waiting callers before the answer goes
 * out, so that the first of them rings at once; the answer still says what was asked for.
 */
import * as z from 'zod/mini';
import type { Context } from '../app/context.ts';
import { agentsNow, dispatch } from '../app/dispatch.ts';
import { log } from '../platform/log.ts';
import { e164 } from '../platform/numbers.ts';
import { AGENT_STATES, type Agent } from '../queue/agent.ts';
import { settle, wish } from '../queue/agent-states.ts';
import { backToWork, changeAgent, isRegistered, register, registered } from './agent-changes.ts';
import { agentSchema, agentView } from './agent-view.ts';
import { named, numberInPath, slug, text, whole } from './fields.ts';
import { operation } from './operation.ts';
import { invalid } from './problem.ts';
import { requireQueues } from './queues.ts';

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

const OWN_NUMBER = {
  field: 'number',
  message: 'is FROM_NUMBER, the line itself: ringing it would call the queue; register the phone of a person',
};

export const registerAgent = operation({
  id: 'registerAgent',
  summary: 'Register an agent',
  description:
    'The agent becomes available, in the default queue unless others are named. Registering a known number again changes what is given and keeps the rest, statistics included.',
  body: registration,
  answers: { 201: agentSchema },
  async handle(context, { body }) {
    const wanted = (body.queues ?? []).map((id, at) => ({ field: `queues.${at}`, id }));
    await requireQueues(context, wanted);
    if (body.number === context.settings.FROM_NUMBER) throw invalid([OWN_NUMBER]);
    const { after } = await changeAgent(context, body.number, (known, now) => register(known, body, now));
    await offerCallers(context, after);
    return { status: 201, body: agentView(after) };
  },
});

export const listAgents = operation({
  id: 'listAgents',
  summary: 'The agents who are available now',
  description:
    '`state` asks for those in another state, or for `all`: then the agent behind AGENT_NUMBER is listed too.',
  query: z.strictObject({ state: z.optional(z.enum([...AGENT_STATES, 'all'])) }),
  answers: { 200: named('AgentList', z.strictObject({ agents: z.array(agentSchema) })) },
  async handle(context, { query: { state = 'available' } }) {
    const agents = await agentsNow(context);
    const wanted = agents.filter(agent => state === 'all' || (agent.state === state && isRegistered(agent)));
    return { status: 200, body: { agents: wanted.map(agentView) } };
  },
});

export const getAgent = operation({
  id: 'getAgent',
  summary: 'One agent',
  path,
  answers: { 200: agentSchema },
  problems: [404],
  async handle(context, { path: { number } }) {
    const known = await context.store.directory.agents.one(number);
    return { status: 200, body: agentView(settle(registered(known, number), context.now())) };
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

/** The agent is stored; should no caller be reached now, the next hold cycle or sweep finds the agent. */
async function offerCallers(context: Context, agent: Agent): Promise<void> {
  if (agent.state !== 'available') return;
  await dispatch(context, agent.queues).catch(error =>
    log.error('Could not offer callers to an agent; the next hold cycle will', error),
  );
}
