/** G.711 µ-law against its definition, over every sample there is. */
import { expect, test } from 'vitest';
import { encodeMuLaw } from '../../lambda/codec/mu-law.ts';
import { decodedMuLaw, expectedMuLaw } from './mu-law.ts';

const EVERY_SAMPLE = Int16Array.from({ length: 65_536 }, (_, index) => index - 32_768);

test('0 of 65,536 samples are encoded wrong', () => {
  const codes = encodeMuLaw(EVERY_SAMPLE);
  const wrong = EVERY_SAMPLE.filter((sample, at) => codes[at] !== expectedMuLaw(sample));
  expect([...wrong]).toEqual([]);
});

test('every code survives decoding and encoding, but for the negative zero', () => {
  const codes = Uint8Array.from({ length: 256 }, (_, code) => code);
  const again = encodeMuLaw(Int16Array.from(codes, decodedMuLaw));
  expect([...codes].filter(code => again[code] !== code)).toEqual([0x7f]);
});

test.each([
  [0, 0xff],
  [-1, 0x7f],
  [32_767, 0x80],
  [-32_768, 0x00],
  [8031 * 4, 0x80],
])('%d is 0x%s by the tables of the Recommendation', (sample, code) => {
  expect(encodeMuLaw(Int16Array.of(sample))[0]).toBe(code);
});
