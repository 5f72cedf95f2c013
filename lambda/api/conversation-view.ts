/** What was said to and by an assistant, as people read it; what it used; how fast it was. */
import * as z from 'zod/mini';
import { totals } from '../call/assisted.ts';
import type { Call } from '../call/call.ts';
import type { Conversation, Entry, Latency } from '../voice/conversation.ts';
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

export function entryView(entry: Entry): z.infer<typeof entrySchema> {
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

/** As summed up at the end, before that as of the last turn that was stored. */
export function usageView(
  call: Call,
  conversation: Conversation | undefined,
): z.infer<typeof usageSchema> | null {
  return call.ai ?? (conversation ? totals(conversation) : null);
}
