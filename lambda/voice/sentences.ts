/**
 * Splits a reply into sentences while it is still being written. What is decided at a character depends only on the
 * characters up to it, so any chunking of the text gives the same sentences; none is held back once it is known to
 * have ended. What a voice would read out wrongly (markup, bullets, emoji) is taken away.
 */

/**
 * Where a sentence without an end is cut, in letters: at the end of a clause, or between two words if there has been
 * no punctuation for so long. The first words leave earlier, since the caller waits for them.
 */
const FIRST = { clause: 60, words: 120 };
const LATER = { clause: 220, words: 200 };
const LONGEST = 320;

const EMOJI =
  /(?:\p{Extended_Pictographic}|\p{RI})(?:\p{EMod}|\u{fe0f}|\u{200d}|[\u{e0020}-\u{e007f}])*|\u{fe0f}?\u{20e3}/gu;
/** An address is left as it is. */
const MARKUP = /(https?:\/\/[^\s*`]+)|\*+|`+|__+|~~/g;

const ABBREVIATIONS = new Set(
  'mr mrs ms dr prof rev st vs e.g i.e etc approx dept inc ltd jr sr p.m a.m u.s u.k z.b d.h bzw'.split(' '),
);

export interface Sentences {
  /** The sentences that this token completes. */
  push(token: string): string[];
  /** The rest; ready for the next text. */
  flush(): string[];
}

export function createSentences(): Sentences {
  let text = '';
  let spoken = false;

  const take = (): string[] => {
    const sentence = speakable(text);
    text = '';
    if (sentence === '') return [];
    spoken = true;
    return [sentence];
  };

  const add = (char: string): string[] => {
    if (/\s/.test(char) && (char === '\n' || endsSentence(text) || endsPiece(text, spoken))) return take();
    text += char;
    return /[。！？।॥]/.test(char) ? take() : [];
  };

  return {
    push: token => [...token].flatMap(add),
    flush: () => {
      const rest = take();
      spoken = false;
      return rest;
    },
  };
}

/** A text before a space: is it a whole sentence? */
function endsSentence(text: string): boolean {
  const end = /(\S*?)([.!?…]+)["'”’)\]*_]*$/.exec(text);
  if (!end) return false;
  const [, word = '', mark] = end;
  return mark !== '.' || !(isAbbreviation(word) || isNumbering(text));
}

function isAbbreviation(word: string): boolean {
  const bare = word.replace(/^[("'“‘[*_]+/, '');
  return ABBREVIATIONS.has(bare.toLowerCase()) || /^\p{Lu}$/u.test(bare.replace(/^I$/, ''));
}

/** `1.` at the beginning or after a colon, and what counts on from there. */
function isNumbering(text: string): boolean {
  const [end, number = ''] = /(?:^|\s)(\d{1,2})\.$/.exec(text) ?? [];
  if (end === undefined) return false;
  const before = text.slice(0, -end.length).trim();
  const countsOn = new RegExp(`(?:^|\\s)${Number(number) - 1}\\.\\s`).test(before);
  return before === '' || countsOn || (number === '1' && /[:;,]$/.test(before));
}

function endsPiece(text: string, spoken: boolean): boolean {
  const { clause, words } = spoken ? LATER : FIRST;
  if (isNumbering(text)) return false;
  if (text.length >= clause && /[,;:—–-]$/.test(text)) return true;
  const [unbroken = ''] = /[^,;:.!?…—–]*$/.exec(text) ?? [];
  return unbroken.length >= words || text.length >= LONGEST;
}

/** Empty if nothing in it can be said. */
function speakable(text: string): string {
  const plain = text
    .replace(/^\s*(?:[-*•+>]|#{1,6}|\d{1,2}[.)](?!.*\s\d{1,2}[.)]\s))\s+/, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(MARKUP, '$1')
    .replace(EMOJI, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return /[\p{L}\p{N}]/u.test(plain) ? plain : '';
}
