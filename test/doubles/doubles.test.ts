import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { encodeUlaw } from '../../doubles/g711.ts';
import type { Requests } from '../../doubles/script.ts';
import { type Doubles, startDoubles } from '../../doubles/start.ts';
import { createToneDecoder, encodeTones } from '../../doubles/tones.ts';

let doubles: Doubles;
beforeAll(async () => {
  doubles = await startDoubles();
});
beforeEach(() => doubles.script({ clear: true }));
afterAll(() => doubles.stop());

interface Message {
  type: string;
  is_final: boolean;
  speech_final: boolean;
  from_finalize: boolean;
  timestamp: number;
  metadata: unknown;
  channel: { alternatives: { transcript: string; words: { end: number }[] }[] };
}
interface Completion {
  choices: { message: { content: string; tool_calls: { function: object }[] } }[];
}
const transcriptOf = (message: Message) => message.channel.alternatives[0]?.transcript ?? '';

const QUERY =
  'encoding=mulaw&sample_rate=8000&interim_results=true&vad_events=true&endpointing=300&utterance_end_ms=1000';
const silence = (ms: number) => new Uint8Array(ms * 8).fill(0xff);
const say = (text: string) => encodeUlaw(encodeTones(text, { rate: 8000 }));

/** Sends all of it at once, commands as text, then `CloseStream`. */
async function transcribe(pieces: Uint8Array[], query = QUERY) {
  const socket = new WebSocket(`${doubles.deepgramUrl}?${query}`, { headers: { authorization: 'Token k' } });
  const messages: Message[] = [];
  socket.on('message', data => messages.push(JSON.parse(String(data))));
  const closed = new Promise<number>(resolve => socket.on('close', resolve));
  await new Promise(resolve => socket.once('open', resolve));
  for (const piece of pieces) socket.send(piece, { binary: piece[0] !== 0x7b });
  socket.send('{"type":"CloseStream"}');
  return { code: await closed, messages };
}

