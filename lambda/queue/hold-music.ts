/**
 * The built-in hold music: a quiet arpeggio over four chords, synthesised here and therefore free of rights, of
 * exactly the length asked for, so that a hold cycle has neither a gap nor a cut note (it fades at both ends).
 */
import { RATE, wavFile } from './wav.ts';

const NOTE_SECS = 0.5;
const FADE_SECS = 0.4;
/** Peak of one note; two sound together, well below the carrier's announcements. */
const LEVEL = 5200;

/** Semitones above A3: A minor, F, C, G, each as a rising and falling figure. */
const CHORDS = [
  [0, 3, 7, 12, 15, 12, 7, 3],
  [-4, 0, 3, 8, 12, 8, 3, 0],
  [-9, -5, -2, 3, 7, 3, -2, -5],
  [-2, 2, 5, 10, 14, 10, 5, 2],
];
const MELODY = CHORDS.flat();

/** A µ-law WAV file, 8 kHz mono, of `secs` seconds to the sample. */
export const holdMusic = (secs: number): Uint8Array => wavFile(samples(secs));

function samples(secs: number): Int16Array {
  const length = Math.round(secs * RATE);
  tune ??= playOnce();
  const piece = new Int16Array(length);
  for (let at = 0; at < length; at++)
    piece[at] = Math.round((tune[at % tune.length] ?? 0) * fade(at / RATE, secs));
  return piece;
}

/** The melody from beginning to end, made at the first call; it joins its own beginning. */
let tune: Float32Array | undefined;

function playOnce(): Float32Array {
  const melody = new Float32Array(MELODY.length * NOTE_SECS * RATE);
  for (let at = 0; at < melody.length; at++) {
    const time = at / RATE;
    const step = Math.floor(time / NOTE_SECS);
    const age = time - step * NOTE_SECS;
    melody[at] = LEVEL * (note(step, age) + note(step - 1 + MELODY.length, age + NOTE_SECS));
  }
  return melody;
}

/** A struck note dies away over two steps, so neighbours overlap. */
function note(step: number, age: number): number {
  const pitch = 220 * 2 ** ((MELODY[step % MELODY.length] ?? 0) / 12);
  const attack = Math.min(1, age / 0.02);
  const decay = Math.exp(-3.2 * age) * (1 - age / (2 * NOTE_SECS));
  const phase = 2 * Math.PI * pitch * age;
  return attack * decay * (Math.sin(phase) + 0.3 * Math.sin(2 * phase) + 0.1 * Math.sin(3 * phase));
}

const fade = (time: number, secs: number) => Math.min(1, time / FADE_SECS, (secs - time) / FADE_SECS);
