/** The assistant as its owner and the deployment set it up; an id that nobody set up gets the defaults. */
import { LONGEST_CONVERSATION_SECS } from '../call/deadlines.ts';
import type { Talk } from '../call/flow-run.ts';
import type { Settings } from '../platform/settings.ts';
import type { AssistantChoices } from '../store/directory.ts';
import { type Assistant, assistantDefaults, type HttpTool } from '../voice/assistant.ts';
import type { Context } from './context.ts';

/** @param talk what a flow wants of this conversation, if one has sent the caller */
export async function assistantOf(context: Context, id: string, talk?: Talk): Promise<Assistant> {
  const choices = (await context.store.directory.assistants.one(id)) ?? { id };
  const { language, max_secs } = talk ?? {};
  return completeAssistant(context.settings, {
    ...choices,
    ...(language && { language }),
    ...(max_secs && { max_secs: Math.min(max_secs, LONGEST_CONVERSATION_SECS) }),
  });
}

export function completeAssistant(settings: Settings, choices: AssistantChoices): Assistant {
  const deployment = {
    prompt: settings.AGENT_SYSTEM_PROMPT,
    model: settings.OPENAI_MODEL,
    tts_voice: settings.OPENAI_TTS_VOICE,
  };
  const defaults = assistantDefaults(choices.id, deployment, choices.language);
  return {
    ...defaults,
    ...choices,
    stt: { ...defaults.stt, ...choices.stt },
    llm: { ...defaults.llm, ...choices.llm },
    tts: { ...(choices.tts?.provider === 'deepgram' ? DEEPGRAM_VOICE : defaults.tts), ...choices.tts },
    http_tools: (choices.http_tools ?? defaults.http_tools).map(tool => ({ ...TOOL_DEFAULTS, ...tool })),
    interruption: { ...defaults.interruption, ...choices.interruption },
  };
}

/** Of a tool for which its owner says nothing else: it takes no arguments. */
export const TOOL_DEFAULTS = {
  parameters: { type: 'object', properties: {} },
  timeout_ms: 5000,
} satisfies Partial<HttpTool>;

/** The deployment's voice is one of OpenAI's. */
const DEEPGRAM_VOICE = { provider: 'deepgram', model: 'aura-2', voice: 'thalia' } as const;
