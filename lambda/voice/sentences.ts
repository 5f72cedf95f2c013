/**
 * Splits a reply into sentences while it is still being written. What is decided at a character depends only on the
 * characters up to it, so any chunking of the text gives the same sentences; none is held back once it is known to
 * have ended. What a voice would read out wrongly (markup, bullets) is taken away.
 */

/** The first words leave early, at the end of a clause, if the first sentence is long. */
const FIRST_CLAUSE = 60;
/** Where a sentence without an end is cut: at a clause, at the latest at a space. */
const LONG_CLAUSE = 220;
const LONGEST = 320;

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

/** `1.` at the beginning of a line. */
const isNumbering = (text: string) => /^\s*\d{1,2}\.$/.test(text);

function endsPiece(text: string, spoken: boolean): boolean {
  if (text.length >= LONGEST) return true;
  return text.length >= (spoken ? LONG_CLAUSE : FIRST_CLAUSE) && /[,;:—–-]$/.test(text);
}

/** Empty if nothing in it can be said. */
function speakable(text: string): string {
  const plain = text
    .replace(/^\s*(?:[-*•+>]|#{1,6}|\d{1,2}[.)])\s+/, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\*+|`+|__+|~~/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return /[\p{L}\p{N}]/u.test(plain) ? plain : '';
}
