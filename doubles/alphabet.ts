/**
 * The 64 characters that the doubles' speech is made of, each a pair of simultaneous tones: one of eight below, one
 * of eight above, all in the telephone band and far enough apart to be told in 10 ms.
 */
const CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789 .,?!\'"-:;()/&%$#@+=*_<>[]|~';

export const LOW_TONES = Array.from({ length: 8 }, (_, index) => 450 + 125 * index);
export const HIGH_TONES = Array.from({ length: 8 }, (_, index) => 1700 + 125 * index);

/** A burst and the silence after it. */
export const TONE_MS = 30;
export const GAP_MS = 10;
export const CHARACTER_MS = TONE_MS + GAP_MS;

const ALIKE: Record<string, string> = {
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '.',
};

/** What is left of a text once it is spoken in tones: lower case, no accents, `?` for what has no tone. */
export const spoken = (text: string): string =>
  [...text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()].map(nearest).join('');

/** Indexes into the two rows of tones. @param character one of `spoken` */
export function pairOf(character: string): [low: number, high: number] {
  const index = CHARACTERS.indexOf(character);
  return [index >> 3, index & 7];
}

export const characterOf = (low: number, high: number): string => CHARACTERS[low * 8 + high] ?? '?';

function nearest(character: string): string {
  if (/\s/.test(character)) return ' ';
  const known = ALIKE[character] ?? character;
  return CHARACTERS.includes(known) ? known : '?';
}
