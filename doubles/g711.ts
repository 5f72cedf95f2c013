/**
 * G.711 µ-law as ITU-T G.191 defines it, on 14-bit magnitudes, sample by sample. Slow and plain on purpose: what the
 * doubles hear and say must not depend on the codec that they help to test.
 */
const BIAS = 33;
const LARGEST = 0x1fff;

export const encodeUlaw = (samples: Int16Array): Uint8Array => Uint8Array.from(samples, compress);

export const decodeUlaw = (codes: Uint8Array): Int16Array => Int16Array.from(codes, expand);

function compress(sample: number): number {
  const magnitude = Math.min(((sample < 0 ? ~sample : sample) >> 2) + BIAS, LARGEST);
  let segment = 1;
  for (let rest = magnitude >> 6; rest > 0; rest >>= 1) segment++;
  const code = ((8 - segment) << 4) | (0x0f - ((magnitude >> segment) & 0x0f));
  return sample < 0 ? code : code | 0x80;
}

function expand(code: number): number {
  const inverted = ~code & 0xff;
  const exponent = (inverted >> 4) & 0x07;
  const mantissa = inverted & 0x0f;
  const step = 4 << (exponent + 1);
  const magnitude = (0x80 << exponent) + step * mantissa + step / 2 - 4 * BIAS;
  return code < 0x80 ? -magnitude : magnitude;
}
