/**
 * The Answer URL: a call comes in. Where its number leads to an assistant, it gets a stream to that; else it is
 * greeted, and gets its place in line from this moment on. The first attempt to find an agent comes right after the
 * greeting, before any music.
 */

import { type Context, queueOf } from '../app/context.ts';
import { retried } from '../app/retry.ts';
import { arriveAssisted } from '../call/assisted.ts';
import type { Call, Told } from '../call/call.ts';
import { measure } from '../call/measure.ts';
import { tell } from '../call/replies.ts';
import { arrive } from '../call/transitions.ts';
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';
import { mask } from '../platform/numbers.ts';
import { DEFAULT_QUEUE, type Queue } from '../queue/queue.ts';
import { readWebhook, type Webhook } from '../vobiz/webhook.ts';
import { type Document, response } from '../vobiz/xml.ts';
import { apology } from './documents.ts';
import { end, hangUp } from './hangup.ts';
import { write } from './reply.ts';
import type { Request } from './request.ts';

/** The first thing that a caller is told, and whatever happens told again. */
const first = ({ assistant }: Pick<Call, 'assistant'>): Told => ({
  reply: { kind: assistant === undefined ? 'greet' : 'converse' },
  next: 1,
});

export async function answer(context: Context, request: Request): Promise<Document> {
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
  const call = known ?? (await welcome(context, webhook, entry?.assistant ?? queue));
  return write(context, { call, queue }, first(call));
}

/** `Redirect` and `Transfer` come from documents and requests of ours; other events tell of a call, they start none. */
const isArrival = ({ event }: Webhook): boolean =>
  event === undefined || ['StartApp', 'Redirect', 'Transfer'].includes(event);

const isOver = ({ event, callStatus = '' }: Webhook): boolean =>
  event === undefined &&
  ['completed', 'busy', 'failed', 'no-answer', 'cancel', 'timeout'].includes(callStatus);

/** Store the call, unless the same webhook has just done so. */
async function welcome(context: Context, webhook: Webhook, whither: string | Queue): Promise<Call> {
  const { callId: id, from = '', to = '', direction = 'inbound' } = webhook;
  const arrival = { id, from, to, direction };
  const now = context.now();
  const come =
    typeof whither === 'string' ? arriveAssisted(arrival, whither, now) : arrive(arrival, whither, now);
  const call = tell(come, 'answer', first(come).reply);
  const { known, stored } = await retried(context, `The arrival of ${id}`, async () => {
    const stored = await context.store.commit({ call: { before: undefined, after: call }, agents: [] });
    const known = stored ?? (await context.store.calls.one(id));
    return known && { result: { known, stored } };
  });
  if (!stored) return known;
  publish(measure(undefined, stored), context.now());
  if (await context.store.calls.wasHungUp(id)) await end(context, id, {});
  const { queue, assistant } = stored;
  log.info('A call came in', { call: id, from: mask(from), to: mask(to), queue, assistant });
  return stored;
}
