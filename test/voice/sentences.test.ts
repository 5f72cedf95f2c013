/** Sentences out of tokens: where they end, what a voice does not say, and that chunking does not matter. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSentences } from '../../lambda/voice/sentences.ts';

function split(...tokens: string[]): string[] {
  const sentences = createSentences();
  return [...tokens.flatMap(token => sentences.push(token)), ...sentences.flush()];
}

describe('a sentence', () => {
  test.each([
    ['ends with its mark', 'Hello there. How are you? Fine!', ['Hello there.', 'How are you?', 'Fine!']],
    ['ends without one at the end', 'Hello there', ['Hello there']],
    [
      'keeps abbreviations',
      'Dr. Rao and Mr. Smith, e.g. today. Yes.',
      ['Dr. Rao and Mr. Smith, e.g. today.', 'Yes.'],
    ],
    ['keeps initials', 'J. R. Rao is here. Good.', ['J. R. Rao is here.', 'Good.']],
    ['ends after the word I', 'So do I. Really.', ['So do I.', 'Really.']],
    [
      'keeps decimals and addresses',
      'It is 3.50 at example.com today. Yes.',
      ['It is 3.50 at example.com today.', 'Yes.'],
    ],
    ['keeps times', 'Come at 5 p.m. or later. Yes.', ['Come at 5 p.m. or later.', 'Yes.']],
    ['ends after a closing quote', 'He said "No." Then he left.', ['He said "No."', 'Then he left.']],
    ['ends with an ellipsis', 'Well… Let me see.', ['Well…', 'Let me see.']],
    ['ends with a danda', 'नमस्ते। आप कैसे हैं? ठीक।', ['नमस्ते।', 'आप कैसे हैं?', 'ठीक।']],
    ['ends with the line', 'First line\nSecond line', ['First line', 'Second line']],
    [
      'has no markup',
      '**Hello** *you*, `code` and [a link](https://x.y). # Done',
      ['Hello you, code and a link.', 'Done'],
    ],
    ['has no bullets', '- One thing\n2. Another thing\n* A third', ['One thing', 'Another thing', 'A third']],
    ['keeps a list in one line', '1. One 2. Two 3. Three. Which?', ['1. One 2. Two 3. Three.', 'Which?']],
    [
      'keeps a list after a colon',
      'We have: 1. Tea 2. Milk. The price is 3. Fine?',
      ['We have: 1. Tea 2. Milk.', 'The price is 3.', 'Fine?'],
    ],
    ['ends with a number that counts nothing', 'It is 1. Or 3. Or 4.', ['It is 1.', 'Or 3.', 'Or 4.']],
    [
      'has no emoji',
      'Hi 👋🏽 there! 👨‍👩‍👧 All fine ☎️, press 1️⃣ 🇮🇳 ok 🏴󠁧󠁢󠁥󠁮󠁧󠁿. 🎉',
      ['Hi there!', 'All fine , press 1 ok .'],
    ],
    ['keeps the joiners of a script', 'क्\u200dया हाल है?', ['क्\u200dया हाल है?']],
    [
      'keeps an address whole',
      'See **https://example.com/a__b/~~c?d=1.5&e=f** or _us_. Bye.',
      ['See https://example.com/a__b/~~c?d=1.5&e=f or _us_.', 'Bye.'],
    ],
    ['needs something to say', '--- \n ** \n…', []],
  ])('%s', (_what, text, expected) => {
    expect(split(text)).toEqual(expected);
  });

  test('leaves as soon as it is known to have ended', () => {
    const sentences = createSentences();
    expect(sentences.push('It costs 3.')).toEqual([]);
    expect(sentences.push(' And')).toEqual(['It costs 3.']);
    expect(sentences.flush()).toEqual(['And']);
  });

  test('leaves early at a clause, if it is the first and long', () => {
    const clause = 'If you would like to speak to somebody in our sales department,';
    expect(split(`${clause} press zero. And ${clause} press one.`)).toEqual([
      clause,
      'press zero.',
      `And ${clause} press one.`,
    ]);
  });

  test('without punctuation leaves between two words, the first earlier', () => {
    const endless = 'word '.repeat(200);
    const [first = '', ...later] = split(endless);
    expect(first).toHaveLength(124);
    expect(later.slice(0, -1).map(({ length }) => length)).toEqual([204, 204, 204, 204]);
    expect([first, ...later].join(' ')).toBe(endless.trim());
  });

  test('that pauses early is not cut for having been long before that', () => {
    const words = 'word '.repeat(20);
    expect(split(`Well, ${words}and then: ${words}done.`)).toEqual([
      `Well, ${words}and then:`,
      `${words}done.`,
    ]);
  });

  test('without an end is cut where a voice can take breath', () => {
    const endless = 'one, two three '.repeat(80);
    expect(Math.max(...split(endless).map(({ length }) => length))).toBeLessThan(330);
    expect(split(endless).join(' ')).toBe(endless.trim());
  });

  test('is not cut inside an address', () => {
    const address = `https://example.com/${'long/'.repeat(40)}`;
    expect(split(`It is at ${address} and nowhere else`)).toEqual([
      `It is at ${address}`,
      'and nowhere else',
    ]);
  });
});

const PARTS = [
  'Hello',
  'Dr.',
  '3.5',
  ': ',
  'https://x.y/a__b',
  'p.m.',
  ' **bold** ',
  '\n',
  '- ',
  '…',
  '।',
  '! ',
  '. ',
  ', ',
  ' ',
  '"',
  'I',
  'नमस्ते',
  '👋',
  '—',
];
const textOf = (...parts: string[]) => fc.array(fc.constantFrom(...parts), { maxLength: 60 });

test('any chunking of the text gives the same sentences', () => {
  fc.assert(
    fc.property(textOf(...PARTS, ' 1. ', ' 2. '), fc.array(fc.nat(9)), (parts, cuts) => {
      const text = parts.join('');
      const tokens: string[] = [];
      let at = 0;
      for (const cut of cuts) {
        tokens.push(text.slice(at, at + cut));
        at += cut;
      }
      expect(split(...tokens, text.slice(at))).toEqual(split(text));
    }),
  );
});

test('no word is lost, none is said twice', () => {
  const words = (text: string) => text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  fc.assert(
    fc.property(textOf(...PARTS), parts => {
      expect(words(split(parts.join('')).join(' '))).toEqual(words(parts.join('')));
    }),
  );
});
