/** A message that a caller has left with a queue, as people read it. */
import * as z from 'zod/mini';
import type { Voicemail } from '../call/call.ts';
import { iso, isoOrNull, time } from './fields.ts';

export const voicemailSchema = z.strictObject({
  recording_id: z.nullable(z.string()),
  url: z.nullable(z.string()),
  duration_secs: z.nullable(z.number()),
  started_at: time,
  stored_at: z.nullable(time),
});

export function voicemailView(voicemail: Voicemail): z.infer<typeof voicemailSchema> {
  return {
    recording_id: voicemail.recording_id ?? null,
    url: voicemail.url ?? null,
    duration_secs: voicemail.duration_secs ?? null,
    started_at: iso(voicemail.started_at),
    stored_at: isoOrNull(voicemail.stored_at),
  };
}
