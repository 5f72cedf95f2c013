import { describe, expect, test } from 'vitest';
import { encodeUlaw } from '../../doubles/g711.ts';
import type { Fault } from '../../doubles/script.ts';
import { encodeTones } from '../../doubles/tones.ts';
import { recordedSpeech } from '../../lambda/app/recorded-speech.ts';
import { deepgramRecorded } from '../../lambda/voice/providers/deepgram-recorded.ts';
import { wav } from '../carrier/wav.ts';
import { KEY, NEVER, REFUSALS, useDoubles } from './doubles.ts';

const doubles = useDoubles();
const OPTIONS = { model: 'nova-3', language: 'en-IN' };

/** These sentences, each followed by a pause of two seconds. */
function recordingOf(...sentences: string[]) {
  const parts = sentences.map(text => encodeUlaw(encodeTones(text, { rate: 8000 })));
  const secs = parts.reduce((sum, part) => sum + part.length / 8000 + 2, 0);
  const file = wav(secs);
  let at = 44;
  for (const part of parts) {
    file.set(part, at);
    at += part.length + 16_000;
  }
  return { bytes: new Uint8Array(file), type: 'audio/wav' };
}

const transcribe = (
  file: { bytes: Uint8Array<ArrayBuffer>; type: string },
  signal = NEVER,
  patienceMs?: number,
) =>
  deepgramRecorded({ url: doubles().deepgramUrl, key: () => KEY, ...(patienceMs && { patienceMs }) })(
    file,
    OPTIONS,
    signal,
  );

describe('a recording', () => {
  test('is told with the times of what was said', async () => {
    const found = await transcribe(recordingOf('hello there', 'call me back'));
    expect(found.map(({ text }) => text)).toEqual(['hello there', 'call me back']);
    expect(found[0]?.began).toBeCloseTo(0, 1);
    expect(found[0]?.ended).toBeCloseTo(11 * 0.04, 1);
    expect(found[1]?.began).toBeCloseTo(11 * 0.04 + 2, 1);
  });

  test('in which nothing was said has no words', async () => {
    expect(await transcribe(recordingOf())).toEqual([]);
  });

  test('that is none is refused', async () => {
    const file = { bytes: new Uint8Array(Buffer.from('no sound')), type: 'audio/mpeg' };
    await expect(transcribe(file)).rejects.toMatchObject({ kind: 'refused' });
  });

  test.each(REFUSALS)('%s is %s', async (fault, kind, word) => {
    doubles().script({ faults: { listen: [{ kind: fault } as Fault] } });
    const failing = transcribe(recordingOf('hello'));
    await expect(failing).rejects.toMatchObject({ kind, message: expect.stringContaining(word) });
  });

  test('is not waited for for ever, and can be called off', async () => {
    doubles().script({ faults: { listen: [{ kind: 'hang' }, { kind: 'hang' }] } });
    await expect(transcribe(recordingOf('hello'), NEVER, 30)).rejects.toMatchObject({ kind: 'timeout' });
    const calling = new AbortController();
    const reason = new Error('called off');
    setTimeout(() => calling.abort(reason), 30);
    await expect(transcribe(recordingOf('hello'), calling.signal)).rejects.toBe(reason);
  });
});

test('a rotated key is read again, once', async () => {
  doubles().script({ keys: ['new'] });
  const reads: string[] = [];
  const secret = (fresh: string) => () => ({
    read: async () => ({ DEEPGRAM_API_KEY: 'old' }),
    fresh: async () => {
      reads.push(fresh);
      return { DEEPGRAM_API_KEY: fresh };
    },
  });
  const file = recordingOf('hello');
  const known = await recordedSpeech(doubles().deepgramUrl, secret('new'))(file, OPTIONS, NEVER);
  expect(known.map(({ text }) => text)).toEqual(['hello']);
  const wrong = recordedSpeech(doubles().deepgramUrl, secret('wrong'))(file, OPTIONS, NEVER);
  await expect(wrong).rejects.toMatchObject({ kind: 'refused' });
  expect(reads).toEqual(['new', 'wrong']);
});
