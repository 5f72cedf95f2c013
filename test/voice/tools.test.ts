/** What the model may call, and what comes of it. */
import { describe, expect, test } from 'vitest';
import { toolsOf } from '../../lambda/voice/tools.ts';
import { assistant, lengthOf, Story } from './story.ts';

const lookup = {
  name: 'lookup',
  description: 'Finds an order.',
  url: 'https://example.com/orders',
  parameters: { type: 'object', properties: { order: { type: 'string' } } },
  timeout_ms: 3000,
};
const withLookup = { http_tools: [lookup] };
const result = (turn: number, text: string, id = 'call-lookup') =>
  ({ type: 'tool_done', turn, id, result: text }) as const;

test('the model knows the built-in tools that the owner left, and the owner’s own', () => {
  const settings = assistant({ built_in_tools: ['end_call'], ...withLookup });
  expect(toolsOf(settings, {}).map(({ name }) => name)).toEqual(['end_call', 'lookup']);
  expect(toolsOf(settings, {})[1]).toEqual({
    name: 'lookup',
    description: lookup.description,
    parameters: lookup.parameters,
  });
});

describe('a tool behind an address', () => {
  test('is run, and its result leads to the answer', () => {
    const story = Story.open(withLookup).says('Where is order 7?').calls('lookup', { order: '7' });
    expect(story.done).toEqual(['generate 1', 'run lookup']);
    story.after(300).event(result(1, 'on its way'));
    expect(story.told).toEqual([
      { role: 'user', content: 'Where is order 7?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'call-lookup', type: 'function', function: { name: 'lookup', arguments: '{"order":"7"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call-lookup', content: 'on its way' },
    ]);
    expect(story.done).toEqual(['generate 1']);
    story.replies('It is on its way.').after(3000);
    expect(story.transcript).toEqual([
      'caller: Where is order 7?',
      'tool: lookup -> on its way',
      'assistant: It is on its way.',
    ]);
    expect(story.conversation.entries.at(-1)).toMatchObject({ latency: { tools_ms: 300 } });
  });

  test('tells the model 2,000 letters at most, and that there was more', () => {
    const answered = (text: string) => {
      const story = Story.open(withLookup).says('Where is it?').calls('lookup').event(result(1, text));
      return String(story.told.at(-1)?.content);
    };
    expect(answered('x'.repeat(2000))).toBe('x'.repeat(2000));
    expect(answered('x'.repeat(2001))).toMatch(/^x+ … \(the rest was cut off\)$/);
    expect(answered('x'.repeat(2001))).toHaveLength(2000);
    for (const before of ['', 'x'])
      expect(answered(before + '😀'.repeat(2000))).not.toMatch(/\p{Surrogate}/u);
  });

  test('sets variables of the call', () => {
    const story = Story.open(withLookup).says('Who am I?').calls('lookup');
    story.event({ ...result(1, 'ok'), variables: { name: 'Asha' } });
    expect(story.conversation.variables).toEqual({ name: 'Asha' });
  });

  test('is waited for together with the others of the same request', () => {
    const story = Story.open(withLookup).says('Both orders');
    story.event({ type: 'tool_call', turn: 1, id: 'a', name: 'lookup', arguments: '{"order":"1"}' });
    story.event({ type: 'tool_call', turn: 1, id: 'b', name: 'lookup', arguments: '{"order":"2"}' });
    story.event({ type: 'reply_done', turn: 1 }).event(result(1, 'second', 'b'));
    expect(story.done).toEqual(['generate 1', 'run lookup', 'run lookup']);
    story.event(result(1, 'first', 'a'));
    expect(story.told.slice(1)).toMatchObject([
      { role: 'assistant', tool_calls: [{ id: 'a' }, { id: 'b' }] },
      { role: 'tool', tool_call_id: 'a', content: 'first' },
      { role: 'tool', tool_call_id: 'b', content: 'second' },
    ]);
  });

  test('may follow words, which the model is told with the call', () => {
    const story = Story.open(withLookup).says('Where is it?');
    story.event({ type: 'sentence', turn: 1, text: 'Let me look.' }).calls('lookup');
    story.after(200).event(result(1, 'lost'));
    expect(story.told.slice(1)).toMatchObject([
      { role: 'assistant', content: 'Let me look.', tool_calls: [{ id: 'call-lookup' }] },
      { role: 'tool', content: 'lost' },
    ]);
    story.replies('It is lost.').after(5000);
    expect(story.transcript.slice(1)).toEqual([
      'assistant: Let me look.',
      'tool: lookup -> lost',
      'assistant: It is lost.',
    ]);
  });

  test('whose answer never comes is given up', () => {
    const story = Story.open({ ...withLookup, filler: '' })
      .says('Where is it?')
      .calls('lookup')
      .after(4999);
    expect(story.done).toEqual(['generate 1', 'run lookup']);
    story.after(1);
    expect(story.told.at(-1)).toMatchObject({ content: 'error: the tool did not answer in time' });
  });

  test('that answers after an interruption is known in the next turn, and asked about once', () => {
    const story = Story.open(withLookup).says('Where is it?');
    story
      .event({ type: 'sentence', turn: 1, text: 'Let me look for your order.' })
      .calls('lookup')
      .after(1000);
    story.words('Hurry').event(result(1, 'lost'));
    expect(story.done).toEqual([
      'generate 1',
      'speak Let me look for your order.',
      'run lookup',
      'abort',
      'clear',
    ]);
    story.says('Hurry up');
    expect(story.told).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: 'Let me look', tool_calls: [{}] },
      { role: 'tool', content: 'lost' },
      { role: 'user', content: 'Hurry up' },
    ]);
  });

  test('that still runs when the model is asked again is not called a second time', () => {
    const story = Story.open(withLookup).says('Where is it?').calls('lookup').says('My order');
    expect(story.told.slice(1)).toMatchObject([
      { role: 'assistant', tool_calls: [{}] },
      { role: 'tool', content: 'still running; its result is not known yet' },
      { role: 'user', content: 'My order' },
    ]);
    expect(story.event(result(1, 'lost')).conversation.entries).toContainEqual(
      expect.objectContaining({ name: 'lookup', result: 'lost' }),
    );
    expect(story.done).toEqual(['generate 1', 'run lookup', 'abort', 'generate 2']);
  });

  test('answers once', () => {
    const story = Story.open(withLookup).says('Where is it?').calls('lookup').event(result(1, 'one'));
    expect(story.event(result(1, 'two')).transcript[1]).toBe('tool: lookup -> one');
    expect(story.done).toEqual(['generate 1', 'run lookup', 'generate 1']);
  });
});

