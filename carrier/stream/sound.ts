/**
 * Sound as it travels. Inside the carrier all of it is signed 16-bit PCM at 8 kHz; a stream carries it in the format
 * that its document asked for, and plays back whatever format each message names. µ-law comes from the doubles'
 * reference, never from the application's own codec.
 */
import { decodeUlaw, encodeUlaw } from '../../doubles/g711.ts';

export const RATE = 8000;
export const FRAME_MS = 20;
export const FRAME_SAMPLES = (RATE * FRAME_MS) / 1000;

export interface SoundFormat {
  encoding: 'audio/x-mulaw' | 'audio/x-l16';
  rate: number;
  /** Byte order of L16. Vobiz's pages disagree; the one on what it sends says big-endian. */
  order?: 'be' | 'le';
}

/** What a `<Stream contentType>` asks for; nothing for what makes no usable media. */
export function formatOf(contentType: string): SoundFormat | undefined {
  const [, encoding, rate] =
    /^(audio\/x-(?:l16|mulaw));rate=(\d+)$/.exec(contentType.replace(/\s/g, '')) ?? [];
  if (encoding === 'audio/x-mulaw' && rate === '8000') return { encoding, rate: 8000 };
  if (encoding === 'audio/x-l16' && (rate === '8000' || rate === '16000'))
    return { encoding, rate: Number(rate) };
  return undefined;
}

/** @param pcm at 8 kHz */
export function encodeSound(pcm: Int16Array, { encoding, rate, order = 'be' }: SoundFormat): Buffer {
  if (encoding === 'audio/x-mulaw') return Buffer.from(encodeUlaw(pcm));
  const times = rate / RATE;
  const bytes = Buffer.alloc(pcm.length * times * 2);
  for (let at = 0; at < pcm.length * times; at++) {
    const sample = pcm[Math.floor(at / times)] ?? 0;
    if (order === 'be') bytes.writeInt16BE(sample, at * 2);
    else bytes.writeInt16LE(sample, at * 2);
  }
  return bytes;
}

/** What `playAudio` brings, at 8 kHz: L16 is little-endian in this direction, and several samples make one. */
export function decodeSound(bytes: Buffer, encoding: SoundFormat['encoding'], rate: number): Int16Array {
  if (encoding === 'audio/x-mulaw') return decodeUlaw(bytes);
  const samples = Array.from({ length: bytes.length >> 1 }, (_, at) => bytes.readInt16LE(at * 2));
  const times = rate / RATE;
  return Int16Array.from({ length: Math.ceil(samples.length / times) }, (_, at) => {
    const group = samples.slice(at * times, (at + 1) * times);
    return group.reduce((sum, sample) => sum + sample, 0) / group.length;
  });
}
