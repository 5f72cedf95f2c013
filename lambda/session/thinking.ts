/**
 * Asks the model, one request at a time: tokens become sentences as they come. A request that fails before it has
 * said anything is made once more; a refused key is read again first.
 */
import type { Assistant } from '../voice/assistant.ts';
import type { ConversationEvent, Message } from '../voice/conversation.ts';
import { type LlmEvent, ProviderError, type ToolDeclaration } from '../voice/providers/provider.ts';
import { createSentences } from '../voice/sentences.ts';
import type { Providers } from './providers.ts';

/** For the first word of each attempt: together no longer than the conversation waits for an answer. */
const FIRST_WORD_MS = [3500, 2500];

export interface Thinker {
  generate(request: Pick<Question, 'turn' | 'messages' | 'tools'>): void;
  abort(): void;
}

type Usage = Pick<Extract<LlmEvent, { type: 'usage' }>, 'input_tokens' | 'output_tokens'>;

export function thinker(
  providers: Providers,
  settings: Assistant,
  emit: (event: ConversationEvent) => void,
): Thinker {
  let current = new AbortController();
  return {
    generate(request) {
      current.abort();
      current = new AbortController();
      const question = { ...request, signal: current.signal };
      void attempts(providers, settings, question, emit);
    },
    abort: () => current.abort(),
  };
}

interface Question {
  turn: number;
  messages: Message[];
  tools: ToolDeclaration[];
  signal: AbortSignal;
}

async function attempts(
  providers: Providers,
  settings: Assistant,
  question: Question,
  emit: (event: ConversationEvent) => void,
): Promise<void> {
  const { turn, signal } = question;
  const tell = (event: ConversationEvent) => signal.aborted || emit(event);
  for (const [at, patienceMs] of FIRST_WORD_MS.entries()) {
    const progress = { said: false };
    try {
      const usage = await ask(providers, settings, { ...question, patienceMs }, tell, progress);
      tell({ type: 'reply_done', turn, ...(usage && { usage }) });
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (at === FIRST_WORD_MS.length - 1 || progress.said) {
        tell({ type: 'reply_failed', turn, reason: reasonOf(error) });
        return;
      }
      if (error instanceof ProviderError && error.kind === 'refused') await providers.renewKeys();
    }
  }
}

async function ask(
  providers: Providers,
  settings: Assistant,
  { turn, messages, tools, signal, patienceMs }: Question & { patienceMs: number },
  tell: (event: ConversationEvent) => void,
  progress: { said: boolean },
): Promise<Usage | undefined> {
  const impatience = new AbortController();
  const patience = setTimeout(() => impatience.abort(), patienceMs);
  const sentences = createSentences();
  const say = (texts: string[]) => {
    for (const text of texts) tell({ type: 'sentence', turn, text });
  };
  let usage: Usage | undefined;
  try {
    const request = { ...settings.llm, messages, tools };
    const reply = providers.llm[settings.llm.provider](request, AbortSignal.any([signal, impatience.signal]));
    for await (const event of reply) {
      if (event.type === 'usage') {
        usage = { input_tokens: event.input_tokens, output_tokens: event.output_tokens };
        continue;
      }
      clearTimeout(patience);
      if (event.type === 'calling') continue;
      if (!progress.said) tell({ type: 'first_token', turn });
      progress.said = true;
      if (event.type === 'token') say(sentences.push(event.text));
      else {
        say(sentences.flush());
        tell({ ...event, turn });
      }
    }
    say(sentences.flush());
    return usage;
  } finally {
    clearTimeout(patience);
  }
}

export const reasonOf = (error: unknown): string =>
  error instanceof ProviderError
    ? `${error.kind}: ${error.message}`
    : error instanceof Error
      ? error.name
      : 'unknown';
