/** Counts what may happen fifty times a second, and says so once a second at most, since every line costs. */
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';

export interface Tally {
  /** @param error why, if something failed */
  count(metric: string, error?: unknown): void;
}

const EVERY_MS = 1000;

export function createTally(now: () => number): Tally {
  const counts = new Map<string, number>();
  let saidAt = Number.NEGATIVE_INFINITY;
  return {
    count(metric, error) {
      counts.set(metric, (counts.get(metric) ?? 0) + 1);
      const at = now();
      if (at - saidAt < EVERY_MS) return;
      saidAt = at;
      if (error !== undefined) log.error('A message of a stream was lost', error);
      publish(
        [...counts].map(([name, value]) => ({ name, value })),
        at,
      );
      counts.clear();
    },
  };
}
