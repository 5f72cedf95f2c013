/**
 * Speech of the doubles: text as bursts of two tones, 25 characters a second, so that a test can state what was
 * heard and when. The decoder needs no clock and no beginning: every window of 10 ms is judged by itself, and a
 * character is a row of windows that hold the same two tones and little else; so it survives G.711, resampling,
 * any framing and any level of speech, and a lost frame costs the characters it hits, never those after it.
 */
import { CHARACTER_MS, characterOf, HIGH_TONES, LOW_TONES, pairOf, spoken, TONE_MS } from './alphabet.ts';

/** Of each of the two: together -12 dBFS. */
const AMPLITUDE = 0.25 * 32767;
const RAMP_MS = 3;
const WINDOW_MS = 10;
const HOP_MS = 2.5;
/** Share of a window that must be filled by tones. */
const PURE = 0.7;
/** A burst has lasted this long, its ramp included, when the first window is that pure. */
const SEEN_AFTER_MS = 9.4;
/** Share of the weaker of the two tones. */
const BALANCED = 0.12;
/** Below -45 dBFS there is only noise. */
const QUIET = (32767 * 10 ** (-45 / 20)) ** 2;
const SHORTEST_RUN = 3;
/** A window may be spoilt in the middle of a burst; the gap between two of them spoils more. */
const SPOILT_AT_MOST = 1;

export interface HeardCharacter {
  char: string;
  /** Begin of the burst in milliseconds of the stream, to about 2 ms. */
  at_ms: number;
  /** Length of the burst. */
  ms: number;
}

export interface ToneDecoder {
  /** Signed 16-bit samples, in pieces of any length; a character is given back once its burst is over. */
  push(samples: Int16Array): HeardCharacter[];
  /** The stream is over: a burst that it ended in. */
  flush(): HeardCharacter[];
}

/** 40 ms a character, at -12 dBFS, of `spoken(text)`. */
export function encodeTones(text: string, { rate }: { rate: number }): Int16Array {
  const characters = [...spoken(text)];
  const period = (rate * CHARACTER_MS) / 1000;
  const samples = new Int16Array(Math.round(period * characters.length));
  for (const [index, character] of characters.entries()) {
    burst(character, rate, samples.subarray(Math.round(index * period)));
  }
  return samples;
}

function burst(character: string, rate: number, into: Int16Array): void {
  const [low, high] = pairOf(character);
  const length = Math.round((rate * TONE_MS) / 1000);
  const ramp = (rate * RAMP_MS) / 1000;
  const radians = (frequency = 0) => (2 * Math.PI * frequency) / rate;
  for (let at = 0; at < length; at++) {
    const edge = Math.min(1, (at + 0.5) / ramp, (length - at - 0.5) / ramp);
    const gain = AMPLITUDE * Math.sin((edge * Math.PI) / 2) ** 2;
    into[at] = Math.round(
      gain * (Math.sin(radians(LOW_TONES[low]) * at) + Math.sin(radians(HIGH_TONES[high]) * at)),
    );
  }
}

export function createToneDecoder(rate: number): ToneDecoder {
  const hop = Math.round((rate * HOP_MS) / 1000);
  const listen = listener(rate);
  const runs = createRuns((hop * 1000) / rate);
  let window = new Int16Array(Math.round((rate * WINDOW_MS) / 1000));
  const pending = new Int16Array(hop);
  let filled = 0;

  function advance(): HeardCharacter[] {
    const next = new Int16Array(window.length);
    next.set(window.subarray(hop));
    next.set(pending, window.length - hop);
    window = next;
    filled = 0;
    return runs.push(listen(window));
  }

  return {
    push(samples) {
      const heard: HeardCharacter[] = [];
      for (const sample of samples) {
        pending[filled++] = sample;
        if (filled === hop) heard.push(...advance());
      }
      return heard;
    },
    flush: () => runs.flush(),
  };
}

/** Groups windows into characters; times follow from how many windows there were. */
function createRuns(hopMs: number) {
  let count = 0;
  let run: { char: string; first: number; last: number; windows: number } | undefined;

  function finish(): HeardCharacter[] {
    const done = run;
    run = undefined;
    if (!done || done.windows < SHORTEST_RUN) return [];
    const begin = done.first * hopMs - SEEN_AFTER_MS;
    const end = done.last * hopMs - WINDOW_MS + SEEN_AFTER_MS;
    return [{ char: done.char, at_ms: Math.max(0, begin), ms: end - begin }];
  }

  return {
    push(char: string | undefined): HeardCharacter[] {
      count++;
      if (run && char === run.char) {
        run.last = count;
        run.windows++;
        return [];
      }
      if (run && run.windows >= SHORTEST_RUN && count - run.last <= SPOILT_AT_MOST) return [];
      const heard = finish();
      if (char) run = { char, first: count, last: count, windows: 1 };
      return heard;
    },
    flush: finish,
  };
}

/** Tells the character whose two tones fill a window, if there is one. */
function listener(rate: number): (window: Int16Array) => string | undefined {
  const lows = LOW_TONES.map(frequency => goertzel(frequency, rate));
  const highs = HIGH_TONES.map(frequency => goertzel(frequency, rate));
  return window => {
    let energy = 0;
    for (const sample of window) energy += sample * sample;
    energy /= window.length;
    if (energy < QUIET) return undefined;
    const low = strongest(lows, window);
    const high = strongest(highs, window);
    if (low.power + high.power < PURE * energy) return undefined;
    if (Math.min(low.power, high.power) < BALANCED * energy) return undefined;
    return characterOf(low.index, high.index);
  };
}

type Filter = (window: Int16Array) => number;

function strongest(filters: Filter[], window: Int16Array): { index: number; power: number } {
  let best = { index: 0, power: 0 };
  for (const [index, filter] of filters.entries()) {
    const power = filter(window);
    if (power > best.power) best = { index, power };
  }
  return best;
}

/** Mean power of one frequency in a window. */
function goertzel(frequency: number, rate: number): Filter {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequency) / rate);
  return window => {
    let one = 0;
    let two = 0;
    for (const sample of window) {
      const next = sample + coefficient * one - two;
      two = one;
      one = next;
    }
    const power = one * one + two * two - coefficient * one * two;
    return (2 * power) / window.length ** 2;
  };
}
