import { describe, expect, test, vi } from 'vitest';
import { startDoubles } from '../../doubles/start.ts';
import { openaiChat } from '../../lambda/voice/providers/openai-chat.ts';
import type { LlmEvent, LlmRequest } from '../../lambda/voice/providers/provider.ts';
import { all, eventually, KEY, NEVER, REFUSALS, untilFailure, useDoubles } from './doubles.ts';

const doubles = useDoubles();
const SECRET_WORDS = 'my card number is four two';
const REQUEST: LlmRequest = {
  model: 'gpt-4o-mini',
  temperature: 0.4,
  max_tokens: 100,
  messages: [{ role: 'user', content: SECRET_WORDS }],
  tools: [],
};
const chatOf = (waits: { firstTokenMs?: number; tokenMs?: number } = {}) =>
  openaiChat({ baseUrl: `${doubles().openaiBaseUrl}/`, key: () => KEY, ...waits });
const ask = (signal = NEVER, request = REQUEST) => chatOf()(request, signal);
const wordsOf = (events: LlmEvent[]) =>
  events.map(event => (event.type === 'token' ? event.text : '')).join('');

/** A chat whose server answers with exactly this body. */
const answered = (body: string | ReadableStream, type = 'text/event-stream') =>
  openaiChat({
    baseUrl: 'http://llm.invalid/v1',
    key: () => KEY,
    fetch: async () => new Response(body, { headers: { 'content-type': type } }),
  })(REQUEST, NEVER);
