/** A conversation to which a flow has sent the caller: whatever ends it, the call goes back there, with a status. */
import { describe, expect, test } from 'vitest';
import type { Departure } from '../../lambda/voice/conversation.ts';
import { onOffer } from '../../lambda/voice/outcomes.ts';
import { toolsOf } from '../../lambda/voice/tools.ts';
import { assistant, Story, variable } from './story.ts';

const OUTCOMES = ['billing', 'Technical support', 'resolved'];

const departureOf = (story: Story): Departure | undefined =>
  story.commands.flatMap(command => (command.do === 'depart' ? [command.departure] : []))[0];
const statusOf = (story: Story) => {
  const departure = departureOf(story);
  return departure?.to === 'flow' ? departure.status : departure;
};

describe('the tools', () => {
  const names = (outcomes?: string[]) =>
    toolsOf(assistant(), outcomes ? { outcomes } : {}).map(({ name }) => name);

  test('finish takes the place of end_call where there are outcomes', () => {
    expect(names(OUTCOMES)).toEqual(['transfer_to_queue', 'set_variables', 'finish']);
    expect(names([])).toEqual(['transfer_to_queue', 'end_call', 'set_variables']);
    expect(names()).toEqual(names([]));
  });

  test('the model is told the outcomes, and nothing but them', () => {
    const finish = toolsOf(assistant(), { outcomes: OUTCOMES }).find(({ name }) => name === 'finish');
    expect(finish?.parameters).toMatchObject({
      properties: { outcome: { enum: OUTCOMES } },
      required: ['outcome'],
    });
  });

  test('nobody chooses how a conversation ended', () => {
    const words = ['completed', 'timeout', 'error', 'hangup', 'transfer'];
    expect(onOffer([...words, 'sales'])).toEqual(['sales']);
    expect(new Story({}, {}, words).conversation.outcomes).toEqual([]);
  });

  test('are what the model is asked with', () => {
    const story = Story.inFlow(OUTCOMES).says('Hello');
    const asked = story.commands.find(command => command.do === 'generate');
    expect(asked).toMatchObject({ tools: [{}, {}, { name: 'finish' }] });
  });
});

describe('an outcome', () => {
  test('ends the conversation once the last words are heard', () => {
    const story = Story.inFlow(OUTCOMES).says('My bill is wrong.');
    story.event({ type: 'sentence', turn: 1, text: 'I see.' }).calls('finish', { outcome: 'billing' });
    expect(departureOf(story)).toBeUndefined();
    story.after(2000);
    expect(departureOf(story)).toEqual({ to: 'flow', reason: 'chosen', status: 'billing' });
    expect(story.transcript.at(-2)).toBe('assistant: I see.');
  });

  test('without a word leads back at once: the flow has words of its own', () => {
    const story = Story.inFlow(OUTCOMES).says('My bill is wrong.').calls('finish', { outcome: 'billing' });
    expect(statusOf(story)).toBe('billing');
    expect(story.done.filter(one => one.startsWith('speak'))).toEqual([]);
  });

  test('is known in any case of letters, and told as the flow wrote it', () => {
    const story = Story.inFlow(OUTCOMES).says('Help').calls('finish', { outcome: ' technical SUPPORT ' });
    expect(statusOf(story)).toBe('Technical support');
  });

  test.each([
    { outcome: 'sales' },
    { outcome: 7 },
    {},
    'no JSON',
  ])('that is not on offer, %j, is refused with the list', given => {
    const story = Story.inFlow(OUTCOMES).says('Help').calls('finish', given);
    expect(statusOf(story)).toBeUndefined();
    expect(story.told.at(-1)?.content).toMatch(
      given === 'no JSON'
        ? /not a JSON object/
        : /must be one of \["billing","Technical support","resolved"\]/,
    );
  });

  test('the first one counts', () => {
    const story = Story.inFlow(OUTCOMES).says('Help');
    for (const outcome of ['billing', 'resolved'])
      story.event({
        type: 'tool_call',
        turn: 1,
        id: outcome,
        name: 'finish',
        arguments: JSON.stringify({ outcome }),
      });
    expect(statusOf(story.event({ type: 'reply_done', turn: 1 }))).toBe('billing');
  });

  test('is unknown outside a flow, and end_call where there are outcomes', () => {
    const outside = Story.open().says('Bye').calls('finish', { outcome: 'billing' });
    expect(outside.told.at(-1)?.content).toContain('there is no tool "finish"');
    const inside = Story.inFlow(OUTCOMES).says('Bye').calls('end_call');
    expect(inside.told.at(-1)?.content).toContain('there is no tool "end_call"');
  });

  test('survives the session that has it', () => {
    const story = Story.inFlow(OUTCOMES).says('My bill is wrong.');
    story.event({ type: 'sentence', turn: 1, text: 'I see.' }).calls('finish', { outcome: 'billing' });
    story.handsOver();
    expect(statusOf(story)).toBe('billing');
    const before = Story.inFlow(OUTCOMES).says('Hello').replies('Hello!').after(3000).handsOver();
    before.says('My bill is wrong.').calls('finish', { outcome: 'billing' });
    expect(statusOf(before)).toBe('billing');
  });
});

