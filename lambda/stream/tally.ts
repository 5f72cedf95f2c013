/**
 * What may happen fifty times a second is said once a second at most, since every line costs. What is left over waits
 * for the container's next message, whatever that is; when none comes any more, the counts of less than a second are
 * lost with the container.
 */
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';

export interface Tally {
  count(metric: string): void;
  /** Of several failures of one kind the last is told. @param what failed, the same words each time */
  failed(what: string, error: unknown): void;
  /** To be called after each message. */
  say(): void;
}

const EVERY_MS = 1000;

export function createTally(now: () => number): Tally {
  const counts = new Map<string, number>();
  const failures = new Map<string, unknown>();
  let saidAt = Number.NEGATIVE_INFINITY;
  return {
    count(metric) {
      counts.set(metric, (counts.get(metric) ?? 0) + 1);
    },
    failed(what, error) {
      failures.set(what, error);
    },
    say() {
      const at = now();
      if (counts.size + failures.size === 0 || at - saidAt < EVERY_MS) return;
      saidAt = at;
      for (const [what, error] of failures) log.error(what, error);
      const metrics = [...counts].map(([name, value]) => ({ name, value }));
      if (metrics.length > 0) publish(metrics, at);
      counts.clear();
      failures.clear();
    },
  };
}
