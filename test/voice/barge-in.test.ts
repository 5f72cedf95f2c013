/** The caller takes the turn while the assistant speaks; what was heard is fixed in that moment. */
import { describe, expect, test } from 'vitest';
import { isBackChannel } from '../../lambda/voice/back-channel.ts';
import { lengthOf, Story } from './story.ts';

const LONG = 'We are open from nine in the morning until five in the afternoon.';
const MORE = 'On Saturdays we close at noon.';
/** From a sentence of the model until the caller hears it. */
const VOICE_MS = 200;

/** The assistant is in the middle of a long answer. */
const speaking = (own = {}) => Story.open(own).says('When do you open?').replies(LONG, MORE);
const interruption = { speaking: 'words', thinking: 'words', min_words: 1, back_channel: [] } as const;

describe('a barge-in', () => {
  test('silences the assistant at the first word, and keeps what was heard', () => {
    const story = speaking().after(VOICE_MS + 2000);
    story.done;
    story.words('Wait');
    expect(story.done).toEqual(['abort', 'clear']);
    expect(story.transcript.at(-1)).toBe('assistant: We are open from nine in the…');
    expect(story.conversation).toMatchObject({ phase: 'listening', interruptions: 1 });
  });

  test('leaves the model with exactly what was heard', () => {
    const story = speaking().after(VOICE_MS + lengthOf(LONG) + 1000);
    story.words('Stop').says('Stop, what about Sunday?');
    expect(story.told).toEqual([
      { role: 'user', content: 'When do you open?' },
      { role: 'assistant', content: `${LONG} On Saturdays we` },
      { role: 'user', content: 'Stop, what about Sunday?' },
    ]);
  });

  test('before anything was heard leaves nothing of the answer', () => {
    const story = speaking()
      .after(VOICE_MS + 1)
      .says('And on Sunday?');
    expect(story.told).toEqual([{ role: 'user', content: 'When do you open? And on Sunday?' }]);
  });

  test('before anything was heard leaves one question in the record', () => {
    const story = speaking()
      .after(VOICE_MS + 1)
      .says('And on Sunday?');
    expect(story.transcript).toEqual(['caller: When do you open? And on Sunday?']);
  });

  test('after everything was heard is no interruption', () => {
    const story = speaking().after(10_000).says('Thanks, and on Sunday?');
    expect(story.transcript[1]).toBe(`assistant: ${LONG} ${MORE}`);
    expect(story.conversation.interruptions).toBe(0);
  });

  test('works during the greeting', () => {
    const story = Story.open({ greeting: LONG })
      .after(VOICE_MS + 1000)
      .says('I need a person');
    expect(story.done).toEqual([`speak ${LONG}`, 'abort', 'clear', 'generate 2']);
    expect(story.transcript).toEqual(['assistant: We are open from…', 'caller: I need a person']);
  });

  test('comes by keys, too', () => {
    const story = speaking().after(VOICE_MS + 1000);
    story.done;
    story.event({ type: 'digit', digit: '4' });
    expect(story.done).toEqual(['abort', 'clear']);
  });

  test('ends what the model still wants to say and what the carrier still wants to confirm', () => {
    const story = Story.open().says('When do you open?');
    story
      .event({ type: 'sentence', turn: 1, text: LONG })
      .after(VOICE_MS + 1000)
      .words('Wait');
    story.done;
    const before = story.conversation;
    story.event({ type: 'sentence', turn: 1, text: MORE });
    story.event({ type: 'reply_done', turn: 1 });
    story.event({ type: 'piece_sent', piece: 't1.1', audio_ms: 5000 });
    story.event({ type: 'played', name: 't1.1' });
    story.event({ type: 'cleared' }).event({ type: 'cleared' });
    expect(story.conversation).toEqual(before);
    expect(story.done).toEqual([]);
  });
});

