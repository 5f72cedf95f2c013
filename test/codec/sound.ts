/** Test tones and how to measure them. Levels are of the peak, dB of full scale. */

export function tone(hz: number, rate: number, { secs = 0.5, dbfs = -6 } = {}): Int16Array {
  const peak = 32_767 * 10 ** (dbfs / 20);
  return Int16Array.from({ length: secs * rate }, (_, at) =>
    Math.round(peak * Math.sin((2 * Math.PI * hz * at) / rate)),
  );
}

/** Without the ends, where a filter meets the silence outside. */
export const middle = (pcm: Int16Array, edge = 200) => pcm.subarray(edge, pcm.length - edge);

/** dB between the power of a signal and that of another. */
export const decibels = (a: Int16Array, b: Int16Array) => 10 * Math.log10(power(a) / power(b));

/** Signal to noise, dB: noise is whatever differs. */
export const snr = (signal: Int16Array, heard: Int16Array) =>
  decibels(
    signal,
    signal.map((sample, at) => sample - (heard[at] ?? 0)),
  );

const power = (pcm: Int16Array) => pcm.reduce((sum, sample) => sum + sample ** 2, 0) / pcm.length;

/** Cuts an array at given places (any numbers), as a network would. */
export function cut<T extends { length: number; slice(from: number, to?: number): T }>(
  whole: T,
  places: number[],
): T[] {
  const borders = places.map(place => place % (whole.length + 1)).sort((a, b) => a - b);
  return [0, ...borders].map((from, index) => whole.slice(from, borders[index]));
}
