/** The caller's leg is gone: on the hangup URL, or on the answer URL where none is set. */

import { nowReachable } from '../app/callbacks.ts';
import { change } from '../app/change.ts';
import type { Context } from '../app/context.ts';
import { agentsNow, dispatch } from '../app/dispatch.ts';
import { hungUpCallback } from '../call/calling-back.ts';
import { named } from '../call/outbound.ts';
import type { HangUp } from '../call/outcome.ts';
import * as move from '../call/transitions.ts';
import { log } from '../platform/log.ts';
import { readWebhook } from '../vobiz/webhook.ts';
import { type Document, response } from '../vobiz/xml.ts';
import { newsOf } from './hangup-news.ts';
import type { Request } from './request.ts';

export async function hangUp(context: Context, request: Request): Promise<Document> {
  const result = readWebhook(request);
  if (!result.ok) {
    log.warn('A hangup webhook that names no call was ignored', { reason: result.reason });
    return response();
  }
  const { callId } = result.webhook;
  const news = newsOf(result.webhook);
  if (await end(context, callId, news)) return response();
  const placed = await context.store.calls.named(callId);
  if (placed !== undefined && (await end(context, placed, news, callId))) return response();
  // Overtook the answer webhook, perhaps: each writes first and reads second, so one of them sees the other.
  await context.store.calls.noteHangUp(callId, context.now());
  await end(context, callId, news);
  return response();
}

/**
 * @param carrierId how the carrier calls the call, where that may be news
 * @returns false for a call that nobody knows
 */
export async function end(context: Context, id: string, news: HangUp, carrierId?: string): Promise<boolean> {
  let isNews = false;
  let left = '';
  const changed = await change(context, id, (held, queue, now) => {
    isNews = held.call.state !== 'ended';
    left =
      held.call.state === 'greeting' || (held.call.callback && held.call.state === 'offered') ? queue.id : '';
    if (held.call.callback) return hungUpCallback(held, carrierId, news, queue, now);
    return move.hangUp(named(held, carrierId), news, queue, now);
  });
  if (!changed) return false;
  // A caller still being greeted had a claim on a free agent; it is the next one's now. A callback looks for another.
  const claimed = left === '' ? [] : await sharingAgents(context, left);
  await dispatch(context, [...new Set([...changed.freed, ...claimed])]);
  if (isNews) await nowReachable(context, changed.call);
  return true;
}

/** The queue, and those whose agents serve it too: an agent who was kept for one is free for all of them. */
async function sharingAgents(context: Context, queue: string): Promise<string[]> {
  const agents = (await agentsNow(context)).filter(({ queues }) => queues.includes(queue));
  return [...new Set([queue, ...agents.flatMap(({ queues }) => queues)])];
}
