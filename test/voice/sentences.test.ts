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

  test('without an end is cut where a voice can take breath', () => {
    const endless = 'word '.repeat(200);
    expect(Math.max(...split(endless).map(({ length }) => length))).toBeLessThan(330);
    expect(split(endless).join(' ')).toBe(endless.trim());
  });
});

const TEXT = fc.array(
  fc.constantFrom(
    'Hello',
    'Dr.',
    '3.5',
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
  ),
  { maxLength: 60 },
);

test('any chunking of the text gives the same sentences', () => {
  fc.assert(
    fc.property(TEXT, fc.array(fc.nat(9)), (parts, cuts) => {
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
    fc.property(TEXT, parts => {
      expect(words(split(parts.join('')).join(' '))).toEqual(words(parts.join('')));
    }),
  );
});
