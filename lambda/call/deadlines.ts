/**
 * By when the carrier must have been heard of, in each state; epoch ms. Generous: past a deadline the sweeper asks
 * the carrier and may end the call. An offer's own expiry is the tighter bound, since it holds an agent.
 */
import type { Queue } from '../queue/queue.ts';

/** Seconds that a webhook may be late before it counts as lost. */
const GRACE_SECS = 60;
const GREETING_SECS = 60;
/** From the end of the ring time-out to the carrier's word about it. */
const RING_GRACE_SECS = 15;
/** Longest announcement before the music of a cycle. */
const ANNOUNCEMENT_SECS = 15;
/** More than the REST client's patience. */
const FETCH_SECS = 2;
/** In which the sweeper has come round. */
const SWEEP_SECS = 90;
/** A machine is told from a person within this time, before the carrier says that somebody has answered. */
const DETECTION_SECS = 10;
/** The most that an assistant's own limit may be. */
export const LONGEST_CONVERSATION_SECS = 7200;
/** The carrier's own limit of a call. */
export const LONGEST_CALL_SECS = 86_400;
/** How often a running conversation, or a flow, is checked with the carrier. */
const TALK_CHECK_SECS = 120;

export const greeting = (now: number) => after(now, GREETING_SECS + GRACE_SECS);

/** @param ringSecs how long the phone rings at most */
export const dialing = (ringSecs: number, now: number) =>
  after(now, ringSecs + DETECTION_SECS + RING_GRACE_SECS + GRACE_SECS);

export const cycle = (queue: Queue, now: number) => after(now, cycleSecs(queue) + GRACE_SECS);

export const ringing = (queue: Queue, now: number) =>
  after(now, queue.ring_timeout_secs + RING_GRACE_SECS + GRACE_SECS);

/**
 * End of the reservation of agents who were rung: later than the deadline, for they may be talking and the word of
 * it be late. So the sweeper comes first, and keeps or frees them by what the carrier says.
 */
export const rung = (deadline: number) => after(deadline, SWEEP_SECS);

/** End of a reservation for a caller on hold: if the transfer fails, the end of the cycle brings the caller. */
export const fetched = (queue: Queue, now: number) =>
  after(now, cycleSecs(queue) + queue.ring_timeout_secs + RING_GRACE_SECS);

/** Until then the transfer that brings a caller to an offer has either arrived or failed. */
export const fetching = (offeredAt: number) => after(offeredAt, FETCH_SECS);

export const talk = (now: number) => after(now, TALK_CHECK_SECS);

export const voicemail = (queue: Queue, now: number) =>
  after(now, GREETING_SECS + queue.voicemail_max_secs + GRACE_SECS);

function cycleSecs(queue: Queue): number {
  const music = queue.hold_music_url === '' ? 0 : queue.hold_music_secs;
  return Math.max(queue.hold_wait_secs, music) + ANNOUNCEMENT_SECS;
}

const after = (now: number, secs: number) => now + secs * 1000;
