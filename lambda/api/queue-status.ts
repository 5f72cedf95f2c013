/** What goes on in a queue now, read strongly. Numbers are masked: this is made for a screen on a wall. */
import * as z from 'zod/mini';
import { type Context, completeQueue } from '../app/context.ts';
import { agentsNow } from '../app/dispatch.ts';
import { type Call, otherNumber } from '../call/call.ts';
import { isToBeRung } from '../call/callback.ts';
import { inLine } from '../call/transitions.ts';
import { mask } from '../platform/numbers.ts';
import { AGENT_STATES } from '../queue/agent.ts';
import { byPlace, staff } from '../queue/match.ts';
import { DEFAULT_QUEUE } from '../queue/queue.ts';
import { named, seconds, slug } from './fields.ts';
import { operation } from './operation.ts';
import { knownQueue } from './queues.ts';

const count = z.int().check(z.minimum(0));

const statusSchema = named(
  'QueueStatus',
  z.strictObject({
    queue: slug,
    callers_waiting: count,
    agents_available: count,
    agents: z.array(
      z.strictObject({
        number: z.string(),
        name: z.string(),
        state: z.enum(AGENT_STATES),
        current_call: z.nullable(z.string()),
      }),
    ),
    longest_wait_secs: z.number(),
    callers: z.array(
      z.strictObject({
        call_id: z.string(),
        position: z.int().check(z.minimum(1)),
        waited_secs: z.number(),
        from: z.string(),
        state: z.enum(['waiting', 'offered']),
        callback: z.boolean(),
      }),
    ),
  }),
);

export const queueStatus = operation({
  id: 'getQueueStatus',
  summary: 'Who waits and who works, now',
  description:
    '`agents` are those at work for the queue; the one behind AGENT_NUMBER only while nobody is registered. A caller is `offered` while an agent is rung. With `callback`, nobody is on the line there: the place is kept for whoever is called back. `longest_wait_secs` leaves callbacks out.',
  query: z.strictObject({ queue: z.optional(slug) }),
  answers: { 200: statusSchema },
  problems: [404],
  async handle(context, { query: { queue: id = DEFAULT_QUEUE } }) {
    const queue = completeQueue(context.settings, await knownQueue(context, id));
    const [line, everybody] = await Promise.all([callersInLine(context, id), agentsNow(context)]);
    const agents = staff(queue, everybody);
    const waits = line.map(call => seconds(context.now() - call.joined_at));
    const body = {
      queue: id,
      callers_waiting: line.length,
      agents_available: agents.filter(agent => agent.state === 'available' && !agent.fallback).length,
      agents: agents.map(({ number, name, state, call }) => ({
        number: mask(number),
        name,
        state,
        current_call: call ?? null,
      })),
      longest_wait_secs: Math.max(0, ...waits.filter((_, at) => !line[at]?.callback)),
      callers: line.map((call, at) => ({
        call_id: call.id,
        position: at + 1,
        waited_secs: waits[at],
        from: mask(otherNumber(call)),
        state: call.state,
        callback: isToBeRung(call),
      })),
    };
    return { status: 200, body };
  },
});

async function callersInLine(context: Context, queue: string): Promise<Call[]> {
  const places = await context.store.line.places(queue);
  const calls = await context.store.calls.some(places.map(place => place.id));
  return calls.filter(inLine).sort(byPlace);
}
