/** The header of a WAV file, as far as a stream of 16-bit mono samples needs it. */

export interface WavHeader {
  /** Hz. */
  rate: number;
  /** Bytes before the first sample. */
  size: number;
  /** Bytes of samples; infinite where the writer did not know. */
  length: number;
}

const PCM = 1;
/** Writers that stream put this, or 0, for a length they do not know. */
const UNKNOWN_LENGTH = 0xffffffff;

/** `none`: it is no WAV file. `unknown`: a WAV file of something else. */
export function readWavHeader(bytes: Uint8Array): WavHeader | 'none' | 'unknown' | 'incomplete' {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (!'RIFF'.startsWith(name(0))) return 'none';
  let rate = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    if (name(at) === 'data') {
      const endless = length === UNKNOWN_LENGTH || length === 0;
      const header = { rate, size: at + 8, length: endless ? Number.POSITIVE_INFINITY : length };
      return rate > 0 ? header : 'unknown';
    }
    if (name(at) === 'fmt ') {
      if (at + 24 > bytes.length) return 'incomplete';
      const [format, channels] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
      if (format !== PCM || channels !== 1 || view.getUint16(at + 22, true) !== 16) return 'unknown';
      rate = view.getUint32(at + 12, true);
    }
    at += 8 + length + (length % 2);
  }
  return 'incomplete';
}
