/**
 * Puts frames in order, each once. A missing frame is waited for until `windowMs` after the first sign of it being
 * missed, then given up and concealed; so nothing stalls longer than the window. A gap longer than a second is no
 * loss of single frames: it is skipped, but only for two frames that are near each other, since one may have a wrong
 * number. Pure: `now` (ms) comes in.
 */
import { type Frame, LOOK_BACK, REACH } from './frame-log.ts';

/** A frame in its place, or the place of one that is lost. */
export type Placed = Present | Lost;

interface Present {
  /** As the carrier sent it. */
  audio: Uint8Array;
  sequence: number;
  /** Received, epoch ms. */
  at: number;
  concealed: false;
}

interface Lost {
  audio?: undefined;
  sequence: number;
  /** When the frame after it was received, epoch ms. */
  at: number;
  concealed: true;
}

interface Options {
  windowMs: number;
  /** The first place to be filled, where a predecessor has stopped; else the first frame that comes is the first. */
  from?: number;
}

export interface Reorder {
  /** A repeated frame, or one whose place has been given up, changes nothing. */
  push(frame: Frame, now: number): void;
  /** All that need not wait any longer. */
  take(now: number): Placed[];
}

/** Remembered, to tell repeated frames without a number. */
const RECENT = 256;

export function createReorder({ windowMs, from }: Options): Reorder {
  const waiting = new Map<number, Waiting>();
  const unnumbered = inOrderOfArrival();
  /** The place to be filled next; unknown before the first frame was let through. */
  let place = from;

  const isNear = (sequence: number) =>
    place === undefined || (sequence >= place && sequence - place <= REACH);

  const isLate = (sequence: number) =>
    place !== undefined && sequence < place && sequence >= place - LOOK_BACK - REACH;

  /** The frame in the next place, or the loss of it, if either is due. */
  function placed(now: number): Placed | undefined {
    const present = place === undefined ? undefined : waiting.get(place);
    if (present) return released(present.frame);
    const candidates = next([...waiting.values()], isNear);
    const [first] = candidates;
    if (!first || now < Math.min(...candidates.map(({ seen }) => seen)) + windowMs) return undefined;
    const { sequence, at } = first.frame;
    if (place === undefined || !isNear(sequence)) return released(first.frame);
    return { sequence: place++, at, concealed: true };
  }

  function released({ audio, sequence, at }: Frame): Placed {
    waiting.delete(sequence);
    place = sequence + 1;
    return { audio, sequence, at, concealed: false };
  }

  return {
    push(frame, seen) {
      if (frame.unnumbered) return unnumbered.push(frame);
      if (!isLate(frame.sequence) && !waiting.has(frame.sequence))
        waiting.set(frame.sequence, { frame, seen });
    },

    take(now) {
      const out = unnumbered.take();
      for (let one = placed(now); one; one = placed(now)) out.push(one);
      return out;
    },
  };
}

interface Waiting {
  frame: Frame;
  seen: number;
}

/** Who may be next, the lowest first: the frames that are near, else two that are near each other. */
function next(waiting: Waiting[], isNear: (sequence: number) => boolean): Waiting[] {
  const near = waiting.filter(({ frame }) => isNear(frame.sequence));
  const sorted = (near.length > 0 ? near : waiting).sort((a, b) => a.frame.sequence - b.frame.sequence);
  if (near.length > 0) return sorted;
  const two = sorted.findIndex(({ frame }, at) => {
    const after = sorted[at + 1];
    return after && after.frame.sequence - frame.sequence <= REACH;
  });
  return two < 0 ? [] : sorted.slice(two, two + 2);
}

/** Frames whose order nobody knows pass as they come, each once. */
function inOrderOfArrival() {
  const recent = new Set<number>();
  let waiting: Placed[] = [];
  return {
    push({ audio, sequence, at }: Frame) {
      if (recent.has(sequence)) return;
      recent.add(sequence);
      if (recent.size > RECENT) recent.delete(recent.values().next().value ?? sequence);
      waiting.push({ audio, sequence, at, concealed: false });
    },
    take() {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}
