/** The caller's leg is gone: on the hangup URL, or on the answer URL where none is set. */

import { change } from '../app/change.ts';
import type { Context } from '../app/context.ts';
import { dispatch } from '../app/dispatch.ts';
import type { HangUp } from '../call/outcome.ts';
import * as move from '../call/transitions.ts';
import { log } from '../platform/log.ts';
import { readWebhook, type Webhook } from '../vobiz/webhook.ts';
import { type Document, response } from '../vobiz/xml.ts';
import type { Request } from './request.ts';

export async function hangUp(context: Context, request: Request): Promise<Document> {
  const result = readWebhook(request);
  if (!result.ok) {
    log.warn('A hangup webhook that names no call was ignored', { reason: result.reason });
    return response();
  }
  const { callId, hangup } = result.webhook;
  const news = { cause: hangup?.name ?? hangup?.cause, broken: isBroken(hangup) };
  if (await end(context, callId, news)) return response();
  // Overtook the answer webhook, perhaps: each writes first and reads second, so one of them sees the other.
  await context.store.calls.noteHangUp(callId, context.now());
  await end(context, callId, news);
  return response();
}

/** @returns false for a call that nobody knows */
export async function end(context: Context, id: string, news: HangUp): Promise<boolean> {
  const changed = await change(context, id, (held, queue, now) => move.hangUp(held, news, queue, now));
  if (!changed) return false;
  // A caller still being greeted had a claim on a free agent; it is the next one's now.
  const claimed = changed.call.abandoned_while === 'greeting' ? [changed.queue.id] : [];
  await dispatch(context, [...new Set([...changed.freed, ...claimed])]);
  return true;
}

/** Codes of the carrier for its own errors (5000s) and for URLs or documents of ours that failed (7000s, 8000s). */
function isBroken(hangup: Webhook['hangup']): boolean {
  const code = hangup?.code ?? 0;
  return (code >= 5000 && code < 6000) || (code >= 7000 && code < 9000);
}