const chat = (body: object, key = 'k') =>
  fetch(`${doubles.openaiBaseUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hello' }], ...body }),
  });

describe('listen', () => {
  const told = (messages: Message[]) =>
    messages
      .filter(one => one.type !== 'Results' || transcriptOf(one))
      .map(one => (one.type === 'Results' ? transcriptOf(one) : one.type));

  test('tells a sentence from its first sound to its end', async () => {
    const { messages, code } = await transcribe([silence(500), say('is it open?'), silence(1200)]);
    expect(code).toBe(1000);
    expect(told(messages)).toEqual([
      'SpeechStarted',
      'is it',
      'is it open?',
      'is it open?',
      'UtteranceEnd',
      'Metadata',
    ]);
    const [final] = messages.filter(one => one.speech_final);
    expect(final).toMatchObject({ is_final: true, start: 0, channel_index: [0, 1], from_finalize: false });
    const words = final?.channel.alternatives[0]?.words ?? [];
    expect(words).toHaveLength(3);
    expect(words[2]).toMatchObject({ word: 'open', punctuated_word: 'open?' });
    expect(words[2]?.end).toBeCloseTo(0.93, 2);
    expect(messages.find(one => one.type === 'UtteranceEnd')).toEqual({
      type: 'UtteranceEnd',
      channel: [0, 1],
      last_word_end: words[2]?.end,
    });
    expect(messages.find(one => one.type === 'SpeechStarted')?.timestamp).toBeCloseTo(0.5, 2);
    await vi.waitFor(() => expect(doubles.requests.listen[0]?.closed_at).toBeDefined(), {
      timeout: 4000,
      interval: 5,
    });
    expect(doubles.requests.listen[0]).toMatchObject({
      code: 1000,
      interims: [{ text: 'is it' }, { text: 'is it open?' }],
      heard: [{ text: 'is it open?' }],
    });
  });

  test('the same however the audio is cut', async () => {
    const audio = Buffer.concat([silence(100), say('one two'), silence(1500)]);
    const strip = ({ messages }: { messages: Message[] }) =>
      messages.filter(one => one.type !== 'Metadata').map(({ metadata, ...rest }) => rest);
    const cut = Array.from({ length: Math.ceil(audio.length / 77) }, (_, at) =>
      audio.subarray(at * 77, at * 77 + 77),
    );
    expect(strip(await transcribe(cut))).toEqual(strip(await transcribe([audio])));
  });

  test('a long utterance is final in parts that together are all of it', async () => {
    const text = 'the quick brown fox jumps over the lazy dog '.repeat(4).trim();
    const { messages } = await transcribe([say(text), silence(400)]);
    const finals = messages.filter(one => one.is_final && transcriptOf(one));
    expect(finals.map(one => one.speech_final)).toEqual([false, true]);
    expect(finals.map(one => transcriptOf(one)).join(' ')).toBe(text);
  });

  test('silence gives empty results, and what is said last is final at the end', async () => {
    const { messages } = await transcribe([silence(2100), say('bye')]);
    expect(messages.filter(one => one.type === 'Results').map(one => transcriptOf(one))).toEqual([
      '',
      '',
      'bye',
    ]);
  });

  test('Finalize makes final what was said so far', async () => {
    const { messages } = await transcribe([say('one'), Buffer.from('{"type":"Finalize"}'), say('two')]);
    const finals = messages.filter(one => one.is_final).map(one => [transcriptOf(one), one.from_finalize]);
    expect(finals).toEqual([
      ['one', true],
      ['two', true],
    ]);
  });

  test('transcripts may take their time, and still come in order', async () => {
    doubles.script({ timing: { transcript_ms: 30 } });
    const began = Date.now();
    const { messages } = await transcribe([say('one two'), silence(400)]);
    expect(Date.now() - began).toBeGreaterThanOrEqual(29);
    expect(told(messages)).toEqual(['SpeechStarted', 'one', 'one two', 'one two', 'Metadata']);
  });

  test('a connection on which nothing comes is closed as Deepgram closes it', async () => {
    doubles.script({ timing: { idle_ms: 20 } });
    const socket = new WebSocket(`${doubles.deepgramUrl}?${QUERY}`, {
      headers: { authorization: 'Token k' },
    });
    const [code, reason] = await new Promise<[number, Buffer]>(resolve =>
      socket.on('close', (...closed) => resolve(closed)),
    );
    expect(code).toBe(1011);
    expect(String(reason)).toContain('net0001');
  });

  test('audio of another format and a request without a key are refused', async () => {
    const refused = (query: string, headers: Record<string, string>) =>
      new Promise(resolve => {
        const socket = new WebSocket(`${doubles.deepgramUrl}?${query}`, { headers });
        socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
      });
    expect(await refused(QUERY, {})).toBe(401);
    expect(await refused('encoding=linear16&sample_rate=16000', { authorization: 'Token k' })).toBe(400);
  });
});

describe('chat', () => {
  const said = async (messages: object[], tools: object[] = []) => {
    const reply = (await (await chat({ messages, tools })).json()) as Completion;
    const [choice] = reply.choices;
    if (!choice) throw new Error('no choice');
    return choice.message;
  };
  const tool = (name: string) => ({
    type: 'function',
    function: {
      name,
      parameters: { type: 'object', properties: { note: { type: 'string' } }, required: ['note'] },
    },
  });
  const user = (content: string) => [
    { role: 'system', content: 'help' },
    { role: 'user', content },
  ];

  test('a small receptionist answers when nothing is scripted', async () => {
    expect((await said(user('when are you open?'))).content).toContain('nine to five');
    expect((await said(user('tell me a story'))).content.match(/[.!?](\s|$)/g)).toHaveLength(8);
    expect((await said(user('the blue one'))).content).toBe('You said: the blue one.');
    const moved = await said(user('a person please'), [tool('transfer_to_queue')]);
    expect(moved.tool_calls[0]?.function).toEqual({
      name: 'transfer_to_queue',
      arguments: '{"note":"a person please"}',
    });
    expect((await said(user('ok bye'), [tool('end_call')])).tool_calls[0]?.function).toMatchObject({
      name: 'end_call',
    });
    expect((await said(user('ok bye'))).tool_calls).toBeUndefined();
  });

  test.each([
    ['there is something wrong with my bill', 'billing'],
    ['a technician, please', 'technical'],
    ['thanks, bye', 'resolved'],
  ])('it finishes with the outcome that fits: %s', async (text, outcome) => {
    const outcomes = { outcome: { type: 'string', enum: ['billing', 'technical', 'resolved'] } };
    const parameters = { type: 'object', properties: outcomes, required: ['outcome'] };
    const finish = { type: 'function', function: { name: 'finish', parameters } };
    const { tool_calls } = await said(user(text), [finish]);
    expect(tool_calls[0]?.function).toEqual({ name: 'finish', arguments: JSON.stringify({ outcome }) });
    expect((await said(user('my name is Asha'), [finish])).content).toContain('You said');
  });

  test('takes as long as it is told to', async () => {
    doubles.script({ timing: { first_token_ms: 20 }, rules: [{ say: 'a b', token_ms: 15 }] });
    const began = Date.now();
    await (await chat({ stream: true })).text();
    expect(Date.now() - began).toBeGreaterThanOrEqual(49);
    expect(doubles.requests.chat[0]?.first_token_at).toBeGreaterThanOrEqual(began + 19);
  });

  test('in one piece it takes as long', async () => {
    doubles.script({ timing: { first_token_ms: 20 }, rules: [{ say: 'a b', token_ms: 15 }] });
    const began = Date.now();
    expect((await said([{ role: 'user', content: 'go' }])).content).toBe('a b');
    expect(Date.now() - began).toBeGreaterThanOrEqual(49);
  });

  test('rules are used up in order, persistent ones stay', async () => {
    doubles.script({
      rules: [
        { when: 'red', say: 'Rouge.' },
        { when: 'red', say: 'Rot.' },
        { say: 'Hm.', persistent: true },
      ],
    });
    const replies = [];
    for (const text of ['RED', 'blue', 'red', 'red']) replies.push((await said(user(text))).content);
    expect(replies).toEqual(['Rouge.', 'Hm.', 'Rot.', 'Hm.']);
  });

  test('streams as OpenAI does', async () => {
    doubles.script({ rules: [{ say: 'Hi you.', call: [{ name: 'end_call', arguments: {} }] }] });
    const response = await chat({ stream: true, stream_options: { include_usage: true } });
    const events = (await response.text()).split('\n\n').filter(Boolean);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(events.at(-1)).toBe('data: [DONE]');
    const parsed = events.slice(0, -1).map(event => JSON.parse(event.slice('data: '.length)));
    expect(parsed.every(one => one.object === 'chat.completion.chunk')).toBe(true);
    expect(parsed.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 2 } });
    expect(parsed.at(-2).choices[0].finish_reason).toBe('tool_calls');
    expect(parsed.map(one => one.choices[0]?.delta.content ?? '').join('')).toBe('Hi you.');
  });
});

test('speech is tones that say the text', async () => {
  const response = await fetch(`${doubles.openaiBaseUrl}/audio/speech`, {
    method: 'POST',
    headers: { authorization: 'Bearer k' },
    body: JSON.stringify({ model: 'tts-1', voice: 'nova', input: 'Good day.', response_format: 'pcm' }),
  });
  const bytes = new DataView(await response.arrayBuffer());
  const samples = Int16Array.from({ length: bytes.byteLength / 2 }, (_, at) => bytes.getInt16(at * 2, true));
  const decoder = createToneDecoder(24_000);
  const heard = [...decoder.push(samples), ...decoder.flush()];
  expect(heard.map(one => one.char).join('')).toBe('good day.');
});

test('a script from elsewhere, good keys and the requests', async () => {
  const post = (body: object) =>
    fetch(`${doubles.controlUrl}/script`, { method: 'POST', body: JSON.stringify(body) });
  await post({ keys: ['new'], rules: [{ say: 'Scripted.' }] });
  expect((await chat({}, 'old')).status).toBe(401);
  expect(await (await chat({}, 'new')).text()).toContain('Scripted.');
  const seen = (await (await fetch(`${doubles.controlUrl}/requests`)).json()) as Requests;
  expect(seen.chat.map(one => one.ended)).toEqual(['fault', 'complete']);
});
