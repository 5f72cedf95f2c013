/**
 * What the caller has heard of the pieces of a reply. A piece is audible from when its first frame was posted, but
 * not before the piece ahead of it has ended, and for as long as its audio is, which is estimated only while the voice
 * still delivers; the carrier's word that it was played sets the clock right. Inside a piece the share of its letters
 * goes with the time, but not beyond what is known to have been posted while the voice was too slow or silent, cut at
 * the nearest end of a word. So what was heard is always a beginning of what was to be said.
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
  const latest = pieces.findLast(({ started_at }) => started_at !== undefined);
  return pieces.map((piece, at) => {
    const posted = piece === latest ? postedOf(piece) : Infinity;
    return beginning(piece.text, share(spans[at], posted, now));
  });
}

/** From 0 to 1. */
function share({ begins, ends }: Span = NEVER, posted: number, now: number): number {
  const until = Math.min(now, begins + posted);
  if (until >= ends) return 1;
  return until <= begins ? 0 : (until - begins) / (ends - begins);
}

/** How much of the latest piece there is to hear, ms. */
const postedOf = ({ posted_ms = Infinity, sent_at, played_at }: Piece): number =>
  sent_at === undefined && played_at === undefined ? posted_ms : Infinity;

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
