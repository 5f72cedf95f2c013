/**
 * Puts frames in order, each once. A missing frame is waited for until `windowMs` after the first sign of it being
 * missed, then given up and concealed by silence of its neighbours' length; so nothing stalls longer than the window.
 * A gap longer than a second is no loss of single frames: it is skipped. Pure: `now` (ms) comes in.
 */
import type { Frame } from './frame-log.ts';

/** A frame in its place, or the silence for one that is lost. */
export interface Placed {
  /** As the carrier sent it; of a concealed frame, as many bytes of `silence`. */
  audio: Uint8Array;
  sequence: number;
  /** Received, epoch ms; of a concealed frame, that of the frame after it. */
  at: number;
  concealed: boolean;
}

interface Options {
  windowMs: number;
  /** Length of a frame. */
  frameMs: number;
  /** The byte that is silence; µ-law unless given. */
  silence?: number;
  /** The first place to be filled, where a predecessor has stopped; else the first frame that comes is the first. */
  from?: number;
}

export interface Reorder {
  /** A repeated frame, or one whose place has been given up, changes nothing. */
  push(frame: Frame, now: number): void;
  /** All that need not wait any longer. */
  take(now: number): Placed[];
  /** When to take again at the latest; undefined when nothing waits. */
  next(): number | undefined;
}

/** Remembered, to tell repeated frames without a number. */
const RECENT = 256;

export function createReorder({ windowMs, frameMs, silence = 0xff, from }: Options): Reorder {
  const waiting = new Map<number, { frame: Frame; seen: number }>();
  const unnumbered = inOrderOfArrival();
  const longestLoss = 1000 / frameMs;
  /** The place to be filled next; unknown before the first frame was let through. */
  let place = from;

  const firstSign = () => Math.min(...[...waiting.values()].map(({ seen }) => seen));

  /** The frame in the next place, or the silence for it, if either is due. */
  function placed(now: number): Placed | undefined {
    const present = place === undefined ? undefined : waiting.get(place);
    if (present) return released(present.frame);
    if (waiting.size === 0 || now < firstSign() + windowMs) return undefined;
    const [, { frame: successor }] = [...waiting].reduce((least, one) => (one[0] < least[0] ? one : least));
    if (place === undefined || successor.sequence - place > longestLoss) return released(successor);
    const audio = new Uint8Array(successor.audio.length).fill(silence);
    return { audio, sequence: place++, at: successor.at, concealed: true };
  }

  function released({ audio, sequence, at }: Frame): Placed {
    waiting.delete(sequence);
    place = sequence + 1;
    return { audio, sequence, at, concealed: false };
  }

  return {
    push(frame, seen) {
      if (frame.unnumbered) return unnumbered.push(frame);
      const isLate = place !== undefined && frame.sequence < place;
      if (!isLate && !waiting.has(frame.sequence)) waiting.set(frame.sequence, { frame, seen });
    },

    take(now) {
      const out = unnumbered.take();
      for (let one = placed(now); one; one = placed(now)) out.push(one);
      return out;
    },

    next() {
      if (unnumbered.waits()) return 0;
      if (waiting.size === 0) return undefined;
      const present = place === undefined ? undefined : waiting.get(place);
      return present ? present.seen : firstSign() + windowMs;
    },
  };
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
    waits: () => waiting.length > 0,
  };
}
