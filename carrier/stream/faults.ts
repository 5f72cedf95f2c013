/**
 * What goes wrong with a stream on purpose. Frames are lost, doubled, held back or late by the call's own chance, so
 * that a seed repeats it. A socket keeps its order; late and swapped frames stand for what a gateway that starts one
 * invocation for each frame makes of them.
 */
import type { SoundFormat } from './sound.ts';

export interface StreamFaults {
  /** Each frame leaves up to so many milliseconds late, and so may be overtaken by the next. */
  jitterMs?: number;
  /** Shares of frames, 0 to 1: never sent, sent twice, sent after the next one. */
  loss?: number;
  duplicates?: number;
  swaps?: number;
  /** So many frames of media before `start`. */
  mediaBeforeStart?: number;
  /** The socket is lost so many milliseconds after it opened: of the first connection, of the second ... */
  dropsAfterMs?: number[];
  /** `clearAudio` changes nothing and is not acknowledged. */
  ignoresClear?: boolean;
  /** No `playedStream` is ever sent. */
  forgetsPlayed?: boolean;
  /** The frames of both tracks are numbered in one row, instead of each by itself. */
  numbersTogether?: boolean;
  /** `start` names this call instead. */
  startsAs?: string;
  /** What `start` announces and media carries, whatever the document asked for. */
  format?: SoundFormat;
}

/** What happens to the frames of one connection: for each, what leaves now, and how late. */
export function spoil(faults: StreamFaults, random: () => number) {
  const { loss = 0, duplicates = 0, swaps = 0, jitterMs = 0 } = faults;
  let held: string | undefined;
  return (frame: string): { text: string; lateMs: number }[] => {
    const lateMs = () => (jitterMs > 0 ? random() * jitterMs : 0);
    if (loss > 0 && random() < loss) return [];
    if (swaps > 0 && held === undefined && random() < swaps) {
      held = frame;
      return [];
    }
    const frames = duplicates > 0 && random() < duplicates ? [frame, frame] : [frame];
    if (held !== undefined) frames.push(held);
    held = undefined;
    return frames.map(text => ({ text, lateMs: lateMs() }));
  };
}
