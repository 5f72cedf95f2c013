/** What was said to and by an assistant, as people read it; what it used; how fast it was. */
import * as z from 'zod/mini';
import { totals, totalsOf } from '../call/assisted.ts';
import type { Call } from '../call/call.ts';
import type { SavedConversation } from '../store/conversations.ts';
import type { Departure, Entry, Latency } from '../voice/conversation.ts';
import { iso, isoOrNull, named, time } from './fields.ts';

const ms = z.optional(z.number());

const latency = z.strictObject({
  endpointing_ms: ms,
  patience_ms: ms,
  first_token_ms: ms,
  first_sentence_ms: ms,
  first_byte_ms: ms,
  first_audio_ms: ms,
  total_ms: ms,
  tools_ms: ms,
} satisfies Record<keyof Latency, z.ZodMiniType>);

const ended_at = z.nullable(time);

export const entrySchema = named(
  'TranscriptEntry',
  z.discriminatedUnion('who', [
    z.strictObject({ who: z.literal('caller'), at: time, ended_at, text: z.string() }),
    z.strictObject({
      who: z.literal('assistant'),
      kind: z.enum(['greeting', 'reply', 'prompt', 'farewell', 'apology']),
      turn: z.int(),
      at: time,
      ended_at,
      text: z.string(),
      heard: z.string(),
      interrupted: z.boolean(),
      latency: z.nullable(latency),
    }),
    z.strictObject({
      who: z.literal('tool'),
      name: z.string(),
      at: time,
      ended_at,
      arguments: z.string(),
      result: z.string(),
    }),
  ]),
);

export const usageSchema = named(
  'AssistantUsage',
  z.strictObject({
    stt_secs: z.number(),
    llm_input_tokens: z.int(),
    llm_output_tokens: z.int(),
    tts_chars: z.int(),
    turns: z.int().check(z.describe('Replies to what the caller said')),
    interruptions: z.int(),
  }),
);

export const departureSchema = z.strictObject({
  to: z.enum(['queue', 'flow', 'end']),
  queue: z.nullable(z.string()),
  status: z.nullable(z.string().check(z.describe('What the flow was told'))),
  reason: z.string(),
  detail: z.nullable(z.string()),
  note: z.nullable(z.string()),
});

export const conversationSchema = named(
  'Conversation',
  z.strictObject({
    assistant: z.nullable(z.string()),
    began_at: z.nullable(time),
    departure: z.nullable(departureSchema),
    entries: z.int().check(z.describe('How many entries of the transcript are of it')),
    usage: usageSchema,
  }),
);

/** First to last. */
export const conversationsView = (saved: SavedConversation[]): z.infer<typeof conversationSchema>[] =>
  saved.map(({ conversation, assistant }) => ({
    assistant: assistant ?? null,
    began_at: isoOrNull(conversation.began_at),
    departure: conversation.departure ? departureView(conversation.departure) : null,
    entries: conversation.entries.length,
    usage: totals(conversation),
  }));

/** Of all conversations, one after the other. */
export const transcriptView = (saved: SavedConversation[]): z.infer<typeof entrySchema>[] =>
  saved.flatMap(({ conversation }) => conversation.entries.map(entryView));

export const departureView = (departure: Departure): z.infer<typeof departureSchema> => ({
  to: departure.to,
  queue: departure.to === 'queue' ? departure.queue : null,
  status: departure.to === 'flow' ? departure.status : null,
  reason: departure.reason,
  detail: 'detail' in departure ? (departure.detail ?? null) : null,
  note: 'note' in departure ? (departure.note ?? null) : null,
});

function entryView(entry: Entry): z.infer<typeof entrySchema> {
  const when = { at: iso(entry.at), ended_at: isoOrNull(entry.ended_at) };
  switch (entry.who) {
    case 'caller':
      return { who: entry.who, ...when, text: entry.text };
    case 'assistant': {
      const { who, kind, turn, text, heard, interrupted = false, latency = null } = entry;
      return { who, kind, turn, ...when, text, heard, interrupted, latency };
    }
    case 'tool':
      return {
        who: entry.who,
        name: entry.name,
        ...when,
        arguments: entry.arguments,
        result: entry.result,
      };
  }
}

/** Of all conversations: as summed up at the end of each, while one goes on as of the last turn that was stored. */
export function usageView(call: Call, saved: SavedConversation[]): z.infer<typeof usageSchema> | null {
  if (saved.length === 0 || (call.ai && call.state !== 'assisted')) return call.ai ?? null;
  return totalsOf(saved.map(({ conversation }) => conversation));
}
