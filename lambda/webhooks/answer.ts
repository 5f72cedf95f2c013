/**
 * The Answer URL: a call comes in. Where its number leads to a flow, that begins; where it leads to an assistant, the
 * call gets a stream to that; else it is greeted, and gets its place in line from this moment on. The first attempt to find an agent comes right after the
 * greeting, before any music.
 */

import { beginFlow } from '../app/begin-flow.ts';
import { noteOnLine } from '../app/callbacks.ts';
import { startEffects } from '../app/change.ts';
import { type Context, queueOf } from '../app/context.ts';
import { retried } from '../app/retry.ts';
import { arriveAssisted } from '../call/assisted.ts';
import type { Call, Reply, Told } from '../call/call.ts';
import { arriveInFlow } from '../call/flow-call.ts';
import { measure } from '../call/measure.ts';
import { goOn, tell } from '../call/replies.ts';
import { type Arrival, arrive } from '../call/transitions.ts';
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';
import { mask } from '../platform/numbers.ts';
import type { NumberEntry } from '../queue/entry.ts';
import { DEFAULT_QUEUE, type Queue } from '../queue/queue.ts';
import { readWebhook, type Webhook } from '../vobiz/webhook.ts';
import { type Document, response } from '../vobiz/xml.ts';
import { apology } from './documents.ts';
import { end, hangUp } from './hangup.ts';
import { write } from './reply.ts';
import type { Request } from './request.ts';

/** The first thing that a caller is told, and whatever happens told again. */
function first(call: Call, { path }: Request): Told {
  if (!call.flow) return { reply: openingOf(call), next: 1 };
  // In the middle of a flow the carrier falls back as well; and what was said first is forgotten in time.
  const reply = path === '/fallback' ? undefined : call.replies.answer?.reply;
  return reply ? { reply, next: 1 } : goOn(call);
}

/** @param only wherever the number leads: to its queue, or to the default one */
export async function answer(context: Context, request: Request, only?: 'queue'): Promise<Document> {
  const result = readWebhook(request);
  if (!result.ok) {
    log.warn('An answer webhook that names no call was apologised to', { reason: result.reason });
    return apology;
  }
  const { webhook } = result;
  // An Application without a hangup URL reports hang-ups here.
  if (webhook.event === 'Hangup' || isOver(webhook)) return hangUp(context, request);
  if (!isArrival(webhook)) return response();
  const [known, entry] = await Promise.all([
    context.store.calls.one(webhook.callId),
    webhook.to ? context.store.directory.numbers.one(webhook.to) : undefined,
  ]);
  const queue = await queueOf(context, (known ? known.queue : entry?.queue) || DEFAULT_QUEUE);
  const call = known ?? (await welcome(context, webhook, only === 'queue' ? undefined : entry, queue));
  return write(context, { call, queue }, first(call, request));
}

/** `Redirect` and `Transfer` come from documents and requests of ours; other events tell of a call, they start none. */
const isArrival = ({ event }: Webhook): boolean =>
  event === undefined || ['StartApp', 'Redirect', 'Transfer'].includes(event);

const isOver = ({ event, callStatus = '' }: Webhook): boolean =>
  event === undefined &&
  ['completed', 'busy', 'failed', 'no-answer', 'cancel', 'timeout'].includes(callStatus);

/** Store the call, unless the same webhook has just done so. */
async function welcome(
  context: Context,
  webhook: Webhook,
  entry: NumberEntry | undefined,
  queue: Queue,
): Promise<Call> {
  const { callId: id, from = '', to = '', direction = 'inbound' } = webhook;
  const arrived = await arrival(context, { id, from, to, direction }, entry, queue);
  const call = tell(arrived, 'answer', openingOf(arrived));
  const { known, stored } = await retried(context, `The arrival of ${id}`, async () => {
    const stored = await context.store.commit({ call: { before: undefined, after: call }, agents: [] });
    const known = stored ?? (await context.store.calls.one(id));
    return known && { result: { known, stored } };
  });
  if (!stored) return known;
  publish(measure(undefined, stored), context.now());
  await startEffects(context, undefined, stored);
  await noteOnLine(context, stored).catch(error =>
    log.error('The callback of a caller may ring them while they are on the line', error, { call: id }),
  );
  if (await context.store.calls.wasHungUp(id)) await end(context, id, {});
  const { assistant, flow } = stored;
  const where = { queue: stored.queue, assistant, flow: flow?.flow };
  log.info('A call came in', { call: id, from: mask(from), to: mask(to), ...where });
  return stored;
}

/** To the flow, the assistant or the queue of its number. A flow that is not there any more leads to the queue. */
async function arrival(
  context: Context,
  caller: Arrival,
  { flow, assistant }: Partial<NumberEntry> = {},
  queue: Queue,
): Promise<Call> {
  const now = context.now();
  if (assistant !== undefined) return arriveAssisted(caller, assistant, now);
  if (flow === undefined) return arrive(caller, queue, now);
  const held = { call: arriveInFlow(caller, now), agents: [] };
  const begun = await beginFlow(context, held, { id: flow }, {}, now);
  if (begun) return begun.call;
  log.error('A number leads to a flow that is not there; its callers go to the queue', undefined, { flow });
  return arrive(caller, queue, now);
}

function openingOf({ assistant, flow }: Call): Reply {
  if (flow) return { kind: 'flow', at: flow.state.step };
  return { kind: assistant === undefined ? 'greet' : 'converse' };
}