describe('without an outcome the status says how it ended', () => {
  test.each<[string, (story: Story) => void, string, string]>([
    ['the model ends it', story => story.says('Bye').calls('end_call'), 'done', 'completed'],
    [
      'the caller asks for a person',
      story => story.says('Agent').calls('transfer_to_queue'),
      'asked',
      'transfer',
    ],
    [
      'the key for it is pressed',
      story => story.event({ type: 'digit', digit: '0' }).after(900),
      'key',
      'transfer',
    ],
    ['the time is up', story => story.after(61_000), 'limit', 'timeout'],
    ['a provider is lost', story => story.event({ type: 'lost', detail: 'stt' }), 'failed', 'error'],
    ['the stream is lost', story => story.event({ type: 'stream_closed' }).after(11_000), 'failed', 'error'],
  ])('%s', (_when, happens, reason, status) => {
    const story = Story.inFlow([], { max_secs: 60, silence_secs: 3600 });
    happens(story);
    expect(departureOf(story)).toMatchObject({ to: 'flow', reason, status });
    expect(story.done.filter(one => one.startsWith('speak'))).toEqual([]);
  });

  test('the caller says nothing, though asked', () => {
    const story = Story.inFlow(OUTCOMES, { silence_secs: 2, silence_prompts: 1 }).after(20_000);
    expect(departureOf(story)).toMatchObject({ to: 'flow', reason: 'silence', status: 'timeout' });
    expect(story.transcript).toEqual(['assistant: Are you still there?']);
  });

  test('why it failed, and what the caller wanted, are kept for the record', () => {
    const failed = Story.inFlow([]).event({ type: 'lost', detail: 'stt' });
    expect(departureOf(failed)).toEqual({ to: 'flow', reason: 'failed', status: 'error', detail: 'stt' });
    const asked = Story.inFlow([]).says('Agent').calls('transfer_to_queue', { reason: 'A refund.' });
    expect(departureOf(asked)).toEqual({
      to: 'flow',
      reason: 'asked',
      status: 'transfer',
      note: 'A refund.',
    });
  });

  test('a goodbye is taken back when the caller speaks on, an outcome is not', () => {
    const bye = Story.inFlow([]).says('Bye');
    bye.event({ type: 'sentence', turn: 1, text: 'Goodbye to you.' }).calls('end_call').after(500);
    expect(bye.says('wait, one more thing').conversation.departure).toBeUndefined();
    const finished = Story.inFlow(OUTCOMES).says('My bill');
    finished.event({ type: 'sentence', turn: 1, text: 'I see, one moment.' });
    finished.calls('finish', { outcome: 'billing' }).after(500).says('wait, one more thing').after(3000);
    expect(statusOf(finished)).toBe('billing');
  });
});

test('what is learnt is told apart from what was known', () => {
  const story = new Story(
    { prompt: `For ${variable('customer.name')}.` },
    { 'customer.name': 'Asha', order: '1' },
    [],
  );
  story.event({ type: 'stream_opened' }).says('It is order 7.');
  story.calls('set_variables', { variables: { order: '7', topic: 'delay' } });
  expect(story.conversation.variables).toEqual({ 'customer.name': 'Asha', order: '7', topic: 'delay' });
  expect(story.conversation.learnt).toEqual({ order: '7', topic: 'delay' });
});

test('a flow’s own variables may be named without their prefix', () => {
  const prompt = `${variable('call.source.target')} ${variable('voipbin.call.source.target')}`;
  const story = new Story({ prompt }, { 'voipbin.call.source.target': '+911' }, []);
  story.event({ type: 'stream_opened' }).says('Hello');
  const asked = story.commands.find(command => command.do === 'generate');
  expect(asked?.do === 'generate' && asked.messages[0]?.content).toContain('+911 +911');
});
