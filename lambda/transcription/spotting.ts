/**
 * Looks for phrases in what one side says. A phrase counts once in an utterance, which ends with a second of silence,
 * and may begin in one final transcript and end in the next. In a transcript that may still change it counts as soon
 * as another word follows it: the last word may yet become a longer one. Times are those of the words, so a stretch
 * that is transcribed again after a crash is the same utterance, and nothing is found in it twice.
 */
import { endOf, wordsOf } from './words.ts';

/** One transcript of one side; times in epoch ms, of the words. */
export interface Words {
  text: string;
  /** It will not change, and covers what no earlier final one did. */
  final: boolean;
  began_at: number;
  ended_at: number;
}

/** As of one side. */
export interface Spotting {
  /** End of the latest words. */
  ended_at: number;
  /** The last final words of the utterance, as many as a phrase may have begun in. */
  tail: string[];
  /** Which phrases have been found in the utterance. */
  found: number[];
}

export const NOTHING_HEARD: Spotting = { ended_at: 0, tail: [], found: [] };

const PAUSE_MS = 1000;

/** @param phrases each as `wordsOf` gives it @returns the phrases found for the first time, by index */
export function spot(
  before: Spotting,
  { text, final, began_at, ended_at }: Words,
  phrases: readonly (readonly string[])[],
): { after: Spotting; hits: number[] } {
  const isSame = began_at - before.ended_at <= PAUSE_MS;
  const { tail, found } = isSame ? before : NOTHING_HEARD;
  const words = [...tail, ...wordsOf(text)];
  const isSure = (end: number) => final || end < words.length;
  const hits = phrases.flatMap((phrase, index) => {
    const end = found.includes(index) ? undefined : endOf(phrase, words);
    return end !== undefined && isSure(end) ? [index] : [];
  });
  const longest = Math.max(1, ...phrases.map(phrase => phrase.length));
  return {
    after: {
      ended_at: Math.max(before.ended_at, ended_at),
      tail: final ? words.slice(Math.max(0, words.length - longest + 1)) : tail,
      found: [...found, ...hits],
    },
    hits,
  };
}
