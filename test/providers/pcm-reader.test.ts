import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pcmOf, wavHeader } from '../../doubles/speech.ts';
import { createPcmReader } from '../../lambda/voice/providers/pcm-reader.ts';
import { readWavHeader } from '../../lambda/voice/providers/wav.ts';

function read(bytes: Uint8Array, sizes = [bytes.length]): Uint8Array {
  const reader = createPcmReader(24_000);
  const out: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    out.push(reader.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return Buffer.concat([...out, reader.flush()]);
}

const sized = (header: Uint8Array, length: number) => {
  const copy = Buffer.from(header);
  copy.writeUInt32LE(length, 40);
  return copy;
};

test('any chunks give the same bytes, with a header and without', () => {
  const raw = pcmOf('ab', 24_000);
  const wav = Buffer.concat([wavHeader(16_000), pcmOf('ab', 16_000)]);
  fc.assert(
    fc.property(
      fc.constantFrom(raw, wav),
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 }),
      (bytes, sizes) => {
        expect(read(bytes, sizes)).toEqual(read(bytes));
      },
    ),
    { numRuns: 30 },
  );
  expect(read(raw)).toHaveLength(640);
  expect(read(wav)).toHaveLength(640);
});

test('what follows the samples of a WAV file is not played', () => {
  const pcm = pcmOf('a', 16_000);
  const file = Buffer.concat([sized(wavHeader(16_000), pcm.length), pcm, Buffer.from('LIST....INFOjunk')]);
  expect(read(file)).toEqual(read(Buffer.concat([wavHeader(16_000), pcm])));
});

describe('a header', () => {
  test('with other chunks before the samples', () => {
    const plain = wavHeader(8000);
    const list = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
    const header = Buffer.concat([plain.subarray(0, 36), list, plain.subarray(36)]);
    expect(readWavHeader(header)).toEqual({
      rate: 8000,
      size: 44 + list.length,
      length: Number.POSITIVE_INFINITY,
    });
    for (let end = 0; end < header.length; end++)
      expect(readWavHeader(header.subarray(0, end))).toBe('incomplete');
  });

  test('of stereo, of floats, or none at all', () => {
    const with16 = (at: number, value: number) => {
      const copy = Buffer.from(wavHeader(8000));
      copy.writeUInt16LE(value, at);
      return readWavHeader(copy);
    };
    expect(with16(22, 2)).toBe('unknown');
    expect(with16(20, 3)).toBe('unknown');
    expect(with16(34, 8)).toBe('unknown');
    expect(readWavHeader(Buffer.from([1, 2, 3, 4]))).toBe('none');
    expect(() => read(sized(Buffer.from(wavHeader(8000)).fill(2, 22, 23), 0))).toThrow('16-bit mono');
  });
});
