/**
 * The hold cycle: how many a caller has begun, what of one the music did not fill, and which agents are tried again
 * when it is over. Pure; each move leaves the call waiting, at the same place.
 */
import type { Queue } from '../queue/queue.ts';
import type { Call } from './call.ts';
import * as deadlines from './deadlines.ts';
import type { Held } from './transitions.ts';

/** A hold cycle begins; agents excluded after a missed ring come back when it has been sat through. */
export function begin({ call, agents }: Held, queue: Queue, now: number): Held {
  if (call.state !== 'waiting') return { call, agents };
  const begun = { cycle: call.cycle + 1, cycle_began_at: now };
  return { call: { ...call, ...begun, deadline: deadlines.cycle(queue, now) }, agents };
}

/**
 * Seconds of the cycle that the caller's own music did not fill, if it filled less than half: the carrier skips a
 * file that it cannot play, and the caller would run through all cycles at once. The built-in music always fills it.
 */
export function unfilledSecs({ state, cycle_began_at }: Call, queue: Queue, now: number): number {
  if (state !== 'waiting' || cycle_began_at === undefined || queue.hold_music_url === '') return 0;
  const secs = queue.hold_wait_secs - (now - cycle_began_at) / 1000;
  return secs > queue.hold_wait_secs / 2 ? Math.ceil(secs) : 0;
}

/** Once in each cycle: the caller sits out what the music did not fill. */
export function sitOut({ call, agents }: Held, queue: Queue, now: number): Held {
  const { cycle_began_at: _filled, ...rest } = call;
  return { call: { ...rest, deadline: deadlines.cycle(queue, now) }, agents };
}

/** A cycle that the caller has cut short does not count. */
export function uncount({ call, agents }: Held): Held {
  return { call: { ...call, cycle: Math.max(0, call.cycle - 1) }, agents };
}

/** The caller has sat through a cycle: everybody may be tried again. */
export function readmit({ call, agents }: Held): Held {
  return { call: call.state === 'waiting' ? { ...call, excluded: [] } : call, agents };
}
