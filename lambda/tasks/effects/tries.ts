/** Something that may fail for a moment, up to three times. */
import type { Context } from '../../app/context.ts';

const PAUSES_MS = [500, 2000];

/**
 * @param isFinal another try would come to the same
 * @param until epoch ms; no try begins after it
 * @returns what the last try came to
 */
export async function tried<T>(
  context: Context,
  attempt: () => Promise<T>,
  isFinal: (result: T) => boolean,
  until = Number.POSITIVE_INFINITY,
): Promise<T> {
  for (const pause of PAUSES_MS) {
    const result = await attempt();
    if (isFinal(result) || context.now() + pause >= until) return result;
    await context.sleepUntil(context.now() + pause);
  }
  return attempt();
}
