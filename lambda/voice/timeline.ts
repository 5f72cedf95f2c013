/**
 * What the caller has heard of the pieces of a reply. A piece is audible from when its first frame was posted, but
 * not before the piece ahead of it has ended, and for as long as its audio is, which is estimated only while the voice
 * still delivers; the carrier's word that it was played sets the clock right. Inside a piece the share of its letters
 * goes with the time, cut at the nearest end of a word. So what was heard is always a beginning of what was to be
 * said, and never more than had been posted.
 */
import type { Conversation, Piece } from './conversation.ts';

/** Letters a second, until the voice has been heard. */
const USUAL_PACE = 15;

/** How fast the voice speaks: letters said so far, and how long they took. */
export type Pace = Conversation['spoken'];

/** Epoch ms; Infinity for what has no time yet. */
export interface Span {
  begins: number;
  ends: number;
}

const NEVER: Span = { begins: Infinity, ends: Infinity };

/** When each piece is audible, in order. */
export function timeline(pieces: Piece[], pace: Pace): Span[] {
  let free = -Infinity;
  return pieces.map(({ started_at, played_at, audio_ms, text }) => {
    const begins = started_at === undefined ? Infinity : Math.max(started_at, free);
    free = played_at ?? begins + (audio_ms ?? usualLength(text, pace));
    return { begins, ends: free };
  });
}

/** What was heard of each piece by `now`. */
export function heardOf(pieces: Piece[], pace: Pace, now: number): string[] {
  const spans = timeline(pieces, pace);
  return pieces.map(({ text }, at) => beginning(text, share(spans[at], now)));
}

/** From 0 to 1. */
function share({ begins, ends }: Span = NEVER, now: number): number {
  if (now >= ends) return 1;
  return now <= begins ? 0 : (now - begins) / (ends - begins);
}

/** Expected length of a text, ms. */
export function usualLength(text: string, { chars, ms }: Pace): number {
  return Math.round(text.length / (ms > 0 ? chars / ms : USUAL_PACE / 1000));
}

/** Ends at the end of a word: the nearest one to the given share of the letters. */
function beginning(text: string, part: number): string {
  const reached = part * text.length;
  const ends = [0, ...[...text.matchAll(/\S+/g)].map(word => word.index + word[0].length)];
  const nearest = ends.reduce(
    (best, end) => (Math.abs(end - reached) < Math.abs(best - reached) ? end : best),
    0,
  );
  return text.slice(0, nearest);
}
