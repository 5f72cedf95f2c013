import { describe, expect, test } from 'vitest';
import type { Fault } from '../../doubles/script.ts';
import { deepgramSpeak } from '../../lambda/voice/providers/deepgram-speak.ts';
import { openaiSpeech } from '../../lambda/voice/providers/openai-speech.ts';
import type { Speak, TtsRequest } from '../../lambda/voice/providers/provider.ts';
import { all, eventually, heardIn, KEY, NEVER, REFUSALS, untilFailure, useDoubles } from './doubles.ts';

const doubles = useDoubles();
interface Waits {
  firstByteMs?: number;
  chunkMs?: number;
}

const voices: [
  name: string,
  endpoint: 'speech' | 'speak',
  speak: (waits?: Waits) => Speak,
  request: TtsRequest,
][] = [
  [
    'OpenAI',
    'speech',
    waits => openaiSpeech({ key: () => KEY, ...waits, baseUrl: `${doubles().openaiBaseUrl}/` }),
    { text: 'Hello, how can I help?', model: 'tts-1', voice: 'nova', language: 'en-US' },
  ],
  [
    'Deepgram',
    'speak',
    waits => deepgramSpeak({ key: () => KEY, ...waits, url: doubles().deepgramSpeakUrl }),
    { text: 'Hello, how can I help?', model: 'aura-2', voice: 'thalia', language: 'en-US' },
  ],
];

describe.each(voices)('%s', (_, endpoint, speak, request) => {
  const say = (signal = NEVER, waits: Waits = {}) => speak(waits)(request, signal);
  const script = (...faults: Fault[]) => doubles().script({ faults: { [endpoint]: faults } });

  test('what is heard is what was to be said', async () => {
    const pieces = await all(say());
    expect(heardIn(pieces)).toBe('hello, how can i help?');
    // 40 ms of 8 kHz for each character, to within the last sample.
    expect(Buffer.concat(pieces).length).toBe(request.text.length * 320);
    expect(doubles().requests.speech[0]).toMatchObject({ text: request.text, ended: 'complete' });
  });

  test.each(REFUSALS)('%s is %s', async (fault, kind, word) => {
    script({ kind: fault });
    const { error } = await untilFailure(say());
    expect(error).toMatchObject({ name: 'ProviderError', kind });
    expect(error.message).toContain(word);
    expect(error.message).not.toMatch(new RegExp(`${KEY}|Hello`));
  });

  test('never answers, stalls, breaks off, says nothing', async () => {
    script(
      { kind: 'hang' },
      { kind: 'stall', after: 1000 },
      { kind: 'close', after: 1000 },
      { kind: 'empty' },
    );
    expect((await untilFailure(say(NEVER, { firstByteMs: 60 }))).error.kind).toBe('timeout');
    const stalled = await untilFailure(say(NEVER, { chunkMs: 60 }));
    expect(stalled.error.kind).toBe('timeout');
    expect(stalled.list.length).toBeGreaterThan(0);
    const closed = await untilFailure(say());
    expect(closed.error.kind).toBe('unavailable');
    expect(closed.list.length).toBeGreaterThan(0);
    expect((await untilFailure(say())).error).toMatchObject({
      kind: 'unavailable',
      message: 'The voice said nothing.',
    });
  });

  test('the first audio comes before the last is made', async () => {
    doubles().script({ timing: { speech_speed: 1 } });
    const speech = say()[Symbol.asyncIterator]();
    await speech.next();
    expect(doubles().requests.speech[0]?.ended).toBeUndefined();
    await speech.return?.();
    await eventually(() => expect(doubles().requests.speech[0]?.ended).toBe('aborted'));
  });

  test('calling it off closes the connection', async () => {
    doubles().script({ timing: { first_byte_ms: 3000 } });
    const abort = new AbortController();
    const reason = new Error('the caller speaks');
    const speech = all(say(abort.signal));
    await eventually(() => expect(doubles().requests.speech).toHaveLength(1));
    abort.abort(reason);
    await expect(speech).rejects.toBe(reason);
    await eventually(() => expect(doubles().requests.speech[0]?.ended).toBe('aborted'));
  });
});

describe('servers that are almost compatible', () => {
  const request: TtsRequest = { text: 'hello', model: 'm', voice: 'v', language: 'en' };
  const answered = (body: string, type: string) =>
    openaiSpeech({
      baseUrl: 'http://voice.invalid',
      key: () => KEY,
      fetch: async () => new Response(body, { headers: { 'content-type': type } }),
    })(request, NEVER);

  test('a WAV file of another rate is played as it should', async () => {
    doubles().script({ faults: { speech: [{ kind: 'plain' }] } });
    const pieces = await all(
      openaiSpeech({ key: () => KEY, baseUrl: doubles().openaiBaseUrl })(request, NEVER),
    );
    expect(heardIn(pieces)).toBe('hello');
    expect(Buffer.concat(pieces).length).toBe(5 * 320);
  });

  test.each([
    ['application/json', '{"error":{"message":"quota"}}'],
    ['text/html; charset=utf-8', '<html>'],
    ['audio/mpeg', 'ID3'],
  ])('%s is not played', async (type, body) => {
    const { list, error } = await untilFailure(answered(body, type));
    expect(list).toEqual([]);
    expect(error.kind).toBe('unavailable');
  });

  test('Aura voices by either name', async () => {
    const named = async (model: string, voice: string) => {
      await all(
        deepgramSpeak({ key: () => KEY, url: doubles().deepgramSpeakUrl })(
          { ...request, model, voice },
          NEVER,
        ),
      );
      return doubles().requests.speech.at(-1)?.model;
    };
    expect(await named('aura-2', 'thalia')).toBe('aura-2-thalia-en');
    expect(await named('aura-2-luna-en', '')).toBe('aura-2-luna-en');
    expect(await named('aura-2', 'aura-asteria-en')).toBe('aura-asteria-en');
  });
});
