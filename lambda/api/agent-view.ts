/** An agent as people read it. */
import * as z from 'zod/mini';
import { e164 } from '../platform/numbers.ts';
import { AGENT_STATES, type Agent } from '../queue/agent.ts';
import { iso, isoOrNull, named, slug, time } from './fields.ts';

export const agentSchema = named(
  'Agent',
  z.strictObject({
    number: e164,
    name: z.string(),
    state: z.enum(AGENT_STATES),
    reason: z.nullable(z.string()),
    /** What the agent becomes when the current call is over, if not available. */
    next_state: z.nullable(z.enum(['away', 'offline'])),
    queues: z.array(slug),
    skills: z.array(slug),
    tier: z.int(),
    calls_handled: z.int(),
    last_call_at: z.nullable(time),
    added_at: time,
    current_call: z.nullable(z.string()),
  }),
);

export function agentView(agent: Agent): z.infer<typeof agentSchema> {
  const { number, name, state, queues, skills, tier, calls_handled } = agent;
  return {
    number,
    name,
    state,
    reason: agent.reason ?? null,
    next_state: agent.next_state ?? null,
    queues,
    skills,
    tier,
    calls_handled,
    last_call_at: isoOrNull(agent.last_call_at),
    added_at: iso(agent.added_at),
    current_call: agent.call ?? null,
  };
}
