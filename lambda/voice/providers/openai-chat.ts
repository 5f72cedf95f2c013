/**
 * Any OpenAI-compatible chat: `POST {base}/chat/completions`, streamed. A server that answers with one JSON object
 * instead is understood as well.
 */
import { createChatReader } from './chat-reader.ts';
import { credentials, Exchange, errorCode, type Fetch, objectIn } from './exchange.ts';
import type { AskLlm, LlmEvent, LlmRequest } from './provider.ts';
import { createEventParser } from './sse.ts';

export interface OpenaiChatOptions {
  /** `https://api.openai.com/v1`; a trailing slash does not matter. */
  baseUrl: string;
  /** Read for every request, so that a rotated key is used at once. */
  key: () => string;
  /** 8000. */
  firstTokenMs?: number;
  /** Between two tokens: 8000. */
  tokenMs?: number;
  fetch?: Fetch;
}

export const openaiChat =
  (options: OpenaiChatOptions): AskLlm =>
  (request, signal) =>
    ask(options, request, signal);

async function* ask(
  options: OpenaiChatOptions,
  request: LlmRequest,
  signal: AbortSignal,
): AsyncGenerator<LlmEvent, void> {
  const exchange = new Exchange('The language model', signal, options.fetch);
  exchange.allow(options.firstTokenMs ?? 8000);
  const url = `${options.baseUrl.replace(/\/+$/, '')}/chat/completions`;
  const response = await exchange.post(url, credentials('Bearer', options.key()), bodyOf(request));
  const reader = createChatReader();
  for await (const data of eventsOf(exchange, response)) {
    const chunk = objectIn(data);
    if (chunk.error) throw exchange.fault('unavailable', `broke off (${errorCode(data) || 'error'})`);
    const events = reader.read(chunk);
    if (events.length > 0 || reader.calling) exchange.allow(options.tokenMs ?? 8000);
    yield* events;
  }
  if (!reader.complete) throw exchange.fault('unavailable', 'broke off');
  yield* reader.end();
}

/** JSON texts: one for each event before `[DONE]`, or the whole answer. */
async function* eventsOf(exchange: Exchange, response: Response): AsyncGenerator<string, void> {
  if (response.headers.get('content-type')?.startsWith('application/json'))
    return void (yield await exchange.text(response));
  const parser = createEventParser();
  for await (const bytes of exchange.chunks(response)) {
    for (const data of parser.push(bytes)) {
      if (data === '[DONE]') return;
      yield data;
    }
  }
  yield* parser.flush().filter(data => data !== '[DONE]');
}

function bodyOf({ model, temperature, max_tokens, messages, tools }: LlmRequest) {
  return {
    model,
    messages,
    ...(reasons(model) ? { max_completion_tokens: max_tokens } : { max_tokens, temperature }),
    ...(tools.length > 0 && { tools: tools.map(tool => ({ type: 'function', function: tool })) }),
    stream: true,
    stream_options: { include_usage: true },
  };
}

/** OpenAI's reasoning models refuse `max_tokens`, and every temperature but their own. */
const reasons = (model: string) => /^(o\d|gpt-5(?!-chat))/.test(model);
