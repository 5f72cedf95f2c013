/** What holds whatever happens, in any order, late, twice, or about a turn of long ago. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Command, Conversation, ConversationEvent, Message } from '../../lambda/voice/conversation.ts';
import { messages } from '../../lambda/voice/messages.ts';
import { resume } from '../../lambda/voice/resume.ts';
import { begin, step } from '../../lambda/voice/step.ts';
import { assistant, NOON } from './story.ts';

const tool = {
  name: 'lookup',
  description: '',
  url: 'https://example.com',
  parameters: {},
  timeout_ms: 2000,
};
const SETTINGS = [
  assistant({ http_tools: [tool], greeting: 'Hello! How are you?' }),
  assistant({ max_secs: 20, on_limit: 'end', silence_prompts: 0, filler: '', transfer_key: '1' }),
  assistant({ interruption: { speaking: 'speech', thinking: 'off', min_words: 2, back_channel: [] } }),
];

/** What a flow tells apart that has sent the caller; the other conversations are of no flow. */
const OUTCOMES = new Map([[SETTINGS[1], ['billing', 'resolved']]]);

const WORDS = fc.constantFrom('', 'yes', 'Wait a moment', 'I need help and', 'Okay, bye.', 'one two');
const SENTENCE = fc.constantFrom('We open at nine.', 'Yes.', 'And we close at five in the afternoon.', ' ');
/** How many turns ago; mostly the present one. */
const AGE = fc.constantFrom(0, 0, 0, 0, 0, 1, 2);
const TOOL = fc.constantFrom(
  'lookup',
  'lookup',
  'lookup',
  'transfer_to_queue',
  'end_call',
  'finish',
  'set_variables',
  'fly',
);
const ARGUMENTS = fc.constantFrom('', '{}', '{"a":"b"}', '{"queue":3}', '{"outcome":"billing"}', 'not JSON');
const ID = fc.constantFrom('a', 'b', 'c');

/** An event that the present conversation makes likely, or not. */
type Maker = (talk: Conversation) => ConversationEvent;
type Type = ConversationEvent['type'];

const STREAM: fc.Arbitrary<Maker> = simple('stream_opened', 'stream_closed');
const SOUND: fc.Arbitrary<Maker> = simple('speech_started', 'utterance_end', 'cleared', 'tick', 'tick');
const SPEECH: fc.Arbitrary<Maker> = fc
  .record({ text: WORDS, final: fc.boolean(), speech_final: fc.boolean() })
  .map(said => () => ({ type: 'transcript', ...said }));
const KEY: fc.Arbitrary<Maker> = fc
  .constantFrom('0', '1', '#')
  .map(digit => () => ({ type: 'digit', digit }));
const WRITING: fc.Arbitrary<Maker> = fc
  .record({
    age: AGE,
    text: SENTENCE,
    type: fc.constantFrom('sentence', 'sentence', 'first_token', 'reply_done'),
  })
  .map(
    ({ age, ...event }) =>
      ({ turn }) =>
        ({ ...event, turn: turn - age }) as ConversationEvent,
  );
const CALL: fc.Arbitrary<Maker> = fc
  .record({ age: AGE, id: ID, name: TOOL, arguments: ARGUMENTS })
  .map(({ age, ...event }) => ({ turn }) => ({ type: 'tool_call', ...event, turn: turn - age }));
const RESULT: fc.Arbitrary<Maker> = fc.record({ age: AGE, id: ID }).map(({ age, id }) => ({ turn }) => ({
  type: 'tool_done',
  turn: turn - age,
  id,
  result: 'r',
}));

