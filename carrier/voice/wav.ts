/** WAV files: what a caller says out of one, and both sides of a call into one. */
import { decodeUlaw } from '../../doubles/g711.ts';
import { RATE } from '../stream/sound.ts';

const HEADER_BYTES = 44;
const PCM = 1;
const MU_LAW = 7;

/** Mono PCM (16-bit) or µ-law, 8 or 16 kHz, at 8 kHz. Throws when it is anything else. */
export function readWav(file: Buffer): Int16Array {
  const chunk = (id: string) => {
    for (let at = 12; at + 8 <= file.length; ) {
      const size = file.readUInt32LE(at + 4);
      if (file.toString('latin1', at, at + 4) === id) return file.subarray(at + 8, at + 8 + size);
      at += 8 + size + (size % 2);
    }
    throw new Error(`The sound file has no "${id}" part: save it as a WAV file.`);
  };
  const format = chunk('fmt ');
  const [kind, channels, rate] = [format.readUInt16LE(0), format.readUInt16LE(2), format.readUInt32LE(4)];
  const data = chunk('data');
  const times = rate / RATE;
  if (channels !== 1 || ![1, 2].includes(times) || (kind !== PCM && kind !== MU_LAW)) {
    throw new Error(
      'A caller can say a mono WAV file of 8 or 16 kHz, 16-bit PCM or µ-law. Convert the file first.',
    );
  }
  const samples =
    kind === MU_LAW
      ? decodeUlaw(data)
      : Int16Array.from({ length: data.length >> 1 }, (_, at) => data.readInt16LE(at * 2));
  return samples.filter((_, at) => at % times === 0);
}

/** Stereo, 16-bit, 8 kHz: the caller on the left, what they heard on the right. */
export function stereoWav(left: Int16Array, right: Int16Array): Buffer {
  const samples = Math.max(left.length, right.length);
  const file = Buffer.alloc(HEADER_BYTES + samples * 4);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(PCM, 20);
  file.writeUInt16LE(2, 22);
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(RATE * 4, 28);
  file.writeUInt16LE(4, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(samples * 4, 40);
  for (let at = 0; at < samples; at++) {
    file.writeInt16LE(left[at] ?? 0, HEADER_BYTES + at * 4);
    file.writeInt16LE(right[at] ?? 0, HEADER_BYTES + at * 4 + 2);
  }
  return file;
}
