/** Repeatable chance: the same seed gives the same scenario. */

/** A generator of numbers in [0, 1) (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A figure, or a range out of which one is drawn. */
export type Range = number | [from: number, to: number];

export function draw(range: Range, random: () => number): number {
  return typeof range === 'number' ? range : range[0] + (range[1] - range[0]) * random();
}
