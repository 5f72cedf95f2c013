/**
 * G.711 µ-law by its definition, without tables or shifts: eight segments of sixteen equal steps, each segment's
 * steps twice as wide as those of the one before. Written on the 14-bit scale of the Recommendation.
 */

/** Decoder output of a code, scaled to 16 bits. */
export function decodedMuLaw(code: number): number {
  const bits = 255 - code;
  const sign = bits >= 128 ? -1 : 1;
  const segment = Math.floor((bits % 128) / 16);
  const step = bits % 16;
  const magnitude = (2 * step + 33) * 2 ** segment - 33;
  return sign * magnitude * 4;
}

/** The decision values of the encoder: where, on the 14-bit scale, each of the 128 intervals begins. */
const BEGINS = Array.from({ length: 128 }, (_, interval) => {
  const segment = Math.floor(interval / 16);
  const step = interval % 16;
  return interval === 0 ? 0 : (2 * step + 32) * 2 ** segment - 33;
});

/**
 * Code of a 16-bit sample as ITU-T G.191 `ulaw_compress` has it: the sample is reduced to 14 bits, a negative one
 * by one's complement, and a value on a decision value belongs to the interval above.
 */
export function expectedMuLaw(sample: number): number {
  const negative = sample < 0;
  const magnitude = Math.floor((negative ? -1 - sample : sample) / 4);
  let interval = 127;
  while ((BEGINS[interval] ?? 0) > magnitude) interval--;
  return 255 - interval - (negative ? 128 : 0);
}
