/** When a callback may ring somebody, and until when it is worth it. Pure. */
import { type Hours, isOpen } from '../flow/hours.ts';
import type { Queue } from '../queue/queue.ts';

type Opening = Pick<Queue, 'callback_hours' | 'callback_expires_secs'>;

const ANY_TIME = { condition: '==', minute: -1, hour: -1, day: 0, month: 0 } as const;
const STEP_MS = 15 * 60_000;
/** Also where the queue hardly ever opens. */
const LONGEST_MS = 30 * 86_400_000;

export const isOpenAt = ({ callback_hours }: Opening, now: number): boolean =>
  isOpen({ ...ANY_TIME, ...callback_hours } satisfies Hours, now);

/** Only time within the hours counts, to a quarter of an hour: nobody is called back while it is closed. */
export function expiryOf(queue: Opening, now: number): number {
  let left = queue.callback_expires_secs * 1000;
  if (isAlwaysOpen(queue)) return now + left;
  let at = now;
  while (left > 0 && at < now + LONGEST_MS) {
    const step = Math.min(left, STEP_MS);
    if (isOpenAt(queue, at)) left -= step;
    at += step;
  }
  return at;
}

const isAlwaysOpen = ({ callback_hours: { from, to, weekdays, holidays } }: Opening): boolean =>
  from === undefined && to === undefined && weekdays.length === 0 && holidays.length === 0;
