/**
 * What happens to messages on the way from a socket to their function, for tests: API Gateway promises neither order
 * nor one delivery, and networks lose. The same seed gives the same mishaps.
 */
export interface Disturbance {
  /** Each delivery is late by up to so many milliseconds, so that later messages overtake it. */
  jitterMs?: number;
  /** Share of messages that never arrive. */
  lose?: number;
  /** Share of messages that arrive twice. */
  repeat?: number;
  /** Routes that are disturbed; `media` alone unless said. */
  routes?: string[];
  seed?: number;
}

export class Way {
  #disturbance: Disturbance = {};
  #chance = mulberry32(1);

  disturb(disturbance: Disturbance): void {
    this.#disturbance = disturbance;
    this.#chance = mulberry32(disturbance.seed ?? 1);
  }

  calm(): void {
    this.#disturbance = {};
  }

  /** After how many milliseconds a message of this route arrives: once, twice or never. */
  arrivals(route: string): number[] {
    const { jitterMs = 0, lose = 0, repeat = 0, routes = ['media'] } = this.#disturbance;
    if (jitterMs + lose + repeat === 0 || !routes.includes(route)) return [0];
    if (this.#chance() < lose) return [];
    const late = () => this.#chance() * jitterMs;
    return this.#chance() < repeat ? [late(), late()] : [late()];
  }
}

/** A small random generator with a seed. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