/** What happens next to the pieces of the reply, in order, and now and then something impossible. */
const PLAYING: fc.Arbitrary<Maker> = fc
  .record({
    type: fc.constantFrom(
      'begun_at',
      'audio_ms',
      'started_at',
      'started_at',
      'posted_ms',
      'sent_at',
      'played_at',
      'played_at',
    ),
    ms: fc.nat(4000),
    stray: fc.nat(9),
  })
  .map(({ type, ms, stray }) => ({ turn, reply }) => {
    const likely = reply?.pieces.find(piece => piece[type as 'played_at'] === undefined)?.name;
    const piece = stray > 1 && likely ? likely : `t${turn - (stray % 2)}.${1 + (ms % 3)}`;
    if (type === 'begun_at') return { type: 'speech_begun', piece, ms };
    if (type === 'audio_ms') return { type: 'speech_done', piece, audio_ms: ms };
    if (type === 'started_at') return { type: 'piece_started', piece };
    if (type === 'posted_ms') return { type: 'posted', piece, audio_ms: ms };
    return type === 'sent_at' ? { type: 'piece_sent', piece, audio_ms: ms } : { type: 'played', name: piece };
  });
const FAILURE: fc.Arbitrary<Maker> = fc.constantFrom(0, 1, 1, 1).map(age => ({ turn }) => ({
  type: 'reply_failed',
  turn: turn - age,
  reason: '500',
}));

const EVENT = fc.oneof(
  { arbitrary: STREAM, weight: 1 },
  { arbitrary: KEY, weight: 1 },
  { arbitrary: FAILURE, weight: 1 },
  { arbitrary: SOUND, weight: 4 },
  { arbitrary: SPEECH, weight: 6 },
  { arbitrary: CALL, weight: 2 },
  { arbitrary: RESULT, weight: 2 },
  { arbitrary: WRITING, weight: 10 },
  { arbitrary: PLAYING, weight: 16 },
);

/** An event, how long after the one before, and whether the session dies before it. */
const HISTORY = fc.array(
  fc.record({
    make: EVENT,
    wait: fc.constantFrom(0, 10, 100, 100, 300, 300, 700, 2500),
    dies: fc.nat(60).map(chance => chance === 0),
  }),
  { minLength: 20, maxLength: 80 },
);

interface Happening {
  make: Maker;
  wait: number;
  dies: boolean;
}

interface Seen {
  before: Conversation;
  after: Conversation;
  commands: Command[];
  resumed: boolean;
  now: number;
}

function simple(...types: Type[]): fc.Arbitrary<Maker> {
  return fc.constantFrom(...types).map(type => () => ({ type }) as ConversationEvent);
}

/** Plays a history, opened at the beginning; `see` looks at each step. */
function play(settings: (typeof SETTINGS)[number], history: Happening[], see: (seen: Seen) => void) {
  let now = NOON;
  let before = begin(settings, {}, now, OUTCOMES.get(settings));
  const take = (event: ConversationEvent | undefined) => {
    const { conversation, commands } = event
      ? step(before, event, settings, now)
      : resume(before, settings, now);
    see({ before, after: conversation, commands, resumed: !event, now });
    before = conversation;
  };
  take({ type: 'stream_opened' });
  for (const { make, wait, dies } of history) {
    now += wait;
    if (dies) take(undefined);
    take(make(before));
  }
}

const histories = (see: () => (seen: Seen) => void) =>
  fc.assert(
    fc.property(fc.constantFrom(...SETTINGS), HISTORY, (settings, history) => play(settings, history, see())),
    { numRuns: 150 },
  );

test('a departure is commanded at most once by a session, and nothing is said or asked after it', () => {
  histories(() => {
    let departed = false;
    return ({ commands, resumed }) => {
      if (resumed) departed = false;
      for (const command of commands) {
        if (departed) expect(command.do).not.toMatch(/speak|generate|run_tool|depart|clear/);
        departed ||= command.do === 'depart';
      }
    };
  });
});

test('a conversation is plain data, and a step leaves the one before as it was', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SETTINGS), HISTORY, (settings, history) => {
      let stored = '';
      play(settings, history, ({ before, after }) => {
        if (stored !== '') expect(JSON.stringify(before)).toBe(stored);
        stored = JSON.stringify(after);
        expect(JSON.parse(stored)).toEqual(after);
      });
    }),
    { numRuns: 50 },
  );
});

