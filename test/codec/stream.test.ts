/** Bytes that come in pieces: framing, half samples, byte order, conversion of whole streams, level. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { encodeALaw } from '../../lambda/codec/a-law.ts';
import { createFramer } from '../../lambda/codec/framing.ts';
import { bytesToPcm, createL16Reader } from '../../lambda/codec/l16.ts';
import { levelDbfs, SILENCE_DBFS } from '../../lambda/codec/level.ts';
import { encodeMuLaw, MU_LAW_SILENCE } from '../../lambda/codec/mu-law.ts';
import { type AudioFormat, toMuLaw } from '../../lambda/codec/to-mu-law.ts';
import { decodedMuLaw } from './g711.ts';
import { cut, snr, tone } from './sound.ts';

const anyPlaces = fc.array(fc.nat(), { maxLength: 12 });
const all = <T extends number>(pieces: Iterable<T>[]) => pieces.flatMap(piece => [...piece]);

function l16(pcm: Int16Array, order: 'be' | 'le'): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * pcm.length));
  for (const [at, sample] of pcm.entries()) view.setInt16(2 * at, sample, order === 'le');
  return new Uint8Array(view.buffer);
}

describe('framing', () => {
  it('gives the same payloads however the bytes are cut, and loses none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1000 }), anyPlaces, (bytes, places) => {
        const framer = createFramer();
        const frames = cut(bytes, places).flatMap(framer.push);
        const last = framer.flush(MU_LAW_SILENCE);
        const sent = last ? [...frames, last] : frames;
        expect(sent.every(frame => frame.length === 160)).toBe(true);
        const padding = new Array((160 - (bytes.length % 160)) % 160).fill(MU_LAW_SILENCE);
        expect(all(sent)).toEqual([...bytes, ...padding]);
        expect(frames.length).toBe(Math.floor(bytes.length / 160));
      }),
    );
  });

  it('gives payloads that the next chunk does not change, and takes other sizes', () => {
    const framer = createFramer(2);
    const [first] = framer.push(Uint8Array.of(1, 2, 3));
    framer.push(Uint8Array.of(4, 5));
    expect(first).toEqual(Uint8Array.of(1, 2));
    expect(framer.flush(9)).toEqual(Uint8Array.of(5, 9));
    expect(framer.flush(9)).toBeUndefined();
  });
});

describe('linear samples', () => {
  it('are read in both orders', () => {
    const bytes = Uint8Array.of(0x12, 0x34, 0xff, 0xfe);
    expect(bytesToPcm(bytes, 'be')).toEqual(Int16Array.of(0x1234, -2));
    expect(bytesToPcm(bytes, 'le')).toEqual(Int16Array.of(0x3412, -257));
  });

  it('come through cuts in mid-sample', () => {
    fc.assert(
      fc.property(fc.int16Array({ maxLength: 300 }), anyPlaces, (pcm, places) => {
        const reader = createL16Reader('le');
        expect(all(cut(l16(pcm, 'le'), places).map(reader.push))).toEqual([...pcm]);
      }),
    );
  });

  const silence = new Int16Array(160);
  const noise = Int16Array.from({ length: 160 }, (_, at) => ((at * 7919) % 17) - 8);
  it.each([
    ['a loud tone', tone(800, 8000, { dbfs: -3 })],
    ['a quiet tone', tone(2500, 8000, { dbfs: -40 })],
    ['silence, then a tone', Int16Array.from([...silence, ...tone(300, 8000)])],
    ['line noise, then a tone', Int16Array.from([...noise, ...tone(3000, 8000)])],
  ])('show their byte order: %s', (_, pcm) => {
    for (const order of ['be', 'le'] as const) {
      const reader = createL16Reader('guess');
      const frames = cut(
        l16(pcm, order),
        Array.from({ length: pcm.length / 160 }, (_, at) => at * 320),
      );
      expect(all(frames.map(reader.push)), order).toEqual([...pcm]);
    }
  });

  it('keep the order they have shown through a burst that looks otherwise', () => {
    const reader = createL16Reader('guess');
    reader.push(l16(tone(500, 8000), 'le'));
    const burst = tone(1000, 8000, { secs: 0.02 });
    expect(reader.push(l16(burst, 'be'))).not.toEqual(burst);
    expect(reader.push(l16(burst, 'le'))).toEqual(burst);
  });
});

describe('a stream of any format becomes µ-law of 8 kHz', () => {
  const heard = tone(1000, 8000);
  const formats: [AudioFormat, Uint8Array][] = [
    [{ encoding: 'mulaw', sampleRate: 8000 }, encodeMuLaw(heard)],
    [{ encoding: 'alaw', sampleRate: 8000 }, encodeALaw(heard)],
    [{ encoding: 'l16', sampleRate: 8000 }, l16(heard, 'be')],
    [{ encoding: 'l16', sampleRate: 16_000 }, l16(tone(1000, 16_000), 'le')],
    [{ encoding: 'l16', sampleRate: 24_000 }, l16(tone(1000, 24_000), 'be')],
    [{ encoding: 'mulaw', sampleRate: 16_000 }, encodeMuLaw(tone(1000, 16_000))],
  ];

  it.each(formats)('%j', (format, bytes) => {
    const convert = toMuLaw(format);
    const frame = bytes.length / 25;
    const muLaw = all(
      cut(
        bytes,
        Array.from({ length: 25 }, (_, at) => at * frame),
      ).map(convert),
    );
    const pcm = Int16Array.from(muLaw, code => decoded[code] ?? 0);
    const edge = 200;
    expect(snr(heard.slice(edge, pcm.length - edge), pcm.slice(edge, -edge))).toBeGreaterThan(30);
    expect(pcm.length).toBeGreaterThan(heard.length - 40);
  });

  const decoded = Array.from({ length: 256 }, (_, code) => decodedMuLaw(code));
});

test.each([
  ['a sine at the limit', tone(1000, 8000, { dbfs: 0 }), -3.01],
  ['a sine of -20 dBFS', tone(1000, 8000, { dbfs: -20 }), -23.01],
  ['a square wave near the limit', new Int16Array(160).fill(-32_124), -0.17],
  ['silence', new Int16Array(160), SILENCE_DBFS],
  ['nothing', new Int16Array(0), SILENCE_DBFS],
])('the level of %s', (_, pcm, dbfs) => {
  expect(levelDbfs(encodeMuLaw(pcm))).toBeCloseTo(dbfs, 0);
});
