/**
 * Signed 16-bit little-endian samples, cut anywhere, as µ-law of 8 kHz. Servers that send a WAV file where PCM was
 * asked for are understood: the header is skipped and its rate holds.
 */
import { createL16Reader } from '../../codec/l16.ts';
import { encodeMuLaw } from '../../codec/mu-law.ts';
import { createResampler } from '../../codec/resample.ts';
import { ProviderError } from './provider.ts';
import type { AudioReader } from './spoken.ts';
import { readWavHeader } from './wav.ts';

const RATE = 8000;

/** @param rate Hz, where no header says otherwise */
export function createPcmReader(rate: number): AudioReader {
  let head: Uint8Array | undefined = new Uint8Array(0);
  let length = Number.POSITIVE_INFINITY;
  let samples = createL16Reader('le');
  let resampler = createResampler({ from: rate, to: RATE });

  /** What of these bytes is sound; the first ones wait until it is clear what they are. */
  function sound(bytes: Uint8Array): Uint8Array {
    if (!head) return bytes;
    head = Buffer.concat([head, bytes]);
    const header = readWavHeader(head);
    if (header === 'incomplete') return new Uint8Array(0);
    const from = head;
    head = undefined;
    if (header === 'none') return from;
    if (header === 'unknown')
      throw new ProviderError('refused', 'The voice sent a WAV file that is not 16-bit mono PCM.');
    resampler = createResampler({ from: header.rate, to: RATE });
    samples = createL16Reader('le');
    length = header.length;
    return from.subarray(header.size);
  }

  return {
    push(bytes) {
      const audio = sound(bytes).subarray(0, length);
      length -= audio.length;
      return encodeMuLaw(resampler.push(samples.push(audio)));
    },
    flush: () => encodeMuLaw(resampler.flush()),
  };
}
