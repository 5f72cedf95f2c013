/** OpenAI's `/v1/chat/completions`, streamed as server-sent events. */
import { randomUUID } from 'node:crypto';
import { answerJson, type Exchange, ending, keyOf, pause, stream } from './answer.ts';
import { errorInside, problem, refusalOf } from './openai.ts';
import { receptionist, type Tool } from './receptionist.ts';
import type { ChatRequest, Desk, Fault, Rule } from './script.ts';

export async function answerChat(desk: Desk, { headers, body, response }: Exchange): Promise<void> {
  const tools = toolsIn(body.tools);
  const messages = arrayOf(body.messages);
  const request: ChatRequest = {
    at: Date.now(),
    model: String(body.model ?? ''),
    messages,
    tools: tools.map(tool => tool.name),
  };
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
  const rule = fault?.kind === 'empty' ? {} : ruleFor(desk, messages, tools);
  const completion = {
    id: `chatcmpl-${randomUUID()}`,
    created: Math.floor(Date.now() / 1000),
    model: request.model,
  };
  if (fault?.kind === 'plain' || body.stream !== true) {
    answerJson(response, { status: 200, body: whole(completion, rule) });
    return end('complete');
  }
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  response.flushHeaders();
  const withUsage = objectOf(body.stream_options).include_usage === true;
  const pieces = chunks(
    desk,
    request,
    { ...completion, object: 'chat.completion.chunk' },
    rule,
    fault,
    withUsage,
  );
  end(await stream(response, pieces, fault));
}

const misses = ({ model, messages }: ChatRequest) =>
  model && messages.length > 0
    ? undefined
    : problem(400, 'invalid_request_error', 'You must provide a model and messages.');

function ruleFor(desk: Desk, messages: Record<string, unknown>[], tools: Tool[]): Rule {
  const last = messages.findLast(message => message.role !== 'system');
  const text = typeof last?.content === 'string' ? last.content : '';
  return desk.nextRule(text) ?? receptionist(text, last?.role === 'tool', tools);
}

async function* chunks(
  desk: Desk,
  request: ChatRequest,
  head: Record<string, unknown>,
  rule: Rule,
  fault: Fault | undefined,
  withUsage: boolean,
) {
  const event = (fields: object, size = 0) => ({
    data: `data: ${JSON.stringify({ ...head, ...(withUsage && { usage: null }), ...fields })}\n\n`,
    size,
  });
  const choice = (delta: object, finish_reason: string | null = null, size = 0) =>
    event({ choices: [{ index: 0, delta, logprobs: null, finish_reason }] }, size);
  const tokens = tokensOf(rule);
  const calls = rule.call ?? [];
  yield choice({
    role: 'assistant',
    content: calls.length > 0 && tokens.length === 0 ? null : '',
    refusal: null,
  });
  if (fault?.kind === 'garbage')
    yield { data: ': a comment\n\nnonsense\n\ndata: {"choices": [{"del\n\n', size: 0 };
  await pause(rule.first_token_ms ?? desk.timing.first_token_ms);
  request.first_token_at = Date.now();
  for (const token of tokens) {
    yield choice({ content: token }, null, 1);
    await pause(rule.token_ms ?? desk.timing.token_ms);
    if (fault?.kind === 'error_inside')
      return void (yield { data: `data: ${JSON.stringify(errorInside)}\n\n`, size: 0 });
  }
  for (const [index, call] of calls.entries()) {
    const [opening, ...deltas] = callDeltas(call, index);
    yield choice({ tool_calls: [opening] }, null, 1);
    for (const delta of deltas) yield choice({ tool_calls: [delta] }, null, 1);
  }
  yield choice({}, calls.length > 0 ? 'tool_calls' : 'stop');
  if (withUsage) yield event({ choices: [], usage: usageOf(request, tokens) });
  yield { data: 'data: [DONE]\n\n', size: 0 };
}

/** First the call's name and id, then its arguments in pieces. */
function callDeltas(call: NonNullable<Rule['call']>[number], index: number): object[] {
  const pieces = argumentsText(call).match(/[\s\S]{1,7}/g) ?? [];
  return [
    { index, id: callId(), type: 'function', function: { name: call.name, arguments: '' } },
    ...pieces.map(piece => ({ index, function: { arguments: piece } })),
  ];
}

function whole(completion: { id: string; created: number; model: string }, rule: Rule) {
  const calls = (rule.call ?? []).map(call => ({
    id: callId(),
    type: 'function',
    function: { name: call.name, arguments: argumentsText(call) },
  }));
  const content = tokensOf(rule).join('');
  const message = {
    role: 'assistant',
    content: content || null,
    refusal: null,
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  return {
    ...completion,
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  };
}

function usageOf(request: ChatRequest, tokens: string[]) {
  const prompt_tokens = Math.ceil(JSON.stringify(request.messages).length / 4);
  return { prompt_tokens, completion_tokens: tokens.length, total_tokens: prompt_tokens + tokens.length };
}

const tokensOf = ({ say = [] }: Rule): string[] =>
  typeof say === 'string' ? (say.match(/\s*\S+/g) ?? []) : say;

const argumentsText = (call: NonNullable<Rule['call']>[number]) =>
  typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);

const callId = () => `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`;

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

const arrayOf = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.map(objectOf) : [];

const toolsIn = (value: unknown): Tool[] =>
  arrayOf(value).map(tool => {
    const { name, parameters } = objectOf(tool.function);
    return { name: String(name), parameters: objectOf(parameters) };
  });
