/** Both sides of a call as its streams carried them, on one time axis; silence where there was no stream. */
import { RATE } from '../stream/sound.ts';
import { stereoWav } from './wav.ts';

interface Frame {
  at: number;
  caller: Int16Array;
  heard: Int16Array;
}

export class Tape {
  readonly #frames: Frame[] = [];

  /** @param at carrier ms since the call began */
  add(at: number, caller: Int16Array, heard: Int16Array): void {
    this.#frames.push({ at, caller, heard });
  }

  /** Stereo: the caller on the left, what they heard on the right; from the first frame on. */
  wav(): Buffer {
    const from = this.#frames[0]?.at ?? 0;
    const place = (at: number) => Math.round(((at - from) * RATE) / 1000);
    const last = this.#frames.at(-1);
    const samples = last ? place(last.at) + last.heard.length : 0;
    const [left, right] = [new Int16Array(samples), new Int16Array(samples)];
    for (const { at, caller, heard } of this.#frames) {
      left.set(caller, place(at));
      right.set(heard, place(at));
    }
    return stereoWav(left, right);
  }
}
