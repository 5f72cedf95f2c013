/** Sounds of our own that a flow plays: the tone before a message, and a second of nothing. */
import { RATE, wavFile } from './wav.ts';

const BEEP = { hertz: 1000, secs: 0.5, level: 9000, fadeSecs: 0.01 };

/** @returns undefined for a sound that there is not */
export function soundFile(name: string): Uint8Array | undefined {
  if (name === 'silence') return wavFile(new Int16Array(RATE));
  return name === 'beep' ? wavFile(beep()) : undefined;
}

function beep(): Int16Array {
  const { hertz, secs, level, fadeSecs } = BEEP;
  return Int16Array.from({ length: secs * RATE }, (_, at) => {
    const time = at / RATE;
    const fade = Math.min(1, time / fadeSecs, (secs - time) / fadeSecs);
    return Math.round(level * fade * Math.sin(2 * Math.PI * hertz * time));
  });
}
