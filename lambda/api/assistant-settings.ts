/** What may stand in an assistant's settings. What each setting means is said where the assistant is defined. */
import * as z from 'zod/mini';
import { TOOL_DEFAULTS } from '../app/assistants.ts';
import { LONGEST_CONVERSATION_SECS } from '../call/deadlines.ts';
import { type Assistant, BUILT_IN_TOOLS } from '../voice/assistant.ts';
import { FINISH } from '../voice/outcomes.ts';
import { key, language, slug, text, textOrNone, whole } from './fields.ts';

const model = text(200);

const httpTool = z.strictObject({
  name: z.string().check(
    z.regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, hyphens or underscores'),
    z.refine(
      name => ![...BUILT_IN_TOOLS, FINISH].includes(name),
      'is the name of a built-in tool; choose another',
    ),
  ),
  description: text(1000),
  url: z.string().check(
    z.maxLength(2000),
    z.refine(given => URL.canParse(given), 'must be a URL that starts with https://'),
  ),
  parameters: z
    .looseObject({ type: z.literal('object', 'must be "object": the arguments are one JSON object') })
    .check(z.meta({ description: 'JSON schema of an object', default: TOOL_DEFAULTS.parameters })),
  timeout_ms: whole(100, 10_000).check(z.meta({ default: TOOL_DEFAULTS.timeout_ms })),
});

const tools = <T extends z.ZodMiniType<{ name: string }>>(tool: T) =>
  z.array(tool).check(
    z.maxLength(20),
    z.refine(
      given => new Set(given.map(({ name }) => name)).size === given.length,
      'must have a different name for each tool',
    ),
  );

const stt = z.strictObject({
  provider: z.literal('deepgram'),
  model,
  keyterms: z.array(text(100)).check(z.maxLength(100)),
});
const llm = z.strictObject({
  provider: z.literal('openai'),
  model,
  temperature: z.number().check(z.minimum(0), z.maximum(2)),
  max_tokens: whole(1, 4096),
});
const tts = z.strictObject({ provider: z.enum(['openai', 'deepgram']), model, voice: model });
const interruption = z.strictObject({
  speaking: z.enum(['words', 'speech', 'off']),
  thinking: z.enum(['words', 'off']),
  min_words: whole(1, 10),
  back_channel: z.array(text(50)).check(z.maxLength(100)),
});

export const assistantSettings = {
  name: text(100),
  prompt: text(20_000),
  greeting: textOrNone(1000),
  language,
  stt,
  llm,
  tts,
  built_in_tools: z.array(z.enum(BUILT_IN_TOOLS)).check(z.maxLength(BUILT_IN_TOOLS.length)),
  http_tools: tools(httpTool),
  queue: slug,
  transfer_key: key,
  max_secs: whole(10, LONGEST_CONVERSATION_SECS),
  on_limit: z.enum(['queue', 'end']),
  silence_secs: whole(2, 120),
  silence_prompts: whole(0, 10),
  silence_prompt: text(1000),
  farewell: textOrNone(1000),
  filler: textOrNone(200),
  filler_after_ms: whole(200, 20_000),
  apology: text(1000),
  interruption,
} satisfies Record<keyof Omit<Assistant, 'id'>, z.ZodMiniType>;

/** As their owner gives them: each on its own, also within the four groups; a tool needs only what has no default. */
export const assistantChoices = {
  ...z.partial(z.strictObject(assistantSettings)).def.shape,
  stt: z.optional(z.partial(stt)),
  llm: z.optional(z.partial(llm)),
  tts: z.optional(z.partial(tts)),
  http_tools: z.optional(tools(z.partial(httpTool, { parameters: true, timeout_ms: true }))),
  interruption: z.optional(z.partial(interruption)),
};
