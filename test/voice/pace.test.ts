/** A voice whose pace differs from sentence to sentence: what was heard is right all the same. */
import { describe, expect, test } from 'vitest';
import { Story } from './story.ts';

const VOICE_MS = 200;
/** How far what is noted may be from what was heard. */
const NEAR_MS = 250;

const BRISK =
  'Thank you very much for your patience, we have now found the order that you asked about on the phone, ' +
  'and it will be with you on Friday this week at ten.';
const SLOW = 'It is 4 8 2 9 1 8 3 7 4 6 5 0, if you need it.';
const LENGTHS: Record<string, number> = { [BRISK]: 6000, [SLOW]: 5000 };
const lengthOf = (text: string) => LENGTHS[text] ?? 0;

/** The assistant says these sentences, each in its own pace. */
const saying = (...sentences: string[]) => {
  const story = Story.open().says('Where is it?');
  story.voice = (piece, text) => story.sound(piece, lengthOf(text));
  return story.replies(...sentences);
};

/** The last words of the assistant that were noted, as the time that it took to say them. */
const noted = (story: Story, text: string, before = '') => {
  const entry = story.conversation.entries.findLast(({ who }) => who === 'assistant');
  const heard = entry?.who === 'assistant' ? entry.heard.slice(before.length).trim() : '';
  return (heard.length / text.length) * lengthOf(text);
};

const expectNear = (ms: number, truth: number) => expect(Math.abs(ms - truth)).toBeLessThanOrEqual(NEAR_MS);

describe('an interruption', () => {
  test.each([1000, 2500, 4000, 5500])('%i ms into the very first words', ms => {
    const story = saying(BRISK)
      .after(VOICE_MS + ms)
      .words('Wait');
    expectNear(noted(story, BRISK), ms);
  });

  test.each([1000, 2500, 4500])('%i ms into the second sentence', ms => {
    const story = saying(BRISK, SLOW)
      .after(VOICE_MS + lengthOf(BRISK) + ms)
      .words('Wait');
    expectNear(noted(story, SLOW, BRISK), ms);
  });

  test.each([1000, 4000])('%i ms into a brisk sentence after a slow one', ms => {
    const story = saying(SLOW, BRISK)
      .after(VOICE_MS + lengthOf(SLOW) + ms)
      .words('Wait');
    expectNear(noted(story, BRISK, SLOW), ms);
  });
});

describe('a voice that falls silent in a sentence', () => {
  const POSTED = 800;
  const TEXT = 'We are open from nine to five on weekdays and all day.';
  /** It has delivered 0.8 s of it, and nothing since. */
  const stalled = (ms: number) => {
    const story = Story.open().says('When?');
    story.voice = (piece, text) => {
      const [begun, , started] = story.sound(piece, text.length * 60);
      return begun && started ? [begun, started] : [];
    };
    return story.replies(TEXT).after(VOICE_MS + ms);
  };
  const posted = (audio_ms: number) => ({ type: 'posted', piece: 't1.1', audio_ms }) as const;

  test('has said no more than was posted when the caller barges in', () => {
    const story = stalled(2200).event(posted(POSTED)).words('Wait');
    expect(story.transcript.at(-1)).toBe('assistant: We are open…');
  });

  test('is not commanded anything by the news, and not set back by old news', () => {
    const story = stalled(2200);
    story.done;
    story.event(posted(POSTED)).event(posted(100));
    expect(story.commands).toEqual([]);
    expect(story.conversation.reply?.pieces[0]).toMatchObject({ posted_ms: POSTED });
    expect(story.words('Wait').transcript.at(-1)).toBe('assistant: We are open…');
  });

  test('and then goes on, has been heard to its end', () => {
    const story = stalled(2200).event(posted(POSTED)).after(1000);
    story.event({ type: 'piece_sent', piece: 't1.1', audio_ms: 3240 }).after(300);
    story.event({ type: 'played', name: 't1.1' });
    expect(story.transcript.at(-1)).toBe(`assistant: ${TEXT}`);
  });
});

test('the length of a piece is known from its audio, and told once', () => {
  const story = saying(BRISK).after(VOICE_MS + 1);
  expect(story.conversation.reply?.pieces[0]).toMatchObject({ audio_ms: 6000 });
  story.event({ type: 'speech_done', piece: 't1.1', audio_ms: 1 });
  story.event({ type: 'piece_sent', piece: 't1.1', audio_ms: 6020 });
  expect(story.conversation.reply?.pieces[0]).toMatchObject({ audio_ms: 6000 });
  expect(story.conversation.spoken).toEqual({ chars: BRISK.length, ms: 6000 });
});

test('a piece that was not posted to its end when the session died is said again', () => {
  const story = saying(BRISK).after(VOICE_MS + 4000);
  story.done;
  expect(story.diesFor(4000).done).toEqual(['clear', `speak ${BRISK}`]);
});
