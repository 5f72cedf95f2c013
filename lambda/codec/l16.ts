/**
 * Linear 16-bit samples from bytes. The carrier's descriptions of its byte order contradict each other, so it can
 * be found in the signal: sound is smooth, and in the wrong order the small byte jumps about as the large one.
 */

export type ByteOrder = 'be' | 'le';

export interface L16Reader {
  /** Half a sample at the end waits for its other half. */
  push(bytes: Uint8Array): Int16Array;
}

/** Whole samples only: an odd byte at the end is left out. */
export function bytesToPcm(bytes: Uint8Array, order: ByteOrder): Int16Array {
  const pcm = new Int16Array(bytes.length >> 1);
  const [high, low] = order === 'be' ? [0, 1] : [1, 0];
  for (let at = 0; at < pcm.length; at++)
    pcm[at] = ((bytes[2 * at + high] as number) << 8) | (bytes[2 * at + low] as number);
  return pcm;
}

/** For chunks that may end in mid-sample. */
export function createL16Reader(order: ByteOrder | 'guess'): L16Reader {
  const orderOf = order === 'guess' ? guessing() : () => order;
  let half = new Uint8Array(0);
  return {
    push: bytes => {
      const whole = half.length === 0 ? bytes : joined(half, bytes);
      half = whole.slice(whole.length - (whole.length % 2));
      return bytesToPcm(whole, orderOf(whole));
    },
  };
}

/** Roughness, in steps of a sample, after which the guess stands: a tenth of a second in the wrong order. */
const SURE_AFTER = 20_000_000;

/**
 * Which order the signal has shown so far. While it has shown neither, big-endian: so the standard for L16 has it,
 * and so the carrier describes what it sends.
 */
function guessing(): (bytes: Uint8Array) => ByteOrder {
  let big = 0;
  let little = 0;
  return bytes => {
    if (Math.max(big, little) < SURE_AFTER) {
      big += roughness(bytesToPcm(bytes, 'be'));
      little += roughness(bytesToPcm(bytes, 'le'));
    }
    return little < big ? 'le' : 'be';
  };
}

function roughness(pcm: Int16Array): number {
  let sum = 0;
  for (let at = 1; at < pcm.length; at++) sum += Math.abs((pcm[at] as number) - (pcm[at - 1] as number));
  return sum;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
