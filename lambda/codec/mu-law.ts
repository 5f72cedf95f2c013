/**
 * G.711 µ-law encoding by table, bit-exact with ITU-T G.191: the sign is taken off by one's complement, so the
 * most negative and the most positive sample meet the same magnitude.
 */
const BIAS = 0x84;
const CLIP = 32635;

/** µ-law code of every 16-bit sample; index with the sample's low 16 bits. */
const CODES = Uint8Array.from({ length: 65536 }, (_, index) => encodeSample((index << 16) >> 16));

/** One byte for each sample. */
export function encodeMuLaw(samples: Int16Array, into = new Uint8Array(samples.length)): Uint8Array {
  for (let at = 0; at < samples.length; at++) into[at] = CODES[(samples[at] ?? 0) & 0xffff] ?? 0xff;
  return into;
}

function encodeSample(sample: number): number {
  const negative = sample < 0;
  const magnitude = Math.min(negative ? ~sample : sample, CLIP) + BIAS;
  const segment = 31 - Math.clz32(magnitude) - 7;
  const code = (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f);
  return ~(negative ? code | 0x80 : code) & 0xff;
}
