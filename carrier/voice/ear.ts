/**
 * The ear of whoever is on the line: everything that a stream really played to them, decoded as it goes. It hears the
 * doubles' speech as text; any other voice it hears only as sound. Times are carrier milliseconds since the call began.
 */
import { createToneDecoder, type ToneDecoder } from '../../doubles/tones.ts';
import { FRAME_MS, RATE } from '../stream/sound.ts';

export interface Heard {
  char: string;
  at: number;
  ms: number;
}

/** Louder than the noise of a line. */
const AUDIBLE = 256;
/** A pause that ends a word, and that is written as a space. */
const PAUSE_MS = 200;
/** A shorter silence does not part one sound from the next. */
const APART_MS = 100;
/** How far off the decoder may be. */
const INEXACT_MS = 5;

export class Ear {
  readonly characters: Heard[] = [];
  /** How much was audible so far. */
  soundMs = 0;
  /** From when until when something was audible. */
  readonly sounds: { from: number; to: number }[] = [];
  /** How far the ear has listened. */
  now = 0;
  #decoder: ToneDecoder = createToneDecoder(RATE);
  #since = 0;
  #word: Heard[] = [];
  /** What sounds from here on belongs to no earlier word. */
  #cutAt = 0;
  readonly #waiting = new Set<() => void>();
  readonly #onWord: (word: string, from: number) => void;

  constructor(onWord: (word: string, from: number) => void) {
    this.#onWord = onWord;
  }

  /** A stream begins to play at this moment. */
  begin(at: number): void {
    this.#decoder = createToneDecoder(RATE);
    this.#since = at;
    this.now = at;
  }

  /** One frame, which sounds from where the last one ended. */
  hear(pcm: Int16Array): void {
    if (pcm.some(sample => sample > AUDIBLE || sample < -AUDIBLE)) this.#sound(this.now);
    this.now += FRAME_MS;
    this.#take(this.#decoder.push(pcm));
    const last = this.#word.at(-1);
    if (last && this.now - endOf(last) > PAUSE_MS) this.#endWord();
    for (const look of [...this.#waiting]) look();
  }

  /** What was being played is broken off. */
  cut(): void {
    this.#cutAt = this.now - INEXACT_MS;
  }

  /** For how long nothing has been audible. */
  get silentMs(): number {
    return this.now - (this.sounds.at(-1)?.to ?? Number.NEGATIVE_INFINITY);
  }

  /** The stream is over. */
  end(): void {
    this.#take(this.#decoder.flush());
    this.#endWord();
  }

  /** What was heard, from the given character on. A pause between words is a space. */
  text(from = 0): string {
    return this.characters
      .slice(from)
      .map((heard, index, all) => (isPause(all[index - 1], heard) ? ` ${heard.char}` : heard.char))
      .join('');
  }

  /** Resolves when `condition` holds, looked at after every frame; rejects with the reason of `signal`. */
  until(condition: () => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const cancel = () => {
        this.#waiting.delete(look);
        reject(signal.reason);
      };
      const look = () => {
        if (!condition()) return;
        this.#waiting.delete(look);
        signal.removeEventListener('abort', cancel);
        resolve();
      };
      signal.addEventListener('abort', cancel, { once: true });
      this.#waiting.add(look);
      look();
    });
  }

  #sound(at: number): void {
    this.soundMs += FRAME_MS;
    const last = this.sounds.at(-1);
    if (last && at - last.to < APART_MS) last.to = at + FRAME_MS;
    else this.sounds.push({ from: at, to: at + FRAME_MS });
  }

  #take(found: { char: string; at_ms: number; ms: number }[]): void {
    for (const { char, at_ms, ms } of found) {
      const heard = { char, at: Math.round(this.#since + at_ms), ms };
      this.characters.push(heard);
      const before = this.#word.at(-1);
      const isCut = before !== undefined && before.at < this.#cutAt && heard.at >= this.#cutAt;
      if (char === ' ' || isCut || isPause(before, heard) || isNewSentence(before, heard)) this.#endWord();
      if (char !== ' ') this.#word.push(heard);
    }
  }

  #endWord(): void {
    const [first] = this.#word;
    if (first) this.#onWord(this.#word.map(({ char }) => char).join(''), first.at);
    this.#word = [];
  }
}

const endOf = ({ at, ms }: Heard) => at + ms;

/** Sentences that a stream plays right after each other have no space between them. */
const isNewSentence = (before: Heard | undefined, after: Heard) =>
  before !== undefined && /[.?!]/.test(before.char) && /[a-z]/.test(after.char);

const isPause = (before: Heard | undefined, after: Heard) =>
  before !== undefined && before.char !== ' ' && after.char !== ' ' && after.at - endOf(before) > PAUSE_MS;
