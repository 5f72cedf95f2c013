/** Phrases are found as people mean them: whole, in any case, once, and wherever the transcriber happens to pause. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOTHING_HEARD, type Spotting, spot, type Words } from '../../lambda/transcription/spotting.ts';
import { wordsOf } from '../../lambda/transcription/words.ts';

const final = (text: string, began_at = 1000, ended_at = began_at + 500): Words => ({
  text,
  final: true,
  began_at,
  ended_at,
});
const interim = (text: string, began_at = 1000, ended_at = began_at + 500): Words => ({
  ...final(text, began_at, ended_at),
  final: false,
});

/** The hits of each of several transcripts in turn. */
function inTurn(phrases: string[], ...heard: Words[]): number[][] {
  let spotting: Spotting = NOTHING_HEARD;
  return heard.map(words => {
    const { after, hits } = spot(spotting, words, phrases.map(wordsOf));
    spotting = after;
    return hits;
  });
}

describe('a phrase', () => {
  it.each([
    ['cancel my account', 'I want to CANCEL my account!', true],
    ['cancel my account', 'cancel, my... account', true],
    ['Cancel', 'cancelled', false],
    ['cancel', 'I can sell it', false],
    ["don't call", 'Don\u2019t call me', true],
    ['dont call', "Don't call me", true],
    ['रद्द करें', 'मेरा खाता रद्द करें।', true],
    ['取消', '我要取消我的订单', true],
    ['取消', '我要消取', false],
    ['résumé', 'my RE\u0301SUME\u0301', true],
    ['...', 'cancel ...', false],
    ['a a b', 'a a a b', true],
    ['می\u200cخواهم', 'میخواهم', true],
    ['resume', 'my résumé', false],
    ['email', 'my e-mail', false],
    ['취소', '취소해 주세요', false],
    ['iptal', 'İptal', false],
    ['c++', 'a c in it', true],
    ['500', 'I lost 500,000.', false],
    ['500', 'I lost 500, 000 of it', true],
    ['$500', 'I lost 500.', true],
    ['500000', 'I lost 500,000.50', false],
    ['500000', 'I lost 500,000, or 5', true],
    ['500,000', 'I lost 5,00,000', true],
    ['1,234,567', '1234567', true],
    ['3', 'version 3.5', false],
    ['3.5', 'version 3.5.', true],
    ['12', 'on 12,13 and 14', false],
  ])('%j in %j: %s', (phrase, said, isThere) => {
    expect(inTurn([phrase], final(said))).toEqual([isThere ? [0] : []]);
  });

  it('spoken across two final transcripts is one', () => {
    const phrases = ['speak to a supervisor', 'now'];
    const spoken = [final('I want to speak to', 1000), final('a supervisor', 1900), final('now', 2400)];
    expect(inTurn(phrases, ...spoken)).toEqual([[], [0], [1]]);
    expect(inTurn(['one two three'], final('one'), final('two', 1500), final('three', 2000))).toEqual([
      [],
      [],
      [0],
    ]);
  });

  it('is not put together from two utterances, nor from what may still change and what follows it', () => {
    expect(inTurn(['cancel it'], final('cancel', 1000), final('it', 2600))).toEqual([[], []]);
    expect(inTurn(['cancel it'], interim('I cancel'), interim('I canned'), final('it'))).toEqual([
      [],
      [],
      [],
    ]);
  });

  it('counts in a transcript that may still change once a word follows it, and is not told again', () => {
    const heard = [
      interim('please can'),
      interim('please cancel'),
      interim('please cancel my'),
      final('Please cancel my order.'),
    ];
    expect(inTurn(['can', 'cancel'], ...heard)).toEqual([[], [], [1], []]);
  });

  it('counts once in an utterance, and again in the next', () => {
    const twice = final('stop stop', 1000, 1500);
    expect(inTurn(['stop'], twice, final('stop', 2400, 2700), final('stop', 3800))).toEqual([[0], [], [0]]);
  });
});

it('finds in any division into finals and interims what it finds in the whole, once', () => {
  const word = fc.constantFrom('a', 'b', 'c');
  const phrase = fc.array(word, { minLength: 1, maxLength: 4 });
  const parts = fc.array(fc.tuple(fc.array(word, { minLength: 1, maxLength: 5 }), fc.boolean()), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(fc.array(phrase, { minLength: 1, maxLength: 4 }), parts, (phrases, said) => {
      const texts = phrases.map(words => words.join(' '));
      const heard = said.flatMap(([words, isPreceded]) => {
        const partial = words.slice(0, -1).join(' ');
        return [...(isPreceded && partial !== '' ? [interim(partial)] : []), final(words.join(' '))];
      });
      const whole = final(said.flatMap(([words]) => words).join(' '));
      const found = inTurn(texts, ...heard).flat();
      expect(found.sort()).toEqual(inTurn(texts, whole).flat().sort());
    }),
  );
});

it('finds nothing twice in what is transcribed again, from any point on', () => {
  const phrases = ['one two', 'four'].map(wordsOf);
  const heard = [interim('one two three', 1000), final('one two three', 1000), final('four', 5000)];
  for (let crash = 0; crash <= heard.length; crash++) {
    const before = heard
      .slice(0, crash)
      .reduce((state, words) => spot(state, words, phrases).after, NOTHING_HEARD);
    const again = heard.slice(Math.max(0, crash - 1));
    const hits = again.reduce(
      ({ state, found }, words) => {
        const { after, hits } = spot(state, words, phrases);
        return { state: after, found: [...found, ...hits] };
      },
      { state: before, found: [] as number[] },
    ).found;
    const told = heard.slice(0, crash).reduce(
      ({ state, found }, words) => {
        const { after, hits } = spot(state, words, phrases);
        return { state: after, found: [...found, ...hits] };
      },
      { state: NOTHING_HEARD, found: [] as number[] },
    ).found;
    expect([...told, ...hits].sort()).toEqual([0, 1]);
  }
});
