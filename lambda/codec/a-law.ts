/**
 * G.711 A-law, bit-exact with ITU-T G.191: one's complement as in µ-law, and of 16 bits the upper 13 count. Every
 * other bit of a code is inverted on the line.
 */
import { decoder, encoder } from './companding.ts';

const INVERTED = 0x55;
const POSITIVE = 0x80;

export const encodeALaw = encoder(sample => {
  const magnitude = (sample < 0 ? ~sample : sample) >> 4;
  const segment = Math.max(1, 28 - Math.clz32(magnitude));
  const code = magnitude < 32 ? magnitude : (segment << 4) | ((magnitude >> (segment - 1)) & 0x0f);
  return (sample < 0 ? code : code | POSITIVE) ^ INVERTED;
});

export const decodeALaw = decoder(code => {
  const bits = code ^ INVERTED;
  const segment = (bits >> 4) & 0x07;
  const step = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return bits & POSITIVE ? magnitude : -magnitude;
});
