/** When the caller has finished: at once where the provider heard the end, later where the words go on. */
import type { Utterance } from './conversation.ts';

/** Patience with words that obviously go on. */
const GOES_ON_MS = 700;
/** After the last word of a final that nothing follows ... */
const TRAILING_MS = 1500;
/** ... but the rest of a burst of late finals is waited for. */
const BURST_MS = 500;
/** After which an interim that never became final counts as it is. */
const STUCK_MS = 3000;

const GOING_ON = new Set(
  (
    'and but or so um uh uhm er because cause if that which who when than then with to for of in on at from about like ' +
    'my your his her our their the a an is are was am be i i’m it’s this these aur lekin ya par toh kyunki और लेकिन या ' +
    'तो क्योंकि मेरा मेरी und oder aber weil y o pero porque et ou mais parce'
  ).split(' '),
);
const DIGIT = /^(?:\d+|zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple)$/;

export const textOf = ({ finals, interim }: Utterance): string =>
  [...finals, interim].filter(part => part !== '').join(' ');

/** When these words count as the caller's turn, epoch ms. */
export function endOfTurn(utterance: Utterance): number {
  const { closed, final_at, interim, last_word_at, updated_at } = utterance;
  if (closed) return updated_at;
  if (final_at !== undefined) return goesOn(textOf(utterance)) ? final_at + GOES_ON_MS : final_at;
  if (interim !== '') return updated_at + STUCK_MS;
  return Math.max(last_word_at + TRAILING_MS, updated_at + BURST_MS);
}

/** Ends as nobody ends who has finished: with a conjunction, a hesitation, a comma, or in the middle of digits. */
export function goesOn(text: string): boolean {
  if (/[?!]$/.test(text)) return false;
  if (/[,;:…–-]$/.test(text)) return true;
  const words = text.toLowerCase().replace(/[.]+$/, '').split(/\s+/);
  return GOING_ON.has(words.at(-1) ?? '') || words.slice(-2).filter(word => DIGIT.test(word)).length === 2;
}
