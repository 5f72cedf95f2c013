/** G.711 against its definition, over every sample and every code there is. */
import { expect, test } from 'vitest';
import { decodeALaw, encodeALaw } from '../../lambda/codec/a-law.ts';
import { decodeMuLaw, encodeMuLaw, MU_LAW_SILENCE } from '../../lambda/codec/mu-law.ts';
import { decodedALaw, decodedMuLaw, expectedALaw, expectedMuLaw } from './g711.ts';
import { snr, tone } from './sound.ts';

const EVERY_SAMPLE = Int16Array.from({ length: 65_536 }, (_, index) => index - 32_768);
const EVERY_CODE = Uint8Array.from({ length: 256 }, (_, code) => code);

const LAWS = [
  ['µ-law', encodeMuLaw, expectedMuLaw, decodeMuLaw, decodedMuLaw],
  ['A-law', encodeALaw, expectedALaw, decodeALaw, decodedALaw],
] as const;

test.each(LAWS)('%s: 0 of 65,536 samples are encoded wrong', (_, encode, expected) => {
  const codes = encode(EVERY_SAMPLE);
  const wrong = EVERY_SAMPLE.filter((sample, at) => codes[at] !== expected(sample));
  expect([...wrong]).toEqual([]);
});

test.each(LAWS)('%s: 0 of 256 codes are decoded wrong', (_, _encode, _expected, decode, decoded) => {
  const samples = decode(EVERY_CODE);
  expect([...EVERY_CODE].filter(code => samples[code] !== decoded(code))).toEqual([]);
});

test.each([
  ['µ-law, but for the negative zero', encodeMuLaw, decodeMuLaw, [0x7f]],
  ['A-law', encodeALaw, decodeALaw, []],
])('every code survives decoding and encoding: %s', (_, encode, decode, lost) => {
  const again = encode(decode(EVERY_CODE));
  expect([...EVERY_CODE].filter(code => again[code] !== code)).toEqual(lost);
});

/** Out of the tables of the Recommendation: character signals and decision values. */
test.each([
  ['µ-law', encodeMuLaw, 0, 0xff],
  ['µ-law', encodeMuLaw, -1, 0x7f],
  ['µ-law', encodeMuLaw, 32_767, 0x80],
  ['µ-law', encodeMuLaw, -32_768, 0x00],
  ['µ-law', encodeMuLaw, 8031 * 4, 0x80],
  ['µ-law', encodeMuLaw, 4063 * 4, 0x8f],
  ['A-law', encodeALaw, 0, 0xd5],
  ['A-law', encodeALaw, -1, 0x55],
  ['A-law', encodeALaw, 32_767, 0xaa],
  ['A-law', encodeALaw, -32_768, 0x2a],
  ['A-law', encodeALaw, 3968 * 8, 0xaa],
  ['A-law', encodeALaw, 2048 * 8, 0xa5],
])('%s: the code of a sample in the tables (%#)', (_, encode, sample, code) => {
  expect(encode(Int16Array.of(sample))[0]).toBe(code);
});

test('silence is the code of 0', () => {
  expect(MU_LAW_SILENCE).toBe(expectedMuLaw(0));
});

test.each(LAWS)('%s writes into what it is given', (_, encode, _expected, decode) => {
  const codes = new Uint8Array(256);
  const samples = new Int16Array(256);
  expect(decode(EVERY_CODE, samples)).toBe(samples);
  expect(encode(samples, codes)).toBe(codes);
  expect(codes).toEqual(encode(decode(EVERY_CODE)));
});

test.each([-3, -10, -20, -30, -40])('a tone of %d dBFS comes back above 33 dB SNR', dbfs => {
  const spoken = tone(1013, 8000, { dbfs });
  expect(snr(spoken, decodeMuLaw(encodeMuLaw(spoken)))).toBeGreaterThan(33);
  expect(snr(spoken, decodeALaw(encodeALaw(spoken)))).toBeGreaterThan(33);
});