describe('what takes the turn', () => {
  test.each([
    ['one word', 'Wait', {}, true],
    ['a back-channel', 'Uh-huh.', {}, false],
    ['several of them', 'Yeah, okay, I see.', {}, false],
    ['one that goes on', 'Yeah but', {}, true],
    ['a back-channel in Hindi', 'जी हाँ, ठीक है।', {}, false],
    ['one of the owner’s', 'Roger that', { back_channel: ['roger that'] }, false],
    ['fewer words than it takes', 'Wait there', { min_words: 3 }, false],
    ['as many words as it takes', 'Wait a moment', { min_words: 3 }, true],
    ['a back-channel, where any speech does', 'Okay', { speaking: 'speech' }, true],
    ['words, where nothing does', 'Stop it now please', { speaking: 'off' }, false],
  ] as const)('%s: "%s"', (_what, text, own, takes) => {
    const story = speaking({ interruption: { ...interruption, back_channel: [], ...own } }).after(
      VOICE_MS + 1000,
    );
    story.done;
    story.words(text);
    expect(story.done).toEqual(takes ? ['abort', 'clear'] : []);
  });

  test('the sound of speech, only where that is enough', () => {
    const sound = (own: object) => {
      const story = speaking({ interruption: { ...interruption, ...own } }).after(VOICE_MS + 1000);
      story.done;
      return story.event({ type: 'speech_started' }).done;
    };
    expect(sound({ speaking: 'speech' })).toEqual(['abort', 'clear']);
    expect(sound({ speaking: 'words' })).toEqual([]);
  });
});

describe('a back-channel', () => {
  test('in the middle of an answer is neither obeyed nor answered', () => {
    const story = speaking()
      .after(VOICE_MS + 1000)
      .says('Uh-huh.')
      .after(10_000);
    expect(story.transcript).toEqual(['caller: When do you open?', `assistant: ${LONG} ${MORE}`]);
    expect(story.done.filter(one => one.startsWith('generate'))).toEqual(['generate 1']);
  });

  test('just before the end is the answer to a question', () => {
    const question = 'Shall I connect you?';
    const story = Story.open()
      .says('Hello')
      .replies(question)
      .after(VOICE_MS + lengthOf(question) - 600);
    story.done;
    story.says('Yes.').after(599);
    expect(story.done).toEqual([]);
    story.after(1);
    expect(story.transcript).toEqual(['caller: Hello', `assistant: ${question}`, 'caller: Yes.']);
    expect(story.done).toEqual(['generate 2']);
  });

  test('that goes on takes the turn with all its words', () => {
    const story = speaking()
      .after(VOICE_MS + 1000)
      .words('Yeah', { final: true })
      .words('but wait');
    story.says('but wait, what about Sunday?');
    expect(story.transcript.at(-1)).toBe('caller: Yeah but wait, what about Sunday?');
  });
});

test('a checkpoint that comes late, of a piece that had not begun, confirms nothing', () => {
  const story = speaking().event({ type: 'played', name: 't1.1' }).event({ type: 'played', name: 't1.2' });
  expect(story.transcript[1]).toBe('assistant: ');
});

describe('a goodbye', () => {
  const leaving = () =>
    Story.open()
      .says('That is all.')
      .calls('end_call')
      .after(VOICE_MS + 500);

  test('is taken back when the caller speaks on', () => {
    const story = leaving().says('Oh, one more question');
    expect(story.done.slice(-3)).toEqual(['abort', 'clear', 'generate 2']);
    expect(story.conversation.departure).toBeUndefined();
    story.replies('Yes?').after(5000);
    expect(story.conversation.phase).toBe('listening');
  });

  test('is not taken back by the caller’s own', () => {
    const story = leaving().says('Thank you, bye!').after(5000);
    expect(story.done.at(-1)).toBe('depart end done');
  });

  test('after a silence is taken back by any word', () => {
    const story = Story.open({ silence_prompts: 0 }).after(8000 + VOICE_MS + 500);
    expect(story.conversation.phase).toBe('leaving');
    expect(story.words('Yes').conversation.phase).toBe('listening');
  });

  test('is final where the caller is being connected', () => {
    const story = Story.open()
      .says('A person please')
      .calls('transfer_to_queue')
      .after(VOICE_MS + 500);
    story.says('No, wait, stop').after(5000);
    expect(story.done.at(-1)).toBe('depart queue asked');
    expect(story.conversation.interruptions).toBe(0);
  });
});

test.each([
  ['', true],
  ['mm-hmm', true],
  ['Got it. Got it.', true],
  ['I see what', false],
  ['okay computer', false],
])('"%s" is a back-channel: %s', (text, expected) => {
  expect(isBackChannel(text, [])).toBe(expected);
});
