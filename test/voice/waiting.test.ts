/** What happens when nobody says anything, when the time is up, and when keys are pressed instead. */
import { describe, expect, test } from 'vitest';
import { lengthOf, Story } from './story.ts';

const PROMPT = 'Are you still there?';
const VOICE_MS = 200;

const press = (story: Story, keys: string) => {
  for (const digit of keys) story.event({ type: 'digit', digit });
  return story;
};

describe('a silent caller', () => {
  test('is asked twice, each time after eight silent seconds, then bidden goodbye', () => {
    const asked = VOICE_MS + lengthOf(PROMPT);
    const story = Story.open().after(7999);
    expect(story.done).toEqual([]);
    expect(story.after(1).done).toEqual([`speak ${PROMPT}`]);
    expect(story.after(asked + 7999).done).toEqual([]);
    expect(story.after(1).done).toEqual([`speak ${PROMPT}`]);
    expect(story.after(asked + 8000).done).toEqual(['speak Thank you for calling.', 'speak Goodbye.']);
    expect(story.after(5000).done).toEqual(['depart end silence']);
    expect(story.transcript).toHaveLength(3);
  });

  test('is silent since the answer was heard, not since it was sent', () => {
    const answer = 'We are open from nine in the morning until five in the afternoon.';
    const story = Story.open().says('When?').replies(answer);
    story.done;
    story.after(VOICE_MS + lengthOf(answer) + 7999);
    expect(story.done).toEqual([]);
    expect(story.after(1).done).toEqual([`speak ${PROMPT}`]);
  });

  test('who speaks again is a new caller', () => {
    const story = Story.open().after(12_000).says('Yes, I am here').replies('Good.');
    expect(story.conversation.prompts).toBe(0);
  });

  test('who answers the prompt with a mere yes is heard', () => {
    const story = Story.open()
      .after(8000 + VOICE_MS + 800)
      .says('Yes.')
      .after(2000);
    expect(story.transcript).toEqual([`assistant: ${PROMPT}`, 'caller: Yes.']);
  });

  test('who is in the middle of a sentence is not asked', () => {
    const story = Story.open().after(7000).words('I would').after(2000).words('I would like').after(2000);
    expect(story.done).toEqual([]);
  });
});

describe('the longest conversation', () => {
  test.each([
    ['queue', 'speak I am connecting you to a colleague.', 'depart queue limit'],
    ['end', 'speak Thank you for calling.', 'depart end limit'],
  ] as const)('ends in a quiet moment: %s', (on_limit, words, departs) => {
    const story = Story.open({ max_secs: 5, on_limit }).after(4999);
    expect(story.done).toEqual([]);
    expect(story.after(1).done[0]).toBe(words);
    expect(story.after(10_000).done.at(-1)).toBe(departs);
  });

  test('waits for the end of the present turn', () => {
    const story = Story.open({ max_secs: 5 }).after(4500).says('When?').after(2000).replies('At nine.');
    expect(story.after(4000).done.slice(-2)).toEqual([
      'speak At nine.',
      'speak I am connecting you to a colleague.',
    ]);
    expect(story.transcript).toContain('assistant: One moment, please. At nine.');
  });

  test('but not for longer than half a minute', () => {
    const endless = Array(20).fill('And then there is this and that, as you know.');
    const story = Story.open({ max_secs: 5 })
      .after(4500)
      .says('Tell me all')
      .replies(...endless)
      .after(30_499);
    story.done;
    story.after(1);
    expect(story.done).toEqual(['abort', 'clear', 'speak I am connecting you to a colleague.']);
  });

  test('cannot be talked on', () => {
    const story = Story.open({ max_secs: 5, on_limit: 'end' }).after(5500).says('No, wait').after(9000);
    expect(story.done.at(-1)).toBe('depart end limit');
  });
});

describe('keys', () => {
  test('become words two seconds after the last', () => {
    const story = press(Story.open(), '12').after(1000);
    press(story, '3').after(1999);
    expect(story.done).toEqual([]);
    story.after(1);
    expect(story.transcript).toEqual(['caller: (keys pressed: 1 2 3)']);
    expect(story.done).toEqual(['generate 1']);
  });

  test('end with the number sign', () => {
    expect(press(Story.open(), '42#').transcript).toEqual(['caller: (keys pressed: 4 2)']);
  });

  test('may be the number sign alone', () => {
    expect(press(Story.open(), '#').transcript).toEqual(['caller: (keys pressed: #)']);
  });

  test('join the words they were pressed to', () => {
    const story = Story.open().words('My number is', { final: true });
    press(story, '42').says('as I said.').after(2000);
    expect(story.transcript).toEqual(['caller: My number is as I said. (keys pressed: 4 2)']);
  });

  test('the transfer key alone leads to people', () => {
    const story = press(Story.open(), '0').after(799);
    expect(story.done).toEqual([]);
    expect(story.after(1).done).toEqual(['speak I am connecting you to a colleague.']);
    story.after(5000);
    expect(story.commands.at(-1)).toEqual({
      do: 'depart',
      departure: { to: 'queue', queue: 'default', reason: 'key' },
    });
  });

  test('the transfer key is a digit like any other in a number', () => {
    expect(press(Story.open(), '04').after(2000).transcript).toEqual(['caller: (keys pressed: 0 4)']);
  });

  test('the transfer key pressed twice is a number, too, and waits like one', () => {
    const story = press(Story.open(), '00').after(1999);
    expect(story.done).toEqual([]);
    expect(story.after(1).transcript).toEqual(['caller: (keys pressed: 0 0)']);
  });

  test('the transfer key works in the middle of the greeting', () => {
    const story = Story.open({ greeting: 'Welcome to a very long greeting.' }).after(1000);
    press(story, '0#');
    expect(story.done.slice(-3)).toEqual(['abort', 'clear', 'speak I am connecting you to a colleague.']);
  });

  test('without a transfer key all keys are words', () => {
    const story = press(Story.open({ transfer_key: '' }), '0').after(2000);
    expect(story.transcript).toEqual(['caller: (keys pressed: 0)']);
  });
});
