/** What a killed process holds (port, lock of the data) is released moments after its end: worth a few tries. */
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 3_000;
const PAUSE_MS = 200;

/** Repeats an attempt that fails for a passing reason, for three seconds; then, or for another reason, rejects. */
export async function patiently<T>(
  attempt: () => Promise<T>,
  isPassing: (error: unknown) => boolean,
): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isPassing(error) || Date.now() > deadline) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
