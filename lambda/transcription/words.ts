/**
 * What was said as words that can be compared: case, punctuation and the way an apostrophe is written make no
 * difference. Scripts without spaces are compared letter by letter. A number is one word, whether or not its thousands
 * are set apart by commas. No language has rules of its own.
 */
const UNSPACED =
  '[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}]';
const WITHIN_NUMBER = '(?<=\\p{N})[.,](?=\\p{N})';
const WORD = new RegExp(`${UNSPACED}\\p{M}*|(?:(?!${UNSPACED})[\\p{L}\\p{M}\\p{N}]|${WITHIN_NUMBER})+`, 'gu');
/** In twos as well: 5,00,000. */
const GROUPED = /(?<!\p{N}[.,]?)\p{N}{1,3}(?:,\p{N}{2,3})*,\p{N}{3}(?!,?\p{N})/gu;
/** Apostrophes, and joiners that nobody sees. */
const WITHIN_WORD = /['\u2018\u2019\u02bc`\u00b4\p{Cf}]/gu;

/** `Don't cancel!` is `dont`, `cancel`. */
export const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(WITHIN_WORD, '')
    .replace(GROUPED, number => number.replaceAll(',', ''))
    .match(WORD) ?? [];

/** Where a phrase first ends in `words`, as the index after it; undefined where it is not, or has no words. */
export function endOf(phrase: readonly string[], words: readonly string[]): number | undefined {
  if (phrase.length === 0) return undefined;
  const at = words.findIndex((_, from) => phrase.every((word, index) => words[from + index] === word));
  return at < 0 ? undefined : at + phrase.length;
}
