/** Providers fail in every way: the caller hears something sensible within three seconds, and people are the way out. */
import { expect, it, vi } from 'vitest';
import type { Call } from '../../carrier/index.ts';
import type { Fault } from '../../doubles/script.ts';
import { atDesk, type Desk } from './desk.ts';

vi.setConfig({ testTimeout: 40_000 });

/** Three seconds, and as much again for a busy machine. */
const PATIENCE_MS = 6000;

const always = (kind: Fault['kind'], more: Partial<Fault> = {}): Fault => ({
  kind,
  persistent: true,
  ...more,
});

/** The caller hangs up soon after the assistant has given up. */
const UNTIL_HOLD = { hangsUp: { on: 'says' as const, after: 0.5 } };

/** The caller says something, hears what comes of it, and hangs up on hold. */
const ask = async (desk: Desk, text = 'what are your opening hours') => {
  const { call, done } = desk.call([{ text }], UNTIL_HOLD);
  await done;
  return call;
};

/** Longest time without a sound for the caller, from the end of what they said, ms. */
const waited = (call: Call) => {
  const spoken = call.story.of('speaks').at(-1);
  const end = (spoken?.at ?? 0) + (spoken?.ms ?? 0);
  const sounds = [...call.story.of('hears'), ...call.story.of('says')]
    .map(({ at }) => at)
    .filter(at => at > end);
  return Math.min(...sounds) - end;
};

const ledToPeople = async (desk: Desk, call: Call) => {
  expect(call.story.heard().join(' ')).toMatch(/sorry|not available/i);
  const record = await desk.context.store.calls.one(call.uuid);
  expect(record).toMatchObject({ queue: 'default', departure: { to: 'queue', reason: 'failed' } });
};

it.concurrent.each<[string, Parameters<typeof atDesk>[0]]>([
  ['the transcriber refuses the key', { script: { faults: { listen: [always('refuse_key')] } } }],
  ['the transcriber hears and says nothing', { script: { faults: { listen: [always('empty')] } } }],
  ['the transcriber never answers', { script: { faults: { listen: [always('hang')] } } }],
  ['the model fails', { script: { faults: { chat: [always('error')] } } }],
  ['the voice refuses the key', { script: { faults: { speech: [always('refuse_key')] } } }],
  ['the voice is silent', { script: { faults: { speech: [always('hang')] } } }],
  ['there are no keys', { product: { providers: real => ({ ...real, hasKeys: false }) } }],
  ['an endpoint asks for a key after all', { product: { keys: {} } }],
])('%s: an apology, then people', (_, options) =>
  atDesk(options, async desk => {
    const call = await ask(desk);
    expect(waited(call)).toBeLessThan(PATIENCE_MS);
    await ledToPeople(desk, call);
  })());

it.concurrent(
  'the model says nothing: the caller is asked again, and the second time led to people',
  atDesk({ script: { faults: { chat: [always('empty')] } } }, async desk => {
    const { call, done } = desk.call([{ text: 'one thing' }, { text: 'the same thing' }], UNTIL_HOLD);
    await done;
    expect(call.ear.text()).toContain('could you say it again?');
    await ledToPeople(desk, call);
  }),
);

it.concurrent(
  'the model never answers: the caller is told to wait, then led to people',
  atDesk({ script: { faults: { chat: [always('hang')] } } }, async desk => {
    const call = await ask(desk);
    expect(call.ear.text()).toContain('one moment, please.');
    await ledToPeople(desk, call);
  }),
);

it.concurrent(
  'the voice breaks off in mid-sentence: what was heard is kept, the rest is not made up',
  atDesk(
    {
      assistant: { greeting: '' },
      script: {
        timing: { speech_speed: 1 },
        faults: { speech: [{ kind: 'close', after: 40_000 }, always('error')] },
      },
    },
    async desk => {
      const { call, done } = desk.call([{ text: 'what are your opening hours', after: 0.5 }], UNTIL_HOLD);
      await done;
      await ledToPeople(desk, call);
      await desk.sessions[0]?.done;
      const spoken = (await desk.conversation(call.uuid))?.entries.find(({ who }) => who === 'assistant');
      expect(spoken).toMatchObject({ text: 'We are open from nine to five, Monday to Friday.' });
      expect(spoken && 'heard' in spoken && spoken.heard.length).toBeLessThan(30);
    },
  ),
);

it.concurrent(
  'the transcriber closes while the caller speaks: no word is lost',
  atDesk({ script: { faults: { listen: [{ kind: 'close', after: 2500 }] } } }, async desk => {
    const text = 'i would like to know what your opening hours are on a friday';
    const { done } = desk.call([{ text }, { text: 'bye' }]);
    await done;
    expect(desk.doubles.requests.listen.length).toBe(2);
    expect(desk.told(0).at(-1)).toBe(`user: ${text}`);
  }),
);

it.concurrent(
  'one failure of the model or of the voice is not heard',
  atDesk({ script: { faults: { chat: [{ kind: 'error' }], speech: [{ kind: 'error' }] } } }, async desk => {
    const { call, done } = desk.call([{ text: 'what are your opening hours' }, { text: 'bye' }]);
    await done;
    expect(call.ear.text()).toContain('we are open from nine to five, monday to friday.');
  }),
);

it.concurrent(
  'the model calls a tool that does not exist: it is told so, and answers',
  atDesk(
    {
      script: {
        rules: [
          { when: 'weather', call: [{ name: 'get_weather', arguments: {} }] },
          { when: 'no tool', say: 'I cannot say.' },
        ],
      },
    },
    async desk => {
      const { call, done } = desk.call([{ text: 'how is the weather' }, { text: 'bye' }]);
      await done;
      expect(call.ear.text()).toContain('i cannot say.');
    },
  ),
);
