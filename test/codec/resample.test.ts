/** The resampler measured with tones: what must pass, what must not alias, and that streaming does not show. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeMuLaw, encodeMuLaw } from '../../lambda/codec/mu-law.ts';
import { createResampler } from '../../lambda/codec/resample.ts';
import { cut, decibels, middle, snr, tone } from './sound.ts';

function resampled(pcm: Int16Array, from: number, to: number, places: number[] = []): Int16Array {
  const resampler = createResampler({ from, to });
  const pieces = [...cut(pcm, places).map(resampler.push), resampler.flush()];
  return Int16Array.from(pieces.flatMap(piece => [...piece]));
}

const RATES = [
  [24_000, 8000],
  [16_000, 8000],
  [8000, 16_000],
] as const;

test.each([
  [24_000, 5000],
  [24_000, 7000],
  [24_000, 11_000],
  [16_000, 5000],
  [16_000, 7500],
])('from %d to 8000 Hz, the alias of %d Hz is at least 60 dB down', (from, hz) => {
  const loud = tone(hz, from, { dbfs: 0 });
  expect(decibels(middle(loud), middle(resampled(loud, from, 8000)))).toBeGreaterThan(60);
});

test('from 8000 to 16000 Hz, the image of 3000 Hz is at least 60 dB down', () => {
  const heard = resampled(tone(3000, 8000, { dbfs: 0 }), 8000, 16_000);
  expect(snr(middle(tone(3000, 16_000, { dbfs: 0 })), middle(heard))).toBeGreaterThan(60);
});

test.each(RATES)('from %d to %d Hz, speech from 300 to 3000 Hz passes unharmed and in time', (from, to) => {
  for (const hz of [300, 1000, 2000, 3000]) {
    const heard = resampled(tone(hz, from), from, to);
    expect(snr(middle(tone(hz, to)), middle(heard)), `${hz} Hz`).toBeGreaterThan(60);
  }
});

test.each([-3, -10, -20, -30, -40])('a tone of %d dBFS goes through both and µ-law above 33 dB SNR', dbfs => {
  const spoken = resampled(tone(1013, 24_000, { dbfs }), 24_000, 8000);
  const heard = decodeMuLaw(encodeMuLaw(spoken));
  expect(snr(middle(tone(1013, 8000, { dbfs })), middle(heard))).toBeGreaterThan(33);
});

test.each(RATES)('from %d to %d Hz, any chunking gives the same samples', (from, to) => {
  const anySound = fc.int16Array({ minLength: 0, maxLength: 900 });
  const anyPlaces = fc.array(fc.nat(), { maxLength: 12 });
  fc.assert(
    fc.property(anySound, anyPlaces, (pcm, places) => {
      const whole = resampled(pcm, from, to);
      expect(resampled(pcm, from, to, places)).toEqual(whole);
      expect(whole.length).toBe(Math.ceil((pcm.length * to) / from));
    }),
  );
});

test.each(RATES)('from %d to %d Hz, no more than 5 ms wait for what follows', (from, to) => {
  const came = createResampler({ from, to }).push(tone(440, from)).length;
  expect(came).toBeGreaterThan((0.5 - 0.005) * to);
});

test('a constant stays what it is, full scale does not wrap round', () => {
  const limit = new Int16Array(2000).fill(32_767);
  expect(new Set(middle(resampled(limit, 24_000, 8000)))).toEqual(new Set([32_767]));
  const square = Int16Array.from({ length: 2400 }, (_, at) => (at % 120 < 60 ? 32_767 : -32_768));
  const heard = middle(resampled(square, 24_000, 8000));
  const jumps = heard.filter((sample, at) => at > 0 && Math.abs(sample - (heard[at - 1] ?? 0)) > 60_000);
  expect([...jumps]).toEqual([]);
});

test('odd rates work as well, and the same rate changes nothing', () => {
  const heard = resampled(tone(1000, 44_100), 44_100, 8000);
  expect(snr(middle(tone(1000, 8000)), middle(heard))).toBeGreaterThan(60);
  expect(resampled(tone(1000, 8000), 8000, 8000)).toEqual(tone(1000, 8000));
});

test('after a flush it begins anew', () => {
  const resampler = createResampler({ from: 24_000, to: 8000 });
  const once = () => [...resampler.push(tone(700, 24_000)), ...resampler.flush()];
  expect(once()).toEqual(once());
});
