/** How loud µ-law audio is, without decoding it first. */
import { decodeMuLaw } from './mu-law.ts';

/** What digital silence, which has no level, is said to have: below one step of 16 bits. */
export const SILENCE_DBFS = -96;

const FULL_SCALE = 32_768;

/** Of every code, as a share of full scale. */
const POWERS = Float64Array.from(
  decodeMuLaw(Uint8Array.from({ length: 256 }, (_, code) => code)),
  sample => (sample / FULL_SCALE) ** 2,
);

/** Root mean square in dB of full scale: a square wave at the limit has 0, a sine -3. Never under `SILENCE_DBFS`. */
export function levelDbfs(muLaw: Uint8Array): number {
  let power = 0;
  for (let at = 0; at < muLaw.length; at++) power += POWERS[muLaw[at] as number] as number;
  return Math.max(SILENCE_DBFS, 10 * Math.log10(power / Math.max(1, muLaw.length)));
}
