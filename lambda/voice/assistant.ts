/**
 * An assistant's own settings. Every field has a default (`assistantDefaults`), so an item stores only what its
 * owner chose and a new setting never needs a migration. Durations are in the unit that their name says.
 */

export const DEFAULT_ASSISTANT = 'default';

/** Built-in tools; every assistant has them unless its owner takes one away. */
export const BUILT_IN_TOOLS = ['transfer_to_queue', 'end_call', 'set_variables'] as const;
export type BuiltInTool = (typeof BUILT_IN_TOOLS)[number];

/** A tool behind an address of the owner's. The arguments are sent as signed JSON; the answer's text goes to the model. */
export interface HttpTool {
  /** As the model calls it: letters, digits, `_` and `-`, at most 64. */
  name: string;
  description: string;
  url: string;
  /** JSON schema of an object. */
  parameters: Record<string, unknown>;
  timeout_ms: number;
}

export interface Assistant {
  id: string;
  name: string;
  /** What the model is told; `${name}` stands for a variable of the call. */
  prompt: string;
  /** Said first; empty: the caller speaks first. `${name}` stands for a variable of the call. */
  greeting: string;
  /** BCP 47, such as en-US. */
  language: string;
  stt: { provider: 'deepgram'; model: string; keyterms: string[] };
  llm: { provider: 'openai'; model: string; temperature: number; max_tokens: number };
  tts: { provider: 'openai' | 'deepgram'; model: string; voice: string };
  built_in_tools: BuiltInTool[];
  http_tools: HttpTool[];
  /** Where a caller goes who asks for a person, or whom the assistant cannot serve. */
  queue: string;
  /** Pressed alone, this key leads to that queue; empty for none. */
  transfer_key: string;
  /** Longest conversation. */
  max_secs: number;
  /** What happens then. */
  on_limit: 'queue' | 'end';
  /** How long the caller may be silent before being asked whether they are there. */
  silence_secs: number;
  /** How often that is asked before the assistant says goodbye. */
  silence_prompts: number;
  silence_prompt: string;
  farewell: string;
  /** Said when the model takes longer than `filler_after_ms`; empty for nothing. */
  filler: string;
  filler_after_ms: number;
  /** Said when the model had nothing to say. */
  apology: string;
  interruption: Interruption;
}

/** What counts as the caller taking the turn. */
export interface Interruption {
  /** `words`: the first words that are no back-channel; `speech`: any sound of speech; `off`: never. */
  speaking: 'words' | 'speech' | 'off';
  /** While the assistant still thinks, what the caller adds belongs to the same question; `off` ignores it. */
  thinking: 'words' | 'off';
  /** Words it takes at least. */
  min_words: number;
  /** Beside the usual "uh-huh" and "okay": what does not interrupt. */
  back_channel: string[];
}

/** What a deployment chooses for every assistant that does not choose itself. */
export interface AssistantDeployment {
  prompt: string;
  model: string;
  tts_voice: string;
}

const PROMPT =
  'You are a friendly, efficient voice assistant on the telephone. Answer in one to three short sentences of ' +
  'plain speech, without lists, markup or emoji. Ask one question at a time. If you cannot help, or the caller ' +
  'asks for a person, use transfer_to_queue. When the caller is done, use end_call.';

/** American English has a model of its own for the telephone; the general one covers all the others. */
export const transcriber = (language: string) =>
  /^en(-US)?$/i.test(language) ? 'nova-2-phonecall' : 'nova-3';

/** @param language the assistant's own, if its owner chose one: the transcriber depends on it */
export function assistantDefaults(
  id: string,
  deployment: AssistantDeployment,
  language = 'en-US',
): Assistant {
  return {
    id,
    name: id,
    prompt: deployment.prompt || PROMPT,
    greeting: 'Hello! How can I help you today?',
    language,
    stt: { provider: 'deepgram', model: transcriber(language), keyterms: [] },
    llm: { provider: 'openai', model: deployment.model, temperature: 0.4, max_tokens: 400 },
    tts: { provider: 'openai', model: 'tts-1', voice: deployment.tts_voice },
    built_in_tools: [...BUILT_IN_TOOLS],
    http_tools: [],
    queue: 'default',
    transfer_key: '0',
    max_secs: 1800,
    on_limit: 'queue',
    silence_secs: 8,
    silence_prompts: 2,
    silence_prompt: 'Are you still there?',
    farewell: 'Thank you for calling. Goodbye.',
    filler: 'One moment, please.',
    filler_after_ms: 1800,
    apology: 'Sorry, I did not get that. Could you say it again?',
    interruption: { speaking: 'words', thinking: 'words', min_words: 1, back_channel: [] },
  };
}
