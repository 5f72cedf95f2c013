/** The period [from, to) that a report is about. */
import { DAY_MS } from '../platform/time.ts';
import { invalid } from './problem.ts';

const LONGEST_DAYS = 400;

/**
 * Times in epoch ms. Without `to` the period ends now; without `from` it is a day long.
 * @throws a 400 problem when the period is empty or longer than 400 days
 */
export function period({ from, to }: { from?: number | undefined; to?: number | undefined }, now: number) {
  const end = to ?? now;
  const start = from ?? end - DAY_MS;
  if (start >= end)
    throw invalid([{ field: 'from', message: 'must be earlier than "to", which is now when left out' }]);
  if (end - start > LONGEST_DAYS * DAY_MS)
    throw invalid([{ field: 'from', message: `must be at most ${LONGEST_DAYS} days earlier than "to"` }]);
  return { from: start, to: end };
}
