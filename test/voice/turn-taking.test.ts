/** When the caller has finished, and what happens then. */
import { describe, expect, test } from 'vitest';
import { goesOn } from '../../lambda/voice/end-of-turn.ts';
import { lengthOf, NOON, Story, variable } from './story.ts';

describe('a call begins', () => {
  test('with the greeting, in sentences, the variables filled in', () => {
    const story = Story.open({ greeting: `Hello ${variable('name')}! How can I help?` }, { name: 'Asha' });
    expect(story.done).toEqual(['speak Hello Asha!', 'speak How can I help?']);
    expect(story.conversation.phase).toBe('speaking');
    story.after(5000);
    expect(story.transcript).toEqual(['assistant: Hello Asha! How can I help?']);
    expect(story.conversation).toMatchObject({ phase: 'listening', entries: [{ kind: 'greeting' }] });
  });

  test('by listening, where there is no greeting', () => {
    expect(Story.open().conversation.phase).toBe('listening');
    expect(Story.open().done).toEqual([]);
  });
});

describe('the end of a turn', () => {
  test.each([
    ['a sentence with its end heard', 'I need help.', { final: true, speech_final: true }, 0],
    ['words that go on', 'I need help and', { final: true, speech_final: true }, 700],
    ['a comma', 'Well,', { final: true, speech_final: true }, 700],
    ['digits being dictated', 'It is four one five', { final: true, speech_final: true }, 700],
    ['a final without its end', 'I need help.', { final: true }, 1500],
    ['an interim that never becomes final', 'I need help', {}, 3000],
  ])('%s', (_what, text, kind, patience) => {
    const story = Story.open().after(1000).words(text, kind);
    if (patience > 0) {
      story.after(patience - 1);
      expect(story.done).toEqual([]);
      story.after(1);
    }
    expect(story.done).toEqual(['generate 1']);
    expect(story.transcript).toEqual([`caller: ${text}`]);
    expect(story.conversation.phase).toBe('thinking');
  });

  test('a long pause ends whatever there is', () => {
    const story = Story.open().words('I need help and', { final: true }).words('some');
    story.event({ type: 'utterance_end' });
    expect(story.transcript).toEqual(['caller: I need help and some']);
  });

  test('a pause without words is no turn', () => {
    const story = Story.open().event({ type: 'utterance_end' }).says('').says('  ');
    expect(story.done).toEqual([]);
    expect(story.conversation.utterance).toBeUndefined();
  });

  test('speech heard again while the end is awaited keeps the turn open', () => {
    const story = Story.open().says('My name is').after(600).event({ type: 'speech_started' }).after(600);
    expect(story.done).toEqual([]);
    story.says('Asha Rao.');
    expect(story.transcript).toEqual(['caller: My name is Asha Rao.']);
  });

  test('an interim is replaced by its final, which is not heard twice', () => {
    const story = Story.open()
      .words('I need')
      .words('I need hell')
      .words('I need help.', { final: true, speech_final: true });
    expect(story.transcript).toEqual(['caller: I need help.']);
  });

  test('finals that come late are waited for together', () => {
    const story = Story.open().after(5000);
    const late = { final: true, speech_final: false, ended_at: story.now - 3000 };
    story.event({ type: 'transcript', text: 'My name is Asha', ...late }).after(400);
    story.event({ type: 'transcript', text: 'and I need help.', ...late }).after(500);
    expect(story.transcript).toEqual(['caller: My name is Asha and I need help.']);
  });

  test('the late final of an interim that was answered is not heard again', () => {
    const story = Story.open().after(1000);
    const times = { began_at: story.now - 800, ended_at: story.now };
    story.event({ type: 'transcript', text: 'I need help', final: false, speech_final: false, ...times });
    story.event({ type: 'utterance_end' });
    story.event({ type: 'transcript', text: 'I need help.', final: true, speech_final: true, ...times });
    expect(story.transcript).toEqual(['caller: I need help']);
    expect(story.done).toEqual(['generate 1']);
  });
});

test.each([
  ['I want to', true],
  ['and my', true],
  ['Um.', true],
  ['मुझे मदद चाहिए और', true],
  ['Is that so?', false],
  ['At 5.', false],
  ['9 8', true],
  ['I am done.', false],
])('"%s" goes on: %s', (text, expected) => {
  expect(goesOn(text)).toBe(expected);
});

