/** Words of heard characters, in Deepgram's shape; times in seconds. */
import type { HeardCharacter } from './tones.ts';

export interface Word {
  word: string;
  start: number;
  end: number;
  confidence: number;
  punctuated_word: string;
}

/** After this much silence a word is over, space or not. */
export const WORD_GAP_MS = 100;

export function wordsOf(characters: HeardCharacter[]): Word[] {
  const groups: HeardCharacter[][] = [[]];
  let end = 0;
  for (const character of characters) {
    const apart = character.char === ' ' || character.at_ms - end >= WORD_GAP_MS;
    if (apart) groups.push([]);
    if (character.char !== ' ') groups.at(-1)?.push(character);
    end = character.at_ms + character.ms;
  }
  return groups.flatMap(wordOf);
}

function wordOf(group: HeardCharacter[]): Word[] {
  const [first, last] = [group[0], group.at(-1)];
  if (!first || !last) return [];
  const text = group.map(one => one.char).join('');
  return [
    {
      word: text.replace(/[.,?!;:"()]+/g, '') || text,
      start: Math.round(first.at_ms) / 1000,
      end: Math.round(last.at_ms + last.ms) / 1000,
      confidence: 0.99,
      punctuated_word: text,
    },
  ];
}
