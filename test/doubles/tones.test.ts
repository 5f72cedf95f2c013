import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spoken } from '../../doubles/alphabet.ts';
import { decodeUlaw, encodeUlaw } from '../../doubles/g711.ts';
import { createToneDecoder, encodeTones, type HeardCharacter } from '../../doubles/tones.ts';

const EVERYTHING = 'abcdefghijklmnopqrstuvwxyz0123456789 .,?!\'"-:;()/&%$#@+=*_<>[]|~';

function hear(samples: Int16Array, rate = 8000, pieces: number[] = [samples.length]): HeardCharacter[] {
  const decoder = createToneDecoder(rate);
  const heard: HeardCharacter[] = [];
  for (let at = 0, turn = 0; at < samples.length; turn++) {
    const size = pieces[turn % pieces.length] ?? 1;
    heard.push(...decoder.push(samples.subarray(at, at + size)));
    at += size;
  }
  return [...heard, ...decoder.flush()];
}

const textOf = (heard: HeardCharacter[]) => heard.map(one => one.char).join('');
const atLevel = (samples: Int16Array, dbfs: number) =>
  Int16Array.from(samples, sample =>
    Math.max(-32768, Math.min(32767, Math.round(sample * 10 ** ((dbfs + 12) / 20)))),
  );
const after = (silence: number, samples: Int16Array) => {
  const whole = new Int16Array(silence + samples.length + 200);
  whole.set(samples, silence);
  return whole;
};
const twice = (samples: Int16Array) => decodeUlaw(encodeUlaw(decodeUlaw(encodeUlaw(samples))));

test('every character is heard as itself, also when it is said twice', () => {
  const doubled = [...EVERYTHING].map(one => one + one).join('');
  expect(textOf(hear(encodeTones(doubled, { rate: 8000 })))).toBe(doubled);
  expect(textOf(hear(encodeTones(doubled, { rate: 24_000 }), 24_000))).toBe(doubled);
});

test('any text at any offset and level, in pieces of any size, twice through µ-law', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...EVERYTHING), minLength: 1, maxLength: 24 }),
      fc.nat(400),
      fc.double({ min: -30, max: -6, noNaN: true }),
      fc.array(fc.integer({ min: 1, max: 333 }), { minLength: 1, maxLength: 5 }),
      (text, offset, level, pieces) => {
        const samples = twice(after(offset, atLevel(encodeTones(text, { rate: 8000 }), level)));
        expect(textOf(hear(samples, 8000, pieces))).toBe(text);
      },
    ),
    { numRuns: 150 },
  );
});

test('clipped at -3 dBFS it is still understood', () => {
  const loud = atLevel(encodeTones(EVERYTHING, { rate: 8000 }), -3);
  expect(textOf(hear(twice(loud)))).toBe(EVERYTHING);
});

test('a character is timed to within 2 ms', () => {
  fc.assert(
    fc.property(fc.nat(2000), offset => {
      const heard = hear(after(offset, encodeTones('what time', { rate: 8000 })));
      for (const [index, { at_ms, ms }] of heard.entries()) {
        expect(Math.abs(at_ms - (offset / 8 + 40 * index))).toBeLessThan(2);
        expect(Math.abs(ms - 30)).toBeLessThan(2);
      }
    }),
    { numRuns: 40 },
  );
});

describe('a lost frame costs the characters it hits and no other', () => {
  const text = 'the quick brown fox jumps over 13 lazy dogs';
  const survivors = (heard: string, at: number) => {
    const first = Math.floor(at / 320);
    const last = Math.floor((at + 159) / 320);
    expect(heard.startsWith(text.slice(0, first))).toBe(true);
    expect(heard.endsWith(text.slice(last + 1))).toBe(true);
    expect(heard.length).toBeLessThanOrEqual(text.length);
    expect(heard.length).toBeGreaterThanOrEqual(text.length - 2);
  };
  const at = fc.nat(320 * (text.length - 2));

  test('concealed by silence', () => {
    fc.assert(
      fc.property(at, from => {
        const samples = encodeTones(text, { rate: 8000 });
        samples.fill(0, from, from + 160);
        survivors(textOf(hear(samples)), from);
      }),
      { numRuns: 100 },
    );
  });

  test('left out', () => {
    fc.assert(
      fc.property(at, from => {
        const samples = [...encodeTones(text, { rate: 8000 })];
        samples.splice(from, 160);
        survivors(textOf(hear(Int16Array.from(samples))), from);
      }),
      { numRuns: 100 },
    );
  });
});

test('silence, noise, a single tone and a key of a telephone say nothing', () => {
  const second = (wave: (at: number) => number) => Int16Array.from({ length: 8000 }, (_, at) => wave(at));
  const sine = (frequency: number) => (at: number) => 8000 * Math.sin((2 * Math.PI * frequency * at) / 8000);
  let seed = 1;
  const noise = () => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return (seed / 2 ** 31 - 0.5) * 16_000;
  };
  expect(hear(second(() => 0))).toEqual([]);
  expect(hear(second(noise))).toEqual([]);
  expect(hear(second(sine(700)))).toEqual([]);
  expect(hear(second(at => sine(770)(at) + sine(1336)(at)))).toEqual([]);
});

test('text loses case, accents and what has no tone', () => {
  expect(spoken('Où est “Zoë”?\n№ 5…')).toBe('ou est "zoe"? ? 5.');
  expect(textOf(hear(encodeTones('HELLO', { rate: 8000 })))).toBe('hello');
});
