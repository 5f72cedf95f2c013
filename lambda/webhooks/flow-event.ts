/**
 * Callbacks beside a flow's document: they steer nothing, and what they tell is kept. A bridge's word of an answer may
 * be the only one; a recording is told of when it begins and when its file is there, usually after the hang-up.
 */
import { change } from '../app/change.ts';
import type { Context } from '../app/context.ts';
import type { CallRecording } from '../call/call.ts';
import { proveBridged, refined } from '../call/evidence.ts';
import type { Held } from '../call/transitions.ts';
import { log } from '../platform/log.ts';
import type { Continuation } from '../vobiz/continuation.ts';
import type { Webhook } from '../vobiz/webhook.ts';
import { type Document, response } from '../vobiz/xml.ts';
import { streamStatus } from './assistant.ts';

export async function flowEvent(
  context: Context,
  at: Continuation,
  webhook: Partial<Webhook>,
): Promise<Document> {
  const { of, at: step } = at.params;
  if (of === 'transcription') return streamStatus(context, at, webhook);
  if (of === 'dial') await bridge(context, at.call, Number(step), webhook);
  if (of === 'recording') await recording(context, at.call, Number(step), webhook);
  return response();
}

async function bridge(context: Context, id: string, at: number, { event, bLeg }: Partial<Webhook>) {
  if (event !== 'DialConnected' && bLeg?.status !== 'connected') return;
  await change(context, id, (held, _queue, now) => ({
    ...held,
    call: proveBridged(held.call, at, bLeg?.to, now),
  }));
}

async function recording(context: Context, id: string, at: number, { recording: told }: Partial<Webhook>) {
  if (told?.id === undefined) return;
  const news = {
    id: told.id,
    ...(told.url !== undefined && { url: told.url }),
    ...(told.durationMs !== undefined && { duration_secs: Math.round(told.durationMs / 1000) }),
    ...(told.endReason !== undefined && { ended_by: told.endReason }),
  };
  const changed = await change(context, id, (held, _queue, now) => noted(held, news, at, now));
  const stored = changed?.call.recordings?.find(one => one.id === told.id);
  if (stored?.url === undefined) return;
  log.info('A recording of a call was stored', { call: id, kind: stored.kind, secs: stored.duration_secs });
}

/** May come twice and in either order. */
function noted(
  { call, agents }: Held,
  news: Partial<CallRecording> & { id: string },
  step: number,
  now: number,
): Held {
  const { recordings = [], flow } = call;
  const known = recordings.find(({ id }) => id === news.id);
  const verbs = flow?.told.find(told => told.at === step)?.verbs ?? [];
  const kind = verbs.some(({ verb }) => verb === 'record_message') ? 'message' : 'call';
  const before = known ?? { step, kind, began_at: now };
  const stored = news.url !== undefined && known?.stored_at === undefined ? { stored_at: now } : {};
  const after: CallRecording = { ...before, ...news, ...stored };
  if (known && JSON.stringify(known) === JSON.stringify(after)) return { call, agents };
  const all = known ? recordings.map(one => (one === known ? after : one)) : [...recordings, after];
  return { call: refined({ ...call, recordings: all }), agents };
}
