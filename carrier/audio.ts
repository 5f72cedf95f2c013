/**
 * How long a sound file plays: from the header of a WAV, from the frames of an MP3. Anything else is not
 * audio to the carrier and has no length.
 */

/** Milliseconds, or undefined when the bytes are neither WAV nor MP3. */
export function audioMs(bytes: Uint8Array): number | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return wavMs(buffer) ?? mp3Ms(buffer);
}

function wavMs(file: Buffer): number | undefined {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') return undefined;
  let bytesPerSecond = 0;
  for (let at = 12; at + 8 <= file.length; ) {
    const id = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    if (id === 'fmt ' && at + 20 <= file.length) bytesPerSecond = file.readUInt32LE(at + 16);
    if (id === 'data' && bytesPerSecond > 0) {
      return (Math.min(size, file.length - at - 8) / bytesPerSecond) * 1000;
    }
    at += 8 + size + (size % 2);
  }
  return undefined;
}

const V1_L3_KBPS = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const V2_L3_KBPS = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const V1_HZ = [44_100, 48_000, 32_000];

/** Layer III frames, counted one by one after an optional ID3v2 tag. */
function mp3Ms(file: Buffer): number | undefined {
  let at = file.toString('latin1', 0, 3) === 'ID3' ? 10 + syncSafe(file, 6) : 0;
  let ms = 0;
  for (;;) {
    const frame = mp3Frame(file, at);
    if (!frame) return ms > 0 ? ms : undefined;
    ms += frame.ms;
    at += frame.bytes;
  }
}

function mp3Frame(file: Buffer, at: number): { bytes: number; ms: number } | undefined {
  if (at + 4 > file.length || file.readUInt16BE(at) < 0xffe0) return undefined;
  const version = (file.readUInt8(at + 1) >> 3) & 3;
  const layer = (file.readUInt8(at + 1) >> 1) & 3;
  const bits = file.readUInt8(at + 2);
  const kbps = (version === 3 ? V1_L3_KBPS : V2_L3_KBPS)[bits >> 4];
  const hz = (V1_HZ[(bits >> 2) & 3] ?? 0) / (version === 3 ? 1 : version === 2 ? 2 : 4);
  if (version === 1 || layer !== 1 || !kbps || !hz) return undefined;
  const samples = version === 3 ? 1152 : 576;
  return { bytes: Math.floor((samples * kbps * 125) / hz) + ((bits >> 1) & 1), ms: (samples / hz) * 1000 };
}

function syncSafe(file: Buffer, at: number): number {
  if (at + 4 > file.length) return 0;
  return [...file.subarray(at, at + 4)].reduce((size, byte) => size * 128 + (byte & 0x7f), 0);
}
