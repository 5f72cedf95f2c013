/** What was transcribed of a call, or of its recordings, as people read it. */
import * as z from 'zod/mini';
import { recordingOf, type StoredEntry, type TranscriptRecord } from '../store/transcripts.ts';
import { SPEAKERS } from '../transcription/transcript.ts';
import { iso, isoOrNull, named, time } from './fields.ts';

const shared = { n: z.int(), who: z.enum(SPEAKERS), at: time, told_at: z.nullable(time) };

const spokenSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('speech'), ...shared, ended_at: time, text: z.string() }),
  z.strictObject({ kind: z.literal('keyword'), ...shared, phrase: z.string(), text: z.string() }),
  z.strictObject({ kind: z.literal('gap'), ...shared }),
]);

/** `recording` is null for a live transcription. */
export const transcriptionSchema = named(
  'Transcription',
  z.strictObject({
    name: z.string(),
    recording: z.nullable(z.string()),
    ended_at: z.nullable(time),
    entries: z.array(spokenSchema),
  }),
);

export const transcriptionView = ({
  name,
  transcript,
  entries,
}: TranscriptRecord): z.infer<typeof transcriptionSchema> => ({
  name,
  recording: recordingOf(name),
  ended_at: isoOrNull(transcript.ended_at),
  entries: entries.map(spokenView),
});

function spokenView(entry: StoredEntry): z.infer<typeof spokenSchema> {
  const shared = { n: entry.n, who: entry.who, at: iso(entry.at), told_at: isoOrNull(entry.told_at) };
  switch (entry.kind) {
    case 'speech':
      return { kind: 'speech', ...shared, ended_at: iso(entry.ended_at), text: entry.text };
    case 'keyword':
      return { kind: 'keyword', ...shared, phrase: entry.phrase, text: entry.text };
    case 'gap':
      return { kind: 'gap', ...shared };
  }
}
