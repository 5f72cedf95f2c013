/** The caller's leg is gone: on the hangup URL, or on the answer URL where none is set. */
import * as move from '../../call/transitions.ts';
import { log } from '../../platform/log.ts';
import { readWebhook, type Webhook } from '../../vobiz/webhook.ts';
import { type Document, response } from '../../vobiz/xml.ts';
import { change } from '../change.ts';
import type { Context } from '../context.ts';
import { dispatch } from '../dispatch.ts';
import type { Request } from './request.ts';

export async function hangUp(context: Context, request: Request): Promise<Document> {
  const result = readWebhook(request);
  if (!result.ok) {
    log.warn('A hangup webhook that names no call was ignored', { reason: result.reason });
    return response();
  }
  const { callId, hangup } = result.webhook;
  const news = { cause: hangup?.name ?? hangup?.cause, broken: isBroken(hangup) };
  const changed = await change(context, callId, (held, queue, now) => move.hangUp(held, news, queue, now));
  if (changed) await dispatch(context, changed.freed);
  return response();
}

/** Codes of the carrier for its own errors (5000s) and for URLs or documents of ours that failed (7000s, 8000s). */
function isBroken(hangup: Webhook['hangup']): boolean {
  const code = hangup?.code ?? 0;
  return (code >= 5000 && code < 6000) || (code >= 7000 && code < 9000);
}
