/** A stretch of speech that is sent again, with more words, after its first hearing was taken for the turn. */
import { describe, expect, test } from 'vitest';
import { newWords } from '../../lambda/voice/repeats.ts';
import { NOON, Story } from './story.ts';

const VOICE_MS = 200;
/** Milliseconds from the beginning of the story. */
type Times = [began: number, ended: number];

const heard = (story: Story, text: string, [began, ended]: Times, final = false) =>
  story.event({
    type: 'transcript',
    text,
    final,
    speech_final: final,
    began_at: NOON + began,
    ended_at: NOON + ended,
  });

/** An interim that never became final has been taken for the turn, and is being answered. */
const taken = (text = 'my order is late', own = {}) => {
  const story = heard(Story.open(own).after(1500), text, [200, 1400]).after(3000);
  story.done;
  return story;
};

describe('more words of an interim that was taken for the turn', () => {
  test('replace it while the assistant thinks, and are answered', () => {
    const story = heard(taken(), 'my order is late please help', [200, 3500], true);
    expect(story.transcript).toEqual(['caller: my order is late please help']);
    expect(story.told).toEqual([{ role: 'user', content: 'my order is late please help' }]);
    expect(story.done).toEqual(['abort', 'generate 2']);
  });

  test('put right what was misheard', () => {
    const story = heard(taken('my odour is late'), 'My order is late, please help.', [200, 3500], true);
    expect(story.transcript).toEqual(['caller: My order is late, please help.']);
  });

  test('may come as another interim first', () => {
    const story = heard(taken(), 'my order is late please', [200, 2500]);
    heard(story, 'my order is late please help', [200, 3500], true);
    expect(story.transcript).toEqual(['caller: my order is late please help']);
  });

  test('are followed by others', () => {
    const story = taken();
    heard(story, 'My order is late and', [200, 2500], true);
    heard(story, 'I need help.', [2600, 4000], true);
    expect(story.transcript).toEqual(['caller: My order is late and I need help.']);
  });

  test('leave what was certain', () => {
    const story = Story.open().after(1500).words('Hello there,', { final: true }).after(1000);
    heard(heard(story, 'my odour', [1600, 2400]).after(3000), 'my order is late', [1600, 3500], true);
    expect(story.transcript).toEqual(['caller: Hello there, my order is late']);
  });

  test('leave what has become certain since', () => {
    const story = heard(taken(), 'My order', [200, 700], true);
    heard(story, 'is late, please help.', [750, 3500], true);
    expect(story.transcript).toEqual(['caller: My order is late, please help.']);
  });

  test('leave the keys that were pressed', () => {
    const story = Story.open().after(1500).event({ type: 'digit', digit: '4' });
    heard(heard(story, 'that is', [200, 1400]).after(3000), 'that is my number', [200, 3500], true);
    expect(story.transcript).toEqual(['caller: that is (keys pressed: 4) that is my number']);
  });

  test('replace nothing when the answer is being heard, and only they are new', () => {
    const story = taken()
      .replies('I am sorry to hear that your order is late.')
      .after(VOICE_MS + 600);
    story.done;
    heard(story, 'My order is late, please help me.', [200, 3500], true);
    expect(story.done).toEqual(['abort', 'clear', 'generate 2']);
    expect(story.transcript).toEqual([
      'caller: my order is late',
      'assistant: I am sorry…',
      'caller: please help me.',
    ]);
  });

  test('may be a back-channel, which interrupts nobody', () => {
    const story = taken()
      .replies('I am sorry to hear that your order is late.')
      .after(VOICE_MS + 600);
    story.done;
    heard(story, 'my order is late okay', [200, 3500], true);
    expect(story.done).toEqual([]);
  });

  test('that turn out to be none, only later, ask nothing again', () => {
    const story = heard(taken(), 'My order is late.', [200, 1600], true);
    expect(story.done).toEqual([]);
    expect(story.transcript).toEqual(['caller: my order is late']);
  });

  test('of a certain turn are new words only', () => {
    const story = heard(Story.open().after(1500), 'My order is late.', [200, 1400], true);
    heard(story.after(500), 'order is late please help', [500, 1900], true);
    expect(story.transcript).toEqual(['caller: My order is late. please help']);
  });
});

test.each([
  ['my order is late', 'My order is late. Please help!', 'Please help!'],
  ['I said my order', 'order is late', 'is late'],
  ['my odour is late', 'my order is late please', 'please'],
  ['my order', 'My order.', ''],
  ['yes', 'no, never', 'no, never'],
  ['', 'Hello', 'Hello'],
])('after "%s", "%s" says "%s"', (known, text, news) => {
  expect(newWords(known, text)).toBe(news);
});
