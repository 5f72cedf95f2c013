/**
 * Sample rate conversion by a windowed-sinc polyphase FIR filter, 32 taps to a sample of the lower rate. It streams:
 * how the input is cut into chunks does not change one output sample. An output sample stands where its time is in
 * the input (no delay), and of `n` samples come exactly ceil(n · to / from).
 */
import { lowPass } from './low-pass.ts';

export interface Resampler {
  push(pcm: Int16Array): Int16Array;
  /** The samples that waited for what would follow; then the resampler is as new. */
  flush(): Int16Array;
}

const TAPS = 32;

/** Rates in Hz, whole numbers; one resampler serves one stream. */
export function createResampler({ from, to }: { from: number; to: number }): Resampler {
  if (from === to) return { push: pcm => pcm, flush: () => new Int16Array(0) };
  const common = divisor(from, to);
  return resampler(to / common, from / common);
}

/**
 * The filter runs at `up` times the input's rate, where output sample n stands at the time n · down. Of the input it
 * takes `half` samples up to that time and `half` after it; `pending` begins with the first that is still needed.
 */
function resampler(up: number, down: number): Resampler {
  const half = 2 * Math.ceil(((TAPS / 4) * Math.max(up, down)) / up);
  const phases = polyphase(up, down, half);
  const base = (n: number) => Math.floor((n * down) / up);
  let pending = new Float64Array(half - 1);
  let received = 0;
  let sent = 0;

  const take = (pcm: Int16Array, total: number): Int16Array => {
    const input = joined(pending, pcm);
    const out = new Int16Array(Math.max(0, total - sent));
    for (let at = 0; at < out.length; at++) {
      const n = sent + at;
      const taps = phases[(n * down) % up] as Float64Array;
      out[at] = clipped(convolve(taps, input, base(n) - base(sent)));
    }
    pending = input.slice(base(sent + out.length) - base(sent));
    sent += out.length;
    return out;
  };
  return {
    push: pcm => {
      received += pcm.length;
      return take(pcm, Math.ceil(((received - half) * up) / down));
    },
    flush: () => {
      const rest = take(new Int16Array(half), Math.ceil((received * up) / down));
      pending = new Float64Array(half - 1);
      received = sent = 0;
      return rest;
    },
  };
}

/** For each phase the taps in the order of the input, together 1, so that a constant stays what it is. */
function polyphase(up: number, down: number, half: number): Float64Array[] {
  const response = lowPass(Math.max(up, down), half * up);
  return Array.from({ length: up }, (_, phase) => {
    const taps = Float64Array.from(
      { length: 2 * half },
      (_, at) => response[phase + (2 * half - 1 - at) * up] ?? 0,
    );
    const sum = taps.reduce((total, tap) => total + tap);
    return taps.map(tap => tap / sum);
  });
}

/** Four sums at a time, since one would wait for its own last addition; the number of taps is a multiple of four. */
function convolve(taps: Float64Array, input: Float64Array, from: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let at = 0; at < taps.length; at += 4) {
    const to = from + at;
    a += (taps[at] as number) * (input[to] as number);
    b += (taps[at + 1] as number) * (input[to + 1] as number);
    c += (taps[at + 2] as number) * (input[to + 2] as number);
    d += (taps[at + 3] as number) * (input[to + 3] as number);
  }
  return a + b + c + d;
}

function joined(pending: Float64Array, pcm: Int16Array): Float64Array {
  const input = new Float64Array(pending.length + pcm.length);
  input.set(pending);
  input.set(pcm, pending.length);
  return input;
}

const clipped = (value: number) => Math.max(-32_768, Math.min(32_767, Math.round(value)));

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
