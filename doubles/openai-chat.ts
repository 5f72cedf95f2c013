/** OpenAI's `/v1/chat/completions`, streamed as server-sent events. */
import { answerJson, type Exchange, ending, keyOf, pause, stream } from './answer.ts';
import { chunksOf, type Turn, wholeOf } from './completion.ts';
import type { Desk } from './desk.ts';
import { problem, refusalOf } from './openai.ts';
import { receptionist, type Tool } from './receptionist.ts';
import type { ChatRequest } from './script.ts';

const STREAM = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };

export async function answerChat(desk: Desk, { headers, body, response }: Exchange): Promise<void> {
  const tools = toolsIn(body.tools);
  const request = requestIn(body, tools);
  desk.requests.chat.push(request);
  const fault = desk.nextFault('chat');
  const end = ending(response, request);
  const refusal = refusalOf(desk, keyOf(headers), fault) ?? misses(request);
  if (refusal) {
    answerJson(response, refusal);
    return end('fault');
  }
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'slow') await pause(fault.ms ?? 0);
  const turn: Turn = {
    request,
    rule: fault?.kind === 'empty' ? {} : ruleFor(desk, request, tools),
    fault,
    timing: desk.timing,
    withUsage: objectOf(body.stream_options).include_usage === true,
  };
  if (fault?.kind === 'plain' || body.stream !== true) {
    const body = await wholeOf(turn);
    if (response.destroyed) return;
    answerJson(response, { status: 200, body });
    return end('complete');
  }
  response.writeHead(200, STREAM);
  response.flushHeaders();
  end(await stream(response, chunksOf(turn), fault));
}

const requestIn = ({ model, messages }: Record<string, unknown>, tools: Tool[]): ChatRequest => ({
  at: Date.now(),
  model: String(model ?? ''),
  messages: arrayOf(messages),
  tools: tools.map(tool => tool.name),
});

const misses = ({ model, messages }: ChatRequest) =>
  model && messages.length > 0
    ? undefined
    : problem(400, 'invalid_request_error', 'You must provide a model and messages.');

function ruleFor(desk: Desk, { messages }: ChatRequest, tools: Tool[]) {
  const last = messages.findLast(message => message.role !== 'system');
  const text = typeof last?.content === 'string' ? last.content : '';
  return desk.nextRule(text) ?? receptionist(text, last?.role === 'tool', tools);
}

const toolsIn = (value: unknown): Tool[] =>
  arrayOf(value).map(tool => {
    const { name, parameters } = objectOf(tool.function);
    return { name: String(name), parameters: objectOf(parameters) };
  });

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

const arrayOf = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.map(objectOf) : [];
