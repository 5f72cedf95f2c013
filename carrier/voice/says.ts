/**
 * What somebody on the line says, in order, each step when its moment comes: after words they have heard, when the
 * other side has finished, or right into what it is saying. Text becomes the tones that the doubles understand.
 */
import { readFileSync } from 'node:fs';
import type { Call } from '../call.ts';
import { draw, type Range } from '../random.ts';
import { readWav } from './wav.ts';

export interface Say {
  /** What is said: text, or a WAV file (16-bit or µ-law, mono, 8 or 16 kHz). Neither: nothing. */
  text?: string;
  wav?: string;
  /** Hangs up after that. */
  hangsUp?: boolean;
  /** When: these words were heard on the stream since the step before, in any case. */
  hearing?: string;
  /** When: the other side has spoken since the step before, and been silent for so many seconds. */
  quiet?: number;
  /** When: so many seconds of the other side have been heard since the step before: an interruption. */
  interrupts?: number;
  /** And then so many seconds more. Without any of these: when the other side has been silent for half a second. */
  after?: Range;
}

const MANNERLY_SECS = 0.5;
/** Shorter than this a silence is a pause in speech. */
const PAUSE_MS = 100;

export async function sayAll(says: Say[], call: Call): Promise<void> {
  for (const say of says) {
    await momentOf(say, call);
    await call.clock.sleep(draw(say.after ?? 0, call.pace.random) * 1000, call.line);
    if (say.text !== undefined) await call.say(say.text);
    if (say.wav !== undefined) await call.sayAloud(readWav(readFileSync(say.wav)), say.wav);
    if (say.hangsUp) call.callerHangsUp();
  }
}

async function momentOf(say: Say, call: Call): Promise<void> {
  const { ear, line } = call;
  const { soundMs, characters } = ear;
  const from = characters.length;
  const words = say.hearing?.toLowerCase();
  if (words !== undefined) await ear.until(() => ear.text(from).includes(words), line);
  if (say.interrupts !== undefined) {
    const ms = say.interrupts * 1000;
    await ear.until(() => ear.soundMs > soundMs && ear.soundMs - soundMs >= ms, line);
  }
  const named = [say.hearing, say.interrupts, say.after].some(moment => moment !== undefined);
  const quiet = say.quiet ?? (named ? undefined : MANNERLY_SECS);
  if (quiet !== undefined) await otherSideIsDone(quiet * 1000, call, words !== undefined);
}

/** Waits for its answer, not for the rest of what it was saying when it was interrupted. */
async function otherSideIsDone(quietMs: number, { ear, line }: Call, hasSpoken: boolean): Promise<void> {
  const silentMs = () => ear.now - (ear.lastSoundAt ?? Number.NEGATIVE_INFINITY);
  if (!hasSpoken) await ear.until(() => silentMs() >= PAUSE_MS, line);
  const { soundMs } = ear;
  await ear.until(() => (hasSpoken || ear.soundMs > soundMs) && silentMs() >= quietMs, line);
}