test('one reply at a time: what is said belongs to the present turn, and no turn comes back', () => {
  histories(() => {
    let spoken = 0;
    return ({ after, commands }) => {
      for (const command of commands) {
        const turn =
          command.do === 'speak'
            ? Number(/^t(\d+)/.exec(command.piece)?.[1])
            : command.do === 'generate'
              ? command.turn
              : spoken;
        expect(turn).toBeGreaterThanOrEqual(spoken);
        spoken = turn;
      }
      expect(after.turn).toBeGreaterThanOrEqual(spoken);
    };
  });
});

test('a request that has not ended is called off before another is made', () => {
  histories(() => ({ before, commands, resumed }) => {
    let running = before.reply?.open && before.phase !== 'opening' && !resumed;
    for (const command of commands) {
      if (command.do === 'abort') running = false;
      if (command.do === 'generate' && before.turn !== command.turn) expect(running).not.toBe(true);
    }
  });
});

test('what was heard is a beginning of what was said, and never grows after its end', () => {
  histories(() => ({ before, after }) => {
    for (const entry of after.entries)
      if (entry.who === 'assistant') expect(entry.text.startsWith(entry.heard)).toBe(true);
    const ended = before.entries.filter(entry => entry.who === 'assistant' && entry.ended_at !== undefined);
    for (const entry of ended) expect(after.entries).toContainEqual(entry);
  });
});

test('nothing waits for ever: there is a time to look again, or the call goes elsewhere', () => {
  histories(() => ({ after, now }) => {
    if (after.phase === 'over')
      expect([after.wake_at, typeof after.departure]).toEqual([undefined, 'object']);
    else expect(after.wake_at).toBeGreaterThan(now);
  });
});

test('a conversation of a flow leads back there, and no other does', () => {
  histories(() => ({ after: { departure, outcomes } }) => {
    if (departure) expect(departure.to === 'flow').toBe(outcomes !== undefined);
  });
});

test('looking too early changes nothing', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SETTINGS), HISTORY, (settings, history) => {
      play(settings, history, ({ after, now }) => {
        const early = step(after, { type: 'tick' }, settings, now);
        expect(early).toEqual({ conversation: after, commands: [] });
      });
    }),
    { numRuns: 100 },
  );
});

test('left alone, every conversation comes to its end', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SETTINGS), HISTORY, (settings, history) => {
      let last: Conversation | undefined;
      play(settings, history, ({ after }) => {
        last = after;
      });
      for (let looks = 0; last && last.phase !== 'over'; looks++) {
        expect(looks).toBeLessThan(60);
        last = step(last, { type: 'tick' }, settings, last.wake_at ?? Infinity).conversation;
      }
    }),
    { numRuns: 100 },
  );
});

test('the model is always told a valid conversation', () => {
  histories(() => ({ after, commands, now }) => {
    for (const command of commands) if (command.do === 'generate') expectValid(command.messages);
    expectValid(messages(after, SETTINGS[0] ?? assistant(), now));
  });
});

/** Instructions first; each call followed at once by its results, as many and in that order; no empty words. */
function expectValid([first, ...rest]: Message[]): void {
  expect(first?.role).toBe('system');
  let awaited: string[] = [];
  for (const message of rest) {
    if (message.role === 'tool') expect(awaited.shift()).toBe(message.tool_call_id);
    else expect(awaited).toEqual([]);
    if (message.role === 'assistant') {
      awaited = message.tool_calls?.map(({ id }) => id) ?? [];
      expect(new Set(awaited).size).toBe(awaited.length);
      if (!message.tool_calls) expect(message.content).not.toBe('');
      for (const { function: called } of message.tool_calls ?? []) JSON.parse(called.arguments);
    } else expect(message.content).not.toBe('');
  }
  expect(awaited).toEqual([]);
}
