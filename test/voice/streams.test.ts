/** The stream is lost and found; a session dies and another goes on. */
import { describe, expect, test } from 'vitest';
import { resume } from '../../lambda/voice/resume.ts';
import { isIdle } from '../../lambda/voice/step.ts';
import { assistant, lengthOf, NOON, Story } from './story.ts';

const VOICE_MS = 200;
const FIRST = 'We are open from nine in the morning.';
const SECOND = 'We close at five.';
/** The second of two sentences is being heard. */
const answering = (into = 400) =>
  Story.open()
    .says('When?')
    .replies(FIRST, SECOND)
    .after(VOICE_MS + lengthOf(FIRST) + into);
/** Where a caller goes whose stream is gone. */
const GONE = { to: 'queue', queue: 'default', reason: 'failed', detail: 'stream_lost' };
const lost = { type: 'stream_closed' } as const;
const found = { type: 'stream_opened' } as const;

describe('a stream that comes back', () => {
  test('hears no second greeting', () => {
    const story = Story.open({ greeting: 'Hello!' }).after(3000).event(lost).after(2000).event(found);
    expect(story.done).toEqual(['speak Hello!']);
    expect(story.conversation.phase).toBe('listening');
  });

  test('hears again the sentence in which it was lost, and the model learns of nothing', () => {
    const story = answering().event(lost).after(3000);
    story.done;
    expect(story.event(found).done).toEqual([`speak ${SECOND}`]);
    expect(story.after(5000).transcript).toEqual([
      'caller: When?',
      `assistant: ${FIRST}…`,
      `assistant: ${SECOND}`,
    ]);
    story.says('Thanks a lot');
    expect(story.told[1]).toEqual({ role: 'assistant', content: `${FIRST} ${SECOND}` });
  });

  test('does not hear again what was nearly over', () => {
    const story = answering(lengthOf(SECOND) - 100)
      .event(lost)
      .after(3000)
      .event(found);
    expect(story.done.filter(one => one === `speak ${SECOND}`)).toHaveLength(1);
    expect(story.conversation.phase).toBe('listening');
  });

  test('hears the rest of the answer that the model was still writing', () => {
    const story = Story.open().says('When?').event({ type: 'sentence', turn: 1, text: FIRST });
    story.after(VOICE_MS + 1000).event(lost);
    story.event({ type: 'sentence', turn: 1, text: 'Too late.' }).after(1000).event(found);
    expect(story.done).toEqual(['generate 1', `speak ${FIRST}`, 'abort', 'generate 2']);
    expect(story.commands).toEqual([]);
  });

  test('and asks the model with what was heard', () => {
    const story = Story.open().says('When?').event({ type: 'sentence', turn: 1, text: FIRST });
    story
      .after(VOICE_MS + 1000)
      .event(lost)
      .after(1000)
      .event(found);
    expect(story.told.slice(0, 2)).toEqual([
      { role: 'user', content: 'When?' },
      { role: 'assistant', content: 'We are open from' },
    ]);
    expect(story.told[2]?.role).toBe('system');
  });

  test('finds the question answered that was asked meanwhile', () => {
    const story = Story.open().event(lost).says('Hello there').after(1000);
    expect(story.done).toEqual([]);
    expect(story.event(found).done).toEqual(['generate 1']);
  });

  test('finds the result of a tool that ended meanwhile', () => {
    const tool = { name: 'lookup', description: '', url: '', parameters: {}, timeout_ms: 3000 };
    const story = Story.open({ http_tools: [tool] })
      .says('Where?')
      .calls('lookup')
      .event(lost)
      .after(500);
    story.event({ type: 'tool_done', turn: 1, id: 'call-lookup', result: 'here' }).event(found);
    expect(story.told.at(-1)).toMatchObject({ role: 'tool', content: 'here' });
  });

  test('may be noticed before the loss of the old one', () => {
    const story = answering();
    story.done;
    expect(story.event(found).done).toEqual(['abort', `speak ${SECOND}`]);
  });
});

describe('a stream that does not come back', () => {
  test('leads to people after ten seconds; what was not heard is not noted', () => {
    const story = answering().event(lost);
    story.done;
    story.after(9999);
    expect(story.conversation.phase).toBe('opening');
    story.after(1);
    expect(story.done.filter(one => one !== 'abort')).toEqual(['depart queue failed']);
    expect(story.conversation).toMatchObject({ phase: 'over', interruptions: 0, departure: GONE });
    expect(story.transcript.at(-1)).toBe(`assistant: ${FIRST} We close…`);
  });

  test('and whose caller comes back later is still led to people', () => {
    const story = answering().event(lost).after(10_000);
    story.done;
    story.event(found).says('Hello?').after(60_000);
    expect(story.done).toEqual([]);
    expect(story.diesFor(0).done).toEqual(['depart queue failed']);
  });

  test('is waited for by a successor no longer than by the session before', () => {
    const story = answering().event(lost).after(3000);
    story.done;
    expect(story.diesFor(7000).done.at(-1)).toBe('depart queue failed');
    expect(story.conversation.departure).toEqual(GONE);
  });

  test('adds nothing to what was heard when the assistant gives up meanwhile', () => {
    const story = answering().event(lost).after(5000).event({ type: 'lost', detail: 'stt' });
    expect(story.transcript.at(-1)).toBe(`assistant: ${FIRST} We close…`);
  });

  test('in the last words departs at once', () => {
    const story = Story.open().says('A person').calls('transfer_to_queue').after(500).event(lost);
    expect(story.done.at(-1)).toBe('depart queue asked');
  });

  test('for the first time is waited for a minute', () => {
    const story = new Story().after(59_999);
    expect(story.conversation.phase).toBe('opening');
    expect(story.after(1).conversation).toMatchObject({ phase: 'over', departure: GONE });
    expect(story.done).toEqual(['depart queue failed']);
  });
});

