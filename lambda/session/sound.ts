/**
 * The caller's audio that no final transcript covers yet, with its place on the time scale of the present connection
 * to the transcriber, which begins anew with each.
 */

export const BYTES_PER_SEC = 8000;
/** More than anybody says without a final transcript coming back. */
const KEPT_SECS = 30;
/** A transcript's end may fall into a frame; what is left of it is no sound of its own. */
const REST_SECS = 0.015;

/** A stretch of the caller's audio. */
export interface Sound {
  /** µ-law. */
  audio: Uint8Array;
  /** Place in the stream, and when it was received. */
  sequence: number;
  at: number;
}

/** `ends`: seconds of the connection; Infinity for what has not been sent on it. */
interface Kept {
  sound: Sound;
  ends: number;
}

export function createTape() {
  let kept: Kept[] = [];
  let marks: { secs: number; at: number }[] = [];
  let secs = 0;

  const place = ({ audio, at }: Sound): number => {
    secs += audio.length / BYTES_PER_SEC;
    marks.push({ secs, at });
    if (marks.length > KEPT_SECS * 100) marks = marks.slice(KEPT_SECS * 50);
    return secs;
  };

  return {
    /** @param isSent on the present connection */
    add(sound: Sound, isSent: boolean): void {
      kept.push({ sound, ends: isSent ? place(sound) : Number.POSITIVE_INFINITY });
      if (kept.length > KEPT_SECS * 100) kept = kept.slice(KEPT_SECS * 50);
    },
    /** A new connection. @returns what is to be sent on it first */
    rewind(): Sound[] {
      marks = [];
      secs = 0;
      kept = kept.map(({ sound }) => ({ sound, ends: place(sound) }));
      return kept.map(({ sound }) => sound);
    },
    /** A final transcript covers everything up to here. */
    covered(until: number): void {
      kept = kept.filter(({ ends }) => ends > until + REST_SECS);
    },
    /** When that moment of the connection was received, epoch ms. */
    at(moment: number): number {
      const mark = marks.find(one => one.secs >= moment) ?? marks.at(-1);
      return mark ? Math.round(mark.at - Math.max(0, mark.secs - moment) * 1000) : 0;
    },
    /** Sequence of the first sound that is not covered. */
    first: (): number | undefined => kept[0]?.sound.sequence,
  };
}
