/**
 * What happens in the background, invoked asynchronously: Lambda repeats a task that throws, and may deliver one
 * twice, so each is harmless when repeated.
 */

import { change } from '../app/change.ts';
import { type Context, queueOf } from '../app/context.ts';
import { dispatch } from '../app/dispatch.ts';
import { notify } from '../app/send-signed.ts';
import type { Task } from '../app/task.ts';
import { noteNotified } from '../call/evidence.ts';
import { messageOf } from '../call/visits.ts';
import { log } from '../platform/log.ts';
import { tellOfCallback } from './callback.ts';
import { performEffects } from './effects.ts';
import { transcribeRecording } from './transcribe-recording.ts';

export async function perform(context: Context, task: Task): Promise<void> {
  if (task.kind === 'wake') {
    await context.sleepUntil(task.at);
    await dispatch(context, task.queues);
  } else if (task.kind === 'effects') await performEffects(context, task.call);
  else if (task.kind === 'transcribe_recording') await transcribeRecording(context, task);
  else if (task.kind === 'callback') await tellOfCallback(context, task.call);
  else await tellOfVoicemail(context, task);
}

type OfVoicemail = Extract<Task, { kind: 'voicemail' }>;

async function tellOfVoicemail(context: Context, { call: id, visit }: OfVoicemail): Promise<void> {
  const call = await context.store.calls.one(id);
  const message = call && messageOf(call, visit);
  if (!message || message.voicemail.notified_at !== undefined) return;
  const { voicemail } = message;
  const queue = await queueOf(context, message.queue);
  if (queue.voicemail_webhook_url === '') return;
  await notify(context, {
    url: queue.voicemail_webhook_url,
    id: visit === 1 ? `voicemail-${id}` : `voicemail-${id}-${visit}`,
    whose: `The voicemail webhook of queue ${queue.id}`,
    body: {
      type: 'voicemail.stored',
      call_id: id,
      queue: queue.id,
      from: call.from,
      to: call.to,
      recording_url: voicemail.url,
      duration_secs: voicemail.duration_secs,
      left_at: new Date(voicemail.started_at).toISOString(),
    },
  });
  await change(context, id, (held, _queue, now) => noteNotified(held, now, visit));
  log.info('The voicemail webhook was told', { call: id, queue: queue.id });
}
