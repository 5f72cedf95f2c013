/** What a caller hears when a provider is slow, silent, empty or gone: something sensible, and in the end people. */
import { describe, expect, test } from 'vitest';
import { lengthOf, Story } from './story.ts';

const FILLER = 'speak One moment, please.';
const departure = (story: Story) => story.conversation.departure;

describe('a slow model', () => {
  test('is bridged once, and its answer follows', () => {
    const story = Story.open().says('Hello').after(1799);
    expect(story.done).toEqual(['generate 1']);
    story.after(1);
    expect(story.done).toEqual([FILLER]);
    story.after(3000).replies('Hi.').after(3000);
    expect(story.done).toEqual(['speak Hi.']);
    expect(story.transcript.at(-1)).toBe('assistant: One moment, please. Hi.');
  });

  test('is not bridged where the owner wants no filler', () => {
    expect(Story.open({ filler: '' }).says('Hello').after(5000).done).toEqual(['generate 1']);
  });

  test('that says nothing for eight seconds brings people', () => {
    const story = Story.open().says('Hello').after(7999);
    expect(story.conversation.phase).toBe('speaking');
    story.after(1);
    expect(departure(story)).toEqual({
      to: 'queue',
      queue: 'default',
      reason: 'failed',
      detail: 'model: too slow',
    });
    expect(story.done).toEqual(['generate 1', FILLER, 'abort', 'depart queue failed']);
  });

  test('that stops in mid-answer brings people, and what was heard is kept', () => {
    const story = Story.open().says('Hello');
    story.event({ type: 'sentence', turn: 1, text: 'Well.' }).after(8000);
    expect(story.transcript.at(-1)).toBe('assistant: Well. One moment, please.');
    expect(departure(story)?.reason).toBe('failed');
  });

  test('does not delay a departure it has called for', () => {
    const story = Story.open().says('Bye');
    story.event({ type: 'tool_call', turn: 1, id: 'x', name: 'end_call', arguments: '' }).after(20_000);
    expect(departure(story)).toEqual({ to: 'end', reason: 'done' });
    expect(story.conversation.phase).toBe('over');
  });
});

describe('an empty answer', () => {
  test('is asked for once more, then apologised for', () => {
    const story = Story.open().says('Hello').replies().replies();
    const apology = ['speak Sorry, I did not get that.', 'speak Could you say it again?'];
    expect(story.done).toEqual(['generate 1', 'generate 1', ...apology]);
    story.after(6000);
    expect(story.conversation.entries.at(-1)).toMatchObject({ kind: 'apology' });
    expect(story.conversation.phase).toBe('listening');
  });

  test('in two turns in a row brings people', () => {
    const story = Story.open().says('Hello').replies().replies().after(6000);
    story.says('Hello?').replies().replies();
    expect(story.done.at(-1)).toBe('depart queue failed');
  });

  test('is forgiven once the model has answered', () => {
    const story = Story.open().says('Hello').replies().replies().after(6000);
    story.says('Hello?').replies('Hi.').after(3000).says('Hello?').replies().replies();
    expect(departure(story)).toBeUndefined();
  });

  test('after words and a tool is the end of the answer', () => {
    const story = Story.open().says('I am Asha');
    story.event({ type: 'sentence', turn: 1, text: 'Noted.' }).calls('set_variables', { name: 'Asha' });
    story.replies().after(3000);
    expect(story.done).toEqual(['generate 1', 'speak Noted.', 'generate 1']);
    expect(story.conversation.phase).toBe('listening');
  });
});

describe('a failure', () => {
  test.each([
    ['of the model', { type: 'reply_failed', turn: 1, reason: '500' }, 'model: 500'],
    ['of the voice', { type: 'speech_failed', piece: 't1.1', reason: 'timeout' }, 'voice: timeout'],
    ['of the recognition', { type: 'lost', detail: 'stt: refused' }, 'stt: refused'],
  ] as const)('%s brings people at once; what was heard is kept', (_what, event, detail) => {
    const words = 'We are open from nine to five.';
    const story = Story.open().says('Hello');
    // The audio is still being made.
    story.voice = (piece, text) =>
      story.sound(piece, lengthOf(text)).filter(one => !/speech_done|piece_sent/.test(one.event.type));
    story.event({ type: 'sentence', turn: 1, text: words }).after(200 + lengthOf(words) / 2);
    story.event(event);
    expect(departure(story)).toEqual({ to: 'queue', queue: 'default', reason: 'failed', detail });
    expect(story.transcript.at(-1)).toBe('assistant: We are open from…');
    expect(story.done.slice(-2)).toEqual(['abort', 'depart queue failed']);
  });

  test('in the last words changes nothing about where the call goes', () => {
    const story = Story.open().says('A person please').calls('transfer_to_queue');
    story.event({ type: 'speech_failed', piece: 't1.1', reason: 'timeout' });
    expect(departure(story)?.reason).toBe('asked');
    expect(story.conversation.phase).toBe('over');
  });

  test('comes once: nothing follows a departure', () => {
    const story = Story.open().says('Hello').event({ type: 'lost', detail: 'stt' });
    story.done;
    story.event({ type: 'lost', detail: 'stt' }).replies('Hi.').says('Hello?').after(60_000);
    expect(story.done).toEqual([]);
  });

  test('of a voice that never begins is noticed', () => {
    const story = Story.open();
    story.voice = () => [];
    story.says('Hello').replies('Hi.').after(4000);
    expect(departure(story)).toMatchObject({ detail: 'voice: no audio' });
  });

  test('of a voice that begins and never ends is noticed in the end', () => {
    const story = Story.open();
    story.voice = (piece, text) => story.sound(piece, lengthOf(text)).slice(0, 1);
    story.says('Hello').replies('Hi, how are you?').after(59_999);
    expect(departure(story)).toBeUndefined();
    story.after(1);
    expect(departure(story)).toMatchObject({ detail: 'voice: no end' });
  });

  test('is not that a voice takes its time over a sentence', () => {
    const words = 'Your order number is 4829183746501928.';
    const story = Story.open().says('Hello');
    story.voice = piece => story.sound(piece, 12_000).filter(one => one.event.type !== 'speech_done');
    story.replies(words).after(200 + 12_000);
    expect(story.transcript.at(-1)).toBe(`assistant: ${words}`);
    expect(departure(story)).toBeUndefined();
  });

  test('is not that a sentence is posted late', () => {
    const story = Story.open().says('Hello');
    const stalled = (type: string) => type.startsWith('piece') || type === 'played';
    story.voice = piece =>
      story
        .sound(piece, 1000)
        .map(({ at, event }) => ({ at: stalled(event.type) ? at + 10_000 : at, event }));
    story.replies('Hi.').after(11_200);
    expect(story.transcript.at(-1)).toBe('assistant: Hi.');
    expect(departure(story)).toBeUndefined();
  });

  test('before the stream is there needs no stream', () => {
    expect(new Story().event({ type: 'lost', detail: 'no_keys' }).done).toEqual(['depart queue failed']);
  });
});
