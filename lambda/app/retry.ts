/** Optimistic changes: read, decide, write; and when somebody else was faster, once more from the beginning. */
import { publish } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import { StoreUnavailable } from '../store/outage.ts';
import type { Context } from './context.ts';

const ATTEMPTS = 10;
const PAUSE_MS = 15;

/** What an attempt came to; undefined when somebody was faster. */
export type Attempt<T> = { result: T } | undefined;

/**
 * @param subject what is changed, for the error
 * @throws StoreUnavailable when somebody was faster every time
 */
export async function retried<T>(
  context: Context,
  subject: string,
  attempt: () => Promise<Attempt<T>>,
): Promise<T> {
  for (let lost = 0; lost < ATTEMPTS; lost++) {
    if (lost > 0) await yieldToOthers(context, lost);
    const done = await attempt();
    if (done) return done.result;
  }
  throw new StoreUnavailable(`${subject} is changed by too many at once.`);
}

async function yieldToOthers(context: Context, lost: number): Promise<void> {
  publish([{ name: METRICS.storeRetries, value: 1 }], context.now());
  await context.sleepUntil(context.now() + PAUSE_MS * lost * context.chance());
}
