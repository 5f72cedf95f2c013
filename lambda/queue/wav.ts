/** A µ-law WAV file, 8 kHz mono, of these samples. */
import { encodeMuLaw } from '../codec/mu-law.ts';

export const RATE = 8000;

export function wavFile(samples: Int16Array): Uint8Array {
  const audio = encodeMuLaw(samples);
  const file = new Uint8Array(HEADER_BYTES + audio.length);
  file.set(header(audio.length));
  file.set(audio, HEADER_BYTES);
  return file;
}

const HEADER_BYTES = 58;
const WAVE_FORMAT_MULAW = 7;

/** RIFF header with the `fact` chunk that a compressed format must have. */
function header(audioBytes: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(HEADER_BYTES));
  const text = (at: number, chars: string) => {
    for (let i = 0; i < chars.length; i++) view.setUint8(at + i, chars.charCodeAt(i));
  };
  text(0, 'RIFF');
  view.setUint32(4, HEADER_BYTES - 8 + audioBytes, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 18, true);
  view.setUint16(20, WAVE_FORMAT_MULAW, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  view.setUint16(36, 0, true);
  text(38, 'fact');
  view.setUint32(42, 4, true);
  view.setUint32(46, audioBytes, true);
  text(50, 'data');
  view.setUint32(54, audioBytes, true);
  return new Uint8Array(view.buffer);
}
