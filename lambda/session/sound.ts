/**
 * The caller's audio that no final transcript covers yet, with its place on the time scale of the present connection
 * to the transcriber, which begins anew with each.
 */

export const BYTES_PER_SEC = 8000;
/** More than anybody says without a final transcript coming back. */
const KEPT_SECS = 30;
/** A transcript's end may fall into a frame; what is left of it is no sound of its own. */
const REST_SECS = 0.015;
/** The sequence of what came on a stream before the present one. */
const OLDER = -1;

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

export type Tape = ReturnType<typeof createTape>;

export function createTape() {
  let kept: Kept[] = [];
  let marks: { secs: number; at: number }[] = [];
  let secs = 0;
  let bytes = 0;
  let last: number | undefined;

  const place = ({ audio, at }: Sound): number => {
    secs += audio.length / BYTES_PER_SEC;
    marks.push({ secs, at });
    if (marks.length > KEPT_SECS * 100) marks = marks.slice(KEPT_SECS * 50);
    return secs;
  };

  return {
    /** @param isSent on the present connection */
    add(sound: Sound, isSent: boolean): void {
      last = sound.sequence;
      kept.push({ sound, ends: isSent ? place(sound) : Number.POSITIVE_INFINITY });
      bytes += sound.audio.length;
      while (bytes > KEPT_SECS * BYTES_PER_SEC) bytes -= kept.shift()?.sound.audio.length ?? bytes;
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
      bytes = kept.reduce((sum, { sound }) => sum + sound.audio.length, 0);
    },
    /** When that moment of the connection was received, epoch ms. */
    at(moment: number): number {
      const mark = marks.find(one => one.secs >= moment) ?? marks.at(-1);
      return mark ? Math.round(mark.at - Math.max(0, mark.secs - moment) * 1000) : 0;
    },
    /** From here on sounds are of another stream, with numbers of its own. */
    newStream(): void {
      last = undefined;
      kept = kept.map(({ sound, ends }) => ({ sound: { ...sound, sequence: OLDER }, ends }));
    },
    /** The sequence of the present stream up to which everything is covered; undefined before its first sound. */
    coveredUntil(): number | undefined {
      const open = kept.find(({ sound }) => sound.sequence !== OLDER);
      return open ? open.sound.sequence - 1 : last;
    },
  };
}