describe('what the model gets wrong', () => {
  test.each([
    ['an unknown tool', 'fly', {}, 'error: there is no tool "fly"'],
    [
      'arguments that are no JSON',
      'transfer_to_queue',
      '{"queue',
      'error: the arguments are not a JSON object',
    ],
    ['a queue that is no text', 'transfer_to_queue', { queue: 7 }, 'error: queue must be a text'],
    [
      'a strange priority',
      'transfer_to_queue',
      { priority: 'high' },
      'error: priority must be a whole number from 0 to 10',
    ],
    [
      'a variable that is a list',
      'set_variables',
      { variables: { a: [] } },
      'error: the value of "a" must be a text',
    ],
  ])('%s is told to it, and it is asked again', (_what, name, given, told) => {
    const story = Story.open().says('Do it').calls(name, given);
    expect(story.told.at(-1)).toMatchObject({ role: 'tool', content: told });
    expect(story.done).toEqual(['generate 1', 'generate 1']);
  });

  test('again and again ends in an apology', () => {
    const story = Story.open().says('Do it');
    for (let times = 0; times < 5; times++) story.calls('fly');
    expect(story.done).toEqual([
      ...Array(5).fill('generate 1'),
      'speak Sorry, I did not get that.',
      'speak Could you say it again?',
    ]);
    story.after(10_000);
    expect(story.conversation).toMatchObject({ phase: 'listening', failures: 1 });
  });

  test('never makes the next request invalid', () => {
    const story = Story.open().says('Do it').calls('fly to the moon!', 'not JSON');
    expect(story.told[1]).toMatchObject({
      tool_calls: [{ function: { name: 'fly_to_the_moon_', arguments: '{}' } }],
    });
  });
});

describe('built in', () => {
  test('set_variables keeps facts, and the model goes on', () => {
    const story = Story.open()
      .says('I am Asha')
      .calls('set_variables', { variables: { name: 'Asha', age: 30 } });
    expect(story.conversation.variables).toEqual({ name: 'Asha', age: '30' });
    expect(story.told.at(-1)).toMatchObject({ role: 'tool', content: 'ok' });
    expect(story.done).toEqual(['generate 1', 'generate 1']);
  });

  test('transfer_to_queue says so, waits until that was heard, then departs', () => {
    const words = 'I am connecting you to a colleague.';
    const story = Story.open().says('A person please');
    story.calls('transfer_to_queue', { queue: 'sales', reason: 'a refund', priority: 2 });
    expect(story.done).toEqual(['generate 1', `speak ${words}`]);
    story.after(200 + lengthOf(words) - 1);
    expect(story.conversation.phase).toBe('leaving');
    story.after(1);
    expect(story.commands.at(-1)).toEqual({
      do: 'depart',
      departure: { to: 'queue', queue: 'sales', reason: 'asked', note: 'a refund', priority: 2 },
    });
    expect(story.conversation.phase).toBe('over');
    expect(story.conversation.wake_at).toBeUndefined();
  });

  test('transfer_to_queue after words of the model says nothing more', () => {
    const story = Story.open().says('A person please');
    story.event({ type: 'sentence', turn: 1, text: 'Gladly.' }).calls('transfer_to_queue').after(5000);
    expect(story.done).toEqual(['generate 1', 'speak Gladly.', 'depart queue asked']);
  });

  test('the first way out that the model takes is taken', () => {
    const story = Story.open().says('A person please');
    story.event({ type: 'tool_call', turn: 1, id: 'a', name: 'transfer_to_queue', arguments: '{}' });
    story.calls('end_call').after(6000);
    expect(story.done.at(-1)).toBe('depart queue asked');
  });

  test('calls of one request after another are told one after another', () => {
    const story = Story.open().says('I am Asha, aged 30');
    story.calls('set_variables', { name: 'Asha' }, 'a').calls('set_variables', { age: '30' }, 'b');
    expect(story.told.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant', 'tool']);
  });

  test('end_call says goodbye', () => {
    const story = Story.open().says('That is all').calls('end_call').after(6000);
    expect(story.done.slice(1)).toEqual([
      'speak Thank you for calling.',
      'speak Goodbye.',
      'depart end done',
    ]);
  });

  test('a checkpoint that never comes delays the departure by a second and a half', () => {
    const story = Story.open().says('Bye');
    story.voice = (piece, text) =>
      story.sound(piece, lengthOf(text)).filter(({ event }) => event.type !== 'played');
    story.event({ type: 'sentence', turn: 1, text: 'Bye!' }).calls('end_call');
    story.after(200 + lengthOf('Bye!') + 1499);
    expect(story.conversation.phase).toBe('leaving');
    story.after(1);
    expect(story.done.at(-1)).toBe('depart end done');
  });
});
