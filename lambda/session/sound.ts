/** The caller's audio as it came, and when: what turns a transcriber's seconds into moments of the call. */

export const BYTES_PER_SEC = 8000;
/** More than anybody says without a final transcript coming back. */
export const KEPT_SECS = 30;

/** A stretch of the caller's audio. */
export interface Sound {
  /** µ-law. */
  audio: Uint8Array;
  /** Place in the stream, and when it was received. */
  sequence: number;
  at: number;
}

/** Translates seconds of one transcriber's stream to the moments when that audio was received. */
export function streamClock() {
  const marks: { secs: number; at: number }[] = [];
  let secs = 0;
  return {
    add({ audio, at }: Sound) {
      secs += audio.length / BYTES_PER_SEC;
      marks.push({ secs, at });
      if (marks.length > KEPT_SECS * 100) marks.splice(0, KEPT_SECS * 50);
    },
    at(moment: number): number {
      const mark = marks.find(one => one.secs >= moment) ?? marks.at(-1);
      return mark ? Math.round(mark.at - Math.max(0, mark.secs - moment) * 1000) : 0;
    },
  };
}
