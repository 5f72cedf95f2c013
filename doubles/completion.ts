/** A chat's answer on the wire: in chunks as they are generated, or whole. */
import { randomUUID } from 'node:crypto';
import { pause } from './answer.ts';
import { errorInside } from './openai.ts';
import type { ChatRequest, Fault, Rule, Timing } from './script.ts';

export interface Turn {
  request: ChatRequest;
  rule: Rule;
  fault: Fault | undefined;
  timing: Readonly<Timing>;
  withUsage: boolean;
}

type Call = NonNullable<Rule['call']>[number];

/** What is written at once; `size` counts its tokens. */
interface Piece {
  data: string;
  size: number;
}

export async function* chunksOf(turn: Turn): AsyncGenerator<Piece> {
  const { request, rule, fault, timing, withUsage } = turn;
  const write = chunkWriter(turn);
  const delta = (delta: object, size = 0) => write({ choices: [choiceOf({ delta })] }, size);
  const [tokens, calls] = [tokensOf(rule), rule.call ?? []];
  yield delta({
    role: 'assistant',
    content: tokens.length > 0 || calls.length === 0 ? '' : null,
    refusal: null,
  });
  if (fault?.kind === 'garbage')
    yield { data: ': a comment\n\nnonsense\n\ndata: {"choices": [{"del\n\n', size: 0 };
  await pause(rule.first_token_ms ?? timing.first_token_ms);
  request.first_token_at = Date.now();
  for (const token of tokens) {
    yield delta({ content: token }, 1);
    await pause(rule.token_ms ?? timing.token_ms);
    if (fault?.kind === 'error_inside') return void (yield eventOf(errorInside));
  }
  for (const piece of calls.flatMap(callDeltas)) yield delta({ tool_calls: [piece] }, 1);
  yield write({ choices: [choiceOf({ delta: {} }, endOf(rule))] });
  if (withUsage) yield write({ choices: [], usage: usageOf(request, tokens) });
  yield { data: 'data: [DONE]\n\n', size: 0 };
}

/** An answer in one piece takes as long as one in many. */
export async function wholeOf({ request, rule, timing }: Turn) {
  const tokens = tokensOf(rule);
  const { first_token_ms, token_ms } = { ...timing, ...rule };
  await pause(first_token_ms + tokens.length * token_ms);
  const calls = (rule.call ?? []).map(call => ({
    id: callId(),
    type: 'function',
    function: { name: call.name, arguments: argumentsOf(call) },
  }));
  const message = {
    role: 'assistant',
    content: tokens.join('') || null,
    refusal: null,
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  return {
    ...headOf(request),
    object: 'chat.completion',
    choices: [choiceOf({ message }, endOf(rule))],
    usage: usageOf(request, tokens),
  };
}

/** With usage asked for, every chunk but the last says that it has none. */
function chunkWriter({ request, withUsage }: Turn) {
  const head = { ...headOf(request), object: 'chat.completion.chunk', ...(withUsage && { usage: null }) };
  return (fields: object, size = 0): Piece => ({ ...eventOf({ ...head, ...fields }), size });
}

/** First the call's name and id, then its arguments in pieces. */
function callDeltas(call: Call, index: number): object[] {
  const pieces = argumentsOf(call).match(/[\s\S]{1,7}/g) ?? [];
  return [
    { index, id: callId(), type: 'function', function: { name: call.name, arguments: '' } },
    ...pieces.map(piece => ({ index, function: { arguments: piece } })),
  ];
}

const headOf = ({ model }: ChatRequest) => ({
  id: `chatcmpl-${randomUUID()}`,
  created: Math.floor(Date.now() / 1000),
  model,
});

const choiceOf = (said: object, finish_reason: string | null = null) => ({
  index: 0,
  ...said,
  logprobs: null,
  finish_reason,
});

const endOf = ({ call = [] }: Rule) => (call.length > 0 ? 'tool_calls' : 'stop');

const eventOf = (body: unknown): Piece => ({ data: `data: ${JSON.stringify(body)}\n\n`, size: 0 });

function usageOf({ messages }: ChatRequest, tokens: string[]) {
  const prompt_tokens = Math.ceil(JSON.stringify(messages).length / 4);
  return { prompt_tokens, completion_tokens: tokens.length, total_tokens: prompt_tokens + tokens.length };
}

const tokensOf = ({ say = [] }: Rule): string[] =>
  typeof say === 'string' ? (say.match(/\s*\S+/g) ?? []) : say;

const argumentsOf = (call: Call) =>
  typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);

const callId = () => `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
