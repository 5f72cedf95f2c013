/**
 * A message instead of an agent. The Record's action comes when the recording begins, the file after its end,
 * usually after the hang-up; whichever comes, the message is counted once and kept.
 */

import { change } from '../app/change.ts';
import { type Context, queueOf } from '../app/context.ts';
import { record } from '../call/evidence.ts';
import { messageOf, visitNumber } from '../call/visits.ts';
import { log } from '../platform/log.ts';
import type { Continuation } from '../vobiz/continuation.ts';
import type { Webhook } from '../vobiz/webhook.ts';
import { type Document, response } from '../vobiz/xml.ts';
import { answerStep, inStep } from './reply.ts';

export async function voicemail(context: Context, id: string, step: string): Promise<Document> {
  const { document } = await answerStep(context, id, `queue-voicemail:${step}`, held => ({
    held,
    reply:
      held.call.state === 'voicemail' ? { kind: 'record', visit: visitNumber(held.call) } : inStep(held.call),
  }));
  return document;
}

/** `/voicemail-done` and `/voicemail-file`: the reply must be empty, or it would cut the recording off. */
export async function recorded(
  context: Context,
  at: Continuation,
  { recording }: Partial<Webhook>,
): Promise<Document> {
  const { id, url, durationMs } = recording ?? {};
  const news = {
    ...(id !== undefined && { recording_id: id }),
    ...(url !== undefined && { url }),
    ...(durationMs !== undefined && { duration_secs: Math.round(durationMs / 1000) }),
  };
  const visit = Number(at.params.visit ?? 1);
  const changed = await change(context, at.call, (held, _queue, now) => record(held, news, now, visit));
  const message = changed && messageOf(changed.call, visit);
  if (message?.voicemail.stored_at !== undefined && message.voicemail.notified_at === undefined) {
    const queue = await queueOf(context, message.queue);
    const secs = message.voicemail.duration_secs;
    log.info('A voicemail was stored', { call: at.call, queue: queue.id, secs });
    if (queue.voicemail_webhook_url !== '') await context.start({ kind: 'voicemail', call: at.call, visit });
  }
  return response();
}
