/**
 * G.711 µ-law, bit-exact with ITU-T G.191: the encoder takes the sign off by one's complement, so the most negative
 * and the most positive sample meet the same magnitude, and sees the upper 14 of 16 bits.
 */
import { decoder, encoder } from './companding.ts';

const BIAS = 0x84;
const CLIP = 32_635;

/** The code of the sample 0. */
export const MU_LAW_SILENCE = 0xff;

export const encodeMuLaw = encoder(sample => {
  const negative = sample < 0;
  const magnitude = Math.min(negative ? ~sample : sample, CLIP) + BIAS;
  const segment = 31 - Math.clz32(magnitude) - 7;
  const code = (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f);
  return ~(negative ? code | 0x80 : code) & 0xff;
});

export const decodeMuLaw = decoder(code => {
  const bits = ~code;
  const magnitude = ((((bits & 0x0f) << 3) + BIAS) << ((bits >> 4) & 0x07)) - BIAS;
  return bits & 0x80 ? -magnitude : magnitude;
});