describe('another session', () => {
  test('in a quiet moment goes on without a word', () => {
    const story = Story.open({ greeting: 'Hello!' }).after(3000);
    expect(isIdle(story.conversation)).toBe(true);
    story.done;
    expect(story.handsOver().done).toEqual([]);
    expect(story.says('Hi there').done).toEqual(['generate 2']);
  });

  test('says again what was not heard to its end, after clearing what was left', () => {
    const story = answering();
    story.done;
    expect(story.diesFor(4000).done).toEqual(['clear', `speak ${SECOND}`]);
    story.after(5000).says('Thanks a lot');
    expect(story.told[1]).toEqual({ role: 'assistant', content: `${FIRST} ${SECOND}` });
  });

  test('does not say again what the carrier has played since', () => {
    const story = answering();
    story.done;
    expect(story.diesFor(4000, ['t1.2']).done).toEqual(['clear']);
    expect(story.conversation.phase).toBe('listening');
    expect(story.transcript.at(-1)).toBe(`assistant: ${FIRST} ${SECOND}`);
  });

  test('knows the words that the caller had said so far', () => {
    const story = Story.open().words('My order is', { final: true }).words('number').diesFor(4000);
    story.done;
    story.says('number five.');
    expect(story.transcript).toEqual(['caller: My order is number five.']);
    expect(story.done).toEqual(['generate 1']);
  });

  test('asks again for an answer that nobody has heard of', () => {
    const story = Story.open().says('When?').diesFor(4000);
    expect(story.done).toEqual(['generate 1', 'generate 2']);
  });

  test('never runs a tool twice', () => {
    const tool = { name: 'book', description: '', url: '', parameters: {}, timeout_ms: 3000 };
    const story = Story.open({ http_tools: [tool] })
      .says('Book it')
      .calls('book')
      .diesFor(1000);
    expect(story.done).toEqual(['generate 1', 'run book', 'generate 2']);
    expect(story.transcript.at(-1)).toBe(
      'tool: book -> unknown: the tool was called, but its answer was lost',
    );
  });

  test('goes where the call was going', () => {
    const story = Story.open().says('A person').calls('transfer_to_queue').after(500).diesFor(4000);
    expect(story.done.at(-1)).toBe('depart queue asked');
    expect(story.diesFor(4000).done).toEqual(['depart queue asked']);
  });

  test('leads to people from where nothing was decided', () => {
    const { departure: _none, ...over } = answering().event({ type: 'lost', detail: 'stt' }).conversation;
    const { conversation, commands } = resume(over, assistant(), NOON);
    expect(conversation).toEqual({ ...over, departure: GONE });
    expect(commands).toEqual([{ do: 'depart', departure: GONE }]);
  });

  test('waits for the stream as the one before did', () => {
    const story = new Story({ greeting: 'Hello!' }).after(2000).handsOver().event(found);
    expect(story.done).toEqual(['speak Hello!']);
  });

  test('forgets the caller’s words that were not', () => {
    expect(Story.open().words('Ash').handsOver().conversation.utterance).toBeUndefined();
  });

  test('does not say a filler again', () => {
    const story = Story.open().says('When?').after(1800).replies('At nine.').after(300);
    story.done;
    expect(story.diesFor(4000).done).toEqual(['clear', 'speak At nine.']);
  });

  test('keeps the caller’s words that were certain', () => {
    const story = Story.open()
      .words('My name is', { final: true })
      .words('Ash')
      .handsOver()
      .says('Asha Rao.');
    expect(story.transcript).toEqual(['caller: My name is Asha Rao.']);
  });
});

test.each([
  ['in the middle of the caller’s words', () => Story.open().words('I')],
  ['while keys are pressed', () => Story.open().event({ type: 'digit', digit: '1' })],
  ['while the assistant thinks', () => Story.open().says('Hello')],
  ['while it speaks', () => answering()],
  ['before the stream is there', () => new Story()],
])('no hand-over %s', (_what, story) => {
  expect(isIdle(story().conversation)).toBe(false);
});
