/** Text as spoken by a double: tones in pieces of odd lengths, as a network would deliver them. */
import { pause } from './answer.ts';
import { encodeUlaw } from './g711.ts';
import type { Timing } from './script.ts';
import { encodeTones } from './tones.ts';

/** Lengths that split samples and frames. */
const PIECES = [333, 1601, 4095, 7];

export const pcmOf = (text: string, rate: number): Uint8Array => {
  const samples = encodeTones(text, { rate });
  const bytes = new Uint8Array(samples.length * 2);
  const view = new DataView(bytes.buffer);
  for (const [index, sample] of samples.entries()) view.setInt16(index * 2, sample, true);
  return bytes;
};

export const ulawOf = (text: string): Uint8Array => encodeUlaw(encodeTones(text, { rate: 8000 }));

/** Waits for the first byte, then gives all of it, `speech_speed` times faster than it plays. */
export async function* paced(audio: Uint8Array, bytesPerSecond: number, timing: Timing) {
  await pause(timing.first_byte_ms);
  for (let at = 0, turn = 0; at < audio.length; turn++) {
    const data = audio.subarray(at, at + (PIECES[turn % PIECES.length] ?? 1));
    yield { data, size: data.length };
    at += data.length;
    if (timing.speech_speed > 0) await pause((data.length * 1000) / bytesPerSecond / timing.speech_speed);
  }
}

/** The header of a WAV file whose length is not known yet, as streaming servers send it. */
export function wavHeader(rate: number): Uint8Array {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(0xffffffff, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(0xffffffff, 40);
  return header;
}