const encoded = (text: string) => new TextEncoder().encode(text);
const chunk = (delta: object, finish_reason: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`;

describe('against the double', () => {
  test('gives the words as they come and the usage at the end', async () => {
    doubles().script({ rules: [{ say: 'Hello there, caller.', token_ms: 10 }] });
    const events = await all(ask());
    expect(events.map(event => event.type)).toEqual(['token', 'token', 'token', 'usage']);
    expect(wordsOf(events)).toBe('Hello there, caller.');
    expect(events.at(-1)).toMatchObject({ output_tokens: 3 });
  });

  test('sends messages and tools as OpenAI takes them', async () => {
    const tool = { name: 'end_call', description: 'Ends the call.', parameters: { type: 'object' } };
    await all(ask(NEVER, { ...REQUEST, tools: [tool] }));
    expect(doubles().requests.chat[0]).toMatchObject({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: SECRET_WORDS }],
      tools: ['end_call'],
      ended: 'complete',
    });
  });

  test('puts tool calls together, several of them and after words', async () => {
    doubles().script({
      rules: [
        {
          say: 'One moment.',
          call: [
            { name: 'set_variables', arguments: { variables: { city: 'Pune', note: 'a "quoted" word' } } },
            { name: 'no_such_tool', arguments: '{"half' },
          ],
        },
      ],
    });
    const events = await all(ask());
    const calls = events.filter(event => event.type === 'tool_call');
    expect(calls.map(({ name, arguments: text }) => [name, text])).toEqual([
      ['set_variables', '{"variables":{"city":"Pune","note":"a \\"quoted\\" word"}}'],
      ['no_such_tool', '{"half'],
    ]);
    expect(new Set(calls.map(call => call.id)).size).toBe(2);
    expect(wordsOf(events)).toBe('One moment.');
  });

  test.each(REFUSALS)('%s is %s', async (fault, kind, word) => {
    doubles().script({ faults: { chat: [{ kind: fault }] } });
    const { error } = await untilFailure(ask());
    expect(error).toMatchObject({ name: 'ProviderError', kind });
    expect(error.message).toContain(word);
    expect(JSON.stringify([error.message, error.cause, error.stack])).not.toMatch(new RegExp(`${KEY}|card`));
  });

  test('a key that was rotated is read afresh', async () => {
    doubles().script({ keys: ['new'] });
    let key = 'old';
    const chat = openaiChat({ baseUrl: doubles().openaiBaseUrl, key: () => key });
    expect((await untilFailure(chat(REQUEST, NEVER))).error.kind).toBe('refused');
    key = 'new';
    expect(wordsOf(await all(chat(REQUEST, NEVER)))).not.toBe('');
  });

  test('a server that never answers, that stalls before and between tokens: too late', async () => {
    doubles().script({
      faults: { chat: [{ kind: 'hang' }, { kind: 'stall', after: 0 }, { kind: 'stall', after: 2 }] },
    });
    const late = chatOf({ firstTokenMs: 60 });
    expect((await untilFailure(late(REQUEST, NEVER))).error.kind).toBe('timeout');
    expect((await untilFailure(late(REQUEST, NEVER))).error.kind).toBe('timeout');
    const { list, error } = await untilFailure(chatOf({ tokenMs: 150 })(REQUEST, NEVER));
    expect(error.kind).toBe('timeout');
    expect(list).toHaveLength(2);
    await eventually(() =>
      expect(doubles().requests.chat.map(one => one.ended)).toEqual(['aborted', 'aborted', 'aborted']),
    );
  });

  test('broken off in the middle: the words so far, then unavailable', async () => {
    doubles().script({
      rules: [{ say: 'a b c d', persistent: true }],
      faults: { chat: [{ kind: 'close', after: 2 }, { kind: 'error_inside' }] },
    });
    const closed = await untilFailure(ask());
    expect(wordsOf(closed.list)).toBe('a b');
    expect(closed.error.kind).toBe('unavailable');
    const { list, error } = await untilFailure(ask());
    expect(wordsOf(list)).toBe('a');
    expect(error).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('server_error') });
  });

  test('an empty reply is a reply, garbage between events is passed over, a whole answer is understood', async () => {
    doubles().script({
      rules: [{ say: 'Fine, thanks.', call: [{ name: 'end_call', arguments: {} }], persistent: true }],
      faults: { chat: [{ kind: 'empty' }, { kind: 'garbage' }, { kind: 'plain' }] },
    });
    expect(wordsOf(await all(ask()))).toBe('');
    expect(wordsOf(await all(ask()))).toBe('Fine, thanks.');
    const events = await all(ask());
    expect(wordsOf(events)).toBe('Fine, thanks.');
    expect(events.map(event => event.type)).toEqual(['token', 'calling', 'tool_call', 'usage']);
  });

  test('calling it off closes the connection', async () => {
    doubles().script({
      rules: [
        { say: 'one two three', token_ms: 30 },
        { first_token_ms: 60, say: 'late' },
      ],
    });
    const abort = new AbortController();
    const reason = new Error('the caller speaks');
    const chat = ask(abort.signal)[Symbol.asyncIterator]();
    expect((await chat.next()).value).toEqual({ type: 'token', text: 'one' });
    abort.abort(reason);
    await expect(chat.next()).rejects.toBe(reason);
    await expect(all(ask(abort.signal))).rejects.toBe(reason);
    await eventually(() => expect(doubles().requests.chat[0]?.ended).toBe('aborted'));
  });

  test('leaving the loop closes the connection, too', async () => {
    doubles().script({ rules: [{ say: 'one two three', token_ms: 1000 }] });
    for await (const _ of ask()) break;
    await eventually(() => expect(doubles().requests.chat[0]?.ended).toBe('aborted'));
  });

  test('nobody there', async () => {
    const gone = await startDoubles();
    await gone.stop();
    const chat = openaiChat({ baseUrl: gone.openaiBaseUrl, key: () => KEY });
    expect((await untilFailure(chat(REQUEST, NEVER))).error).toMatchObject({
      kind: 'unavailable',
      message: 'The language model failed (ECONNREFUSED).',
    });
  });
});

test('a slow reader is not taken for a slow server', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const chunks = ['one ', 'two ', 'three'].map(content => chunk({ content }));
    const read: LlmEvent[] = [];
    for await (const event of answered(ReadableStream.from([...chunks, chunk({}, 'stop')].map(encoded)))) {
      read.push(event);
      await vi.advanceTimersByTimeAsync(60_000);
    }
    expect(wordsOf(read)).toBe('one two three');
  } finally {
    vi.useRealTimers();
  }
});

describe('servers that are almost compatible', () => {
  test('no [DONE], a null content, a refusal', async () => {
    const body =
      chunk({ role: 'assistant', content: null }) +
      chunk({ refusal: 'I cannot do that.' }) +
      chunk({}, 'stop');
    expect(await all(answered(body))).toEqual([{ type: 'token', text: 'I cannot do that.' }]);
  });

  test('[DONE] without a finish_reason is no end', async () => {
    const { error } = await untilFailure(answered(`${chunk({ content: 'half' })}data: [DONE]\n\n`));
    expect(error.kind).toBe('unavailable');
  });

  test('tool calls without index or id, with arguments as an object', async () => {
    const call = (name: string) => ({
      tool_calls: [{ id: `id-${name}`, function: { name, arguments: { a: 1 } } }],
    });
    const bare = { tool_calls: [{ function: { name: 'c' } }] };
    expect(await all(answered(chunk(call('a')) + chunk(call('b')) + chunk({}, 'tool_calls')))).toEqual([
      { type: 'calling' },
      { type: 'calling' },
      { type: 'tool_call', id: 'id-a', name: 'a', arguments: '{"a":1}' },
      { type: 'tool_call', id: 'id-b', name: 'b', arguments: '{"a":1}' },
    ]);
    expect(await all(answered(chunk(bare, 'tool_calls')))).toEqual([
      { type: 'calling' },
      { type: 'tool_call', id: expect.stringMatching(/^call_/), name: 'c', arguments: '{}' },
    ]);
  });

  test('the usage in every chunk counts once; a last chunk may have null choices', async () => {
    const usage = (completion_tokens: number) =>
      `data: ${JSON.stringify({ choices: null, usage: { prompt_tokens: 5, completion_tokens } })}\n\n`;
    const events = await all(answered(usage(1) + chunk({ content: 'x' }, 'stop') + usage(2)));
    expect(events.filter(event => event.type === 'usage')).toEqual([
      { type: 'usage', input_tokens: 5, output_tokens: 2 },
    ]);
  });

  test('an error page instead of a stream', async () => {
    const { error } = await untilFailure(answered('<html>Welcome</html>', 'text/html'));
    expect(error.kind).toBe('unavailable');
  });

  test('reasoning models get their own parameters', async () => {
    const bodies: Record<string, unknown>[] = [];
    const fetch = async (_: string, init: RequestInit) => {
      bodies.push(JSON.parse(String(init.body)));
      return new Response(chunk({}, 'stop'));
    };
    const chat = openaiChat({ baseUrl: 'http://llm.invalid', key: () => KEY, fetch });
    for (const model of ['gpt-4o', 'gpt-5-mini', 'gpt-5-chat-latest', 'o3'])
      await all(chat({ ...REQUEST, model }, NEVER));
    expect(bodies.map(body => [body.max_tokens, body.temperature, body.max_completion_tokens])).toEqual([
      [100, 0.4, undefined],
      [undefined, undefined, 100],
      [100, 0.4, undefined],
      [undefined, undefined, 100],
    ]);
    expect(bodies[0]).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(bodies[0]).not.toHaveProperty('tools');
  });
});
