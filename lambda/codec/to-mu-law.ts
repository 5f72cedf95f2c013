/** Whatever a stream carries, as µ-law of 8 kHz, the one format of everything behind it. */
import { decodeALaw } from './a-law.ts';
import { createL16Reader } from './l16.ts';
import { decodeMuLaw, encodeMuLaw } from './mu-law.ts';
import { createResampler } from './resample.ts';

export interface AudioFormat {
  encoding: 'mulaw' | 'alaw' | 'l16';
  /** Hz. */
  sampleRate: number;
}

const RATE = 8000;

/** A converter for one stream, since it remembers where the last chunk ended. µ-law of 8 kHz passes as it is. */
export function toMuLaw({ encoding, sampleRate }: AudioFormat): (bytes: Uint8Array) => Uint8Array {
  if (encoding === 'mulaw' && sampleRate === RATE) return bytes => bytes;
  const decode = decoderOf(encoding);
  const resampler = createResampler({ from: sampleRate, to: RATE });
  return bytes => encodeMuLaw(resampler.push(decode(bytes)));
}

function decoderOf(encoding: AudioFormat['encoding']): (bytes: Uint8Array) => Int16Array {
  if (encoding === 'mulaw') return bytes => decodeMuLaw(bytes);
  if (encoding === 'alaw') return bytes => decodeALaw(bytes);
  return createL16Reader('guess').push;
}
