/**
 * G.711 by its definition, without tables or shifts, on the scales of the Recommendation: 14 bits for µ-law, 13 for
 * A-law. A law is known by its decision values, where the 128 intervals of a magnitude begin, and by its output
 * values, in the middle of each.
 */

interface Law {
  /** Samples of 16 bits to one step of the law's scale. */
  step: number;
  begins: number[];
  outputs: number[];
  /** Of a sign and an interval. */
  code: (negative: boolean, interval: number) => number;
}

const intervals = Array.from({ length: 128 }, (_, interval) => ({
  segment: Math.floor(interval / 16),
  place: interval % 16,
}));

/** Eight segments of sixteen steps, each segment's twice as wide; the first interval begins at 0 and is half as wide. */
const MU_LAW: Law = {
  step: 4,
  begins: intervals.map(({ segment, place }) => Math.max(0, (2 * place + 32) * 2 ** segment - 33)),
  outputs: intervals.map(({ segment, place }) => (2 * place + 33) * 2 ** segment - 33),
  code: (negative, interval) => 255 - interval - (negative ? 128 : 0),
};

/** The first two segments have the same steps, and no step is centred on 0. Even bits are inverted on the line. */
const A_LAW: Law = {
  step: 8,
  begins: intervals.map(({ segment, place }) =>
    segment === 0 ? 2 * place : (2 * place + 32) * 2 ** (segment - 1),
  ),
  outputs: intervals.map(({ segment, place }) =>
    segment === 0 ? 2 * place + 1 : (2 * place + 33) * 2 ** (segment - 1),
  ),
  code: (negative, interval) => invertEvenBits(interval + (negative ? 0 : 128)),
};

export const decodedMuLaw = (code: number) => decoded(MU_LAW, code);
export const expectedMuLaw = (sample: number) => expected(MU_LAW, sample);
export const decodedALaw = (code: number) => decoded(A_LAW, code);
export const expectedALaw = (sample: number) => expected(A_LAW, sample);

/** Decoder output of a code, scaled to 16 bits. */
function decoded({ outputs, step, code }: Law, wanted: number): number {
  for (const [interval, output] of outputs.entries()) {
    if (code(false, interval) === wanted) return output * step;
    if (code(true, interval) === wanted) return -output * step || 0;
  }
  throw new Error(`No interval has the code ${wanted}.`);
}

/**
 * Code of a 16-bit sample as ITU-T G.191 has it: a negative one is turned by one's complement, then reduced to the
 * law's scale; a value on a decision value belongs to the interval above.
 */
function expected({ begins, step, code }: Law, sample: number): number {
  const magnitude = Math.floor((sample < 0 ? -1 - sample : sample) / step);
  let interval = 127;
  while ((begins[interval] ?? 0) > magnitude) interval--;
  return code(sample < 0, interval);
}

function invertEvenBits(code: number): number {
  const bits = code.toString(2).padStart(8, '0');
  return Number.parseInt(
    [...bits].map((bit, at) => (at % 2 === 0 ? bit : bit === '1' ? '0' : '1')).join(''),
    2,
  );
}