describe('while the assistant thinks', () => {
  test('further words belong to the same question', () => {
    const story = Story.open().says('When do you open?').after(300).words('on');
    expect(story.done).toEqual(['generate 1', 'abort']);
    story.after(200).says('on Sunday?');
    expect(story.transcript).toEqual(['caller: When do you open? on Sunday?']);
    expect(story.told).toEqual([{ role: 'user', content: 'When do you open? on Sunday?' }]);
    expect(story.done).toEqual(['generate 2']);
    expect(story.conversation.interruptions).toBe(0);
  });

  test('a back-channel changes nothing, and is not answered', () => {
    const story = Story.open().says('When do you open?').after(100).says('Okay.').after(2000);
    story.replies('At nine o’clock in the morning on every day of the week.').after(5000);
    expect(story.transcript).toEqual([
      'caller: When do you open?',
      'assistant: One moment, please. At nine o’clock in the morning on every day of the week.',
    ]);
  });

  test('words are ignored where the assistant is set so', () => {
    const interruption = { speaking: 'words', thinking: 'off', min_words: 1, back_channel: [] } as const;
    const story = Story.open({ interruption: { ...interruption, back_channel: [] } });
    story.says('When do you open?').says('On Sunday?');
    expect(story.done).toEqual(['generate 1']);
  });

  test('what an aborted request still says is not heard', () => {
    const story = Story.open().says('Hello there').words('I mean');
    story.event({ type: 'sentence', turn: 1, text: 'Late!' }).event({ type: 'reply_done', turn: 1 });
    expect(story.done).toEqual(['generate 1', 'abort']);
  });

  test('words that turn out to be none do not leave the question unanswered', () => {
    const story = Story.open().says('When do you open?').words('noise').words('').after(1500);
    expect(story.done).toEqual(['generate 1', 'abort', 'generate 2']);
  });
});

describe('an answer', () => {
  test('is of the time when it is said', () => {
    const story = Story.open().says('Hello').after(500).replies('Hi.').after(5000);
    expect(story.conversation.entries[1]).toMatchObject({
      at: NOON + 700,
      ended_at: NOON + 700 + lengthOf('Hi.'),
    });
  });

  test('is spoken sentence by sentence, while the model still writes', () => {
    const story = Story.open().says('Hello');
    story.after(400).event({ type: 'first_token', turn: 1 });
    story.after(100).event({ type: 'sentence', turn: 1, text: 'We open at nine.' });
    expect(story.done).toEqual(['generate 1', 'speak We open at nine.']);
    story.after(300);
    expect(story.conversation.phase).toBe('speaking');
    story.event({ type: 'sentence', turn: 1, text: 'We close at five.' });
    story.event({ type: 'reply_done', turn: 1, usage: { input_tokens: 50, output_tokens: 9 } });
    story.after(5000);
    expect(story.transcript.at(-1)).toBe('assistant: We open at nine. We close at five.');
    expect(story.conversation.usage).toEqual({
      stt_secs: 0,
      llm_input_tokens: 50,
      llm_output_tokens: 9,
      tts_chars: 33,
    });
  });

  test('has its latencies measured, once, by stage', () => {
    const story = Story.open().after(1000);
    const ended_at = story.now - 250;
    story.event({ type: 'transcript', text: 'My bill and', final: true, speech_final: true, ended_at });
    story.after(700 + 400).event({ type: 'first_token', turn: 1 });
    story.after(100).replies('It is paid.').after(3000);
    const latency = {
      endpointing_ms: 250,
      patience_ms: 700,
      first_token_ms: 400,
      first_sentence_ms: 500,
      first_byte_ms: 200,
      first_audio_ms: 700,
      total_ms: 1650,
    };
    expect(story.commands.filter(command => command.do === 'measure')).toEqual([{ do: 'measure', latency }]);
    expect(story.conversation.entries.at(-1)).toMatchObject({
      latency,
      ended_at: story.now - 3000 + 200 + lengthOf('It is paid.'),
    });
  });

  test('is stored at each step from which a successor can go on', () => {
    const story = Story.open();
    const stored = () => story.commands.splice(0).filter(command => command.do === 'persist').length;
    expect(stored()).toBe(1);
    story.says('Hello');
    expect(stored()).toBe(1);
    story.replies('Hi.').after(250);
    expect(stored()).toBe(2);
    story.after(1000);
    expect(stored()).toBe(1);
  });
});
