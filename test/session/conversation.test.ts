/** A caller and an assistant, in real time and over the wire: what is heard, when, and what the model is told. */
import { expect, it, vi } from 'vitest';
import { atDesk, type Desk } from './desk.ts';

// A conversation takes its time.
vi.setConfig({ testTimeout: 40_000 });

const STORY = 'Once there was a small telephone exchange by the sea. It had one operator.';

const outgoing = (desk: Desk, event: string) => desk.posted.filter(({ message }) => message.event === event);

it.concurrent(
  'holds a conversation of several turns and says goodbye to the end before it hangs up',
  atDesk({}, async desk => {
    const { call, done } = desk.call([{ text: 'what are your opening hours' }, { text: 'bye' }]);
    await done;
    expect(call.ear.text()).toBe(
      'hello. we are open from nine to five, monday to friday. thank you for calling.goodbye.',
    );
    expect(desk.doubles.requests.listen[0]?.heard.map(({ text }) => text)).toEqual([
      'what are your opening hours',
      'bye',
    ]);
    expect(desk.told(1).at(-1)).toBe('user: bye');
    expect(call.story.of('complains')).toEqual([]);
    await desk.sessions[0]?.done;
    const record = await desk.context.store.calls.one(call.uuid);
    expect(record).toMatchObject({ state: 'ended', outcome: 'connected', ai: { interruptions: 0 } });
    const conversation = await desk.conversation(call.uuid);
    expect(conversation?.departure).toEqual({ to: 'end', reason: 'done' });
  }),
);

it.concurrent(
  'stops at once when the caller starts to talk, and remembers only what was heard',
  atDesk({ script: { rules: [{ when: 'story', say: STORY }] } }, async desk => {
    const { call, done } = desk.call([
      { text: 'tell me a story' },
      { text: 'please stop there', interrupts: 1 },
      { text: 'bye' },
    ]);
    await done;
    const cleared = call.story.of('cleared')[0]?.at ?? 0;
    const heard = call.heard().filter(({ at }) => at <= cleared);
    const words = heard
      .map(({ char }) => char)
      .join('')
      .replace('hello.', '')
      .trim();
    const told = desk.told(1).find(line => line.startsWith('assistant: Once'));
    const remembered = told?.replace('assistant: ', '').toLowerCase() ?? '';
    expect(STORY.toLowerCase().startsWith(remembered)).toBe(true);
    const count = (text: string) => text.split(' ').length;
    expect(Math.abs(count(remembered) - count(words))).toBeLessThanOrEqual(1);
    expect(remembered.length).toBeLessThan(STORY.length);

    const [clear] = outgoing(desk, 'clearAudio');
    const after = outgoing(desk, 'playAudio').find(({ at }) => at >= (clear?.at ?? 0));
    expect(clear).toBeDefined();
    // The next audio is that of the next reply: nothing of the old one plays late.
    expect((after?.at ?? 0) - (clear?.at ?? 0)).toBeGreaterThan(300);
    expect(call.ear.text()).not.toContain('operator');
  }),
);

it.concurrent(
  'is not interrupted by a back-channel',
  atDesk({ script: { rules: [{ when: 'story', say: STORY }] } }, async desk => {
    const { call, done } = desk.call([
      { text: 'tell me a story' },
      { text: 'uh-huh', interrupts: 0.8 },
      { text: 'bye', hearing: 'one operator.' },
    ]);
    await done;
    expect(outgoing(desk, 'clearAudio')).toEqual([]);
    expect(call.ear.text()).toContain('by the sea.it had one operator.');
    expect(desk.doubles.requests.chat.map(({ messages }) => messages.at(-1)?.content)).not.toContain(
      'uh-huh',
    );
  }),
);

it.concurrent(
  'sends the first sentence before the model has generated the second',
  atDesk(
    {
      script: {
        rules: [
          {
            when: 'explain',
            say: 'First of all. Second thing. Third thing. Fourth thing. Fifth.',
            token_ms: 180,
          },
        ],
      },
    },
    async desk => {
      const { done } = desk.call([{ text: 'explain' }, { text: 'bye', hearing: 'fifth.' }]);
      await done;
      const [request] = desk.doubles.requests.chat;
      const [sentence] = desk.doubles.requests.speech.filter(({ text }) => text.startsWith('First'));
      const audio = outgoing(desk, 'playAudio').find(({ at }) => at > (sentence?.at ?? 0));
      expect((request?.ended_at ?? 0) - (request?.at ?? 0)).toBeGreaterThan(1500);
      expect(audio?.at).toBeLessThan((request?.ended_at ?? 0) - 800);
    },
  ),
);

it.concurrent(
  'leads a caller who presses 0 to people, and fills the time while the model thinks',
  atDesk(
    {
      assistant: { filler_after_ms: 500 },
      script: { rules: [{ when: 'slow', say: 'There.', first_token_ms: 1500 }] },
    },
    async desk => {
      const { call, done } = desk.call(
        [{ text: 'slow' }, { hearing: 'to a colleague.', after: 2, hangsUp: true }],
        {
          presses: [{ digits: '0', on: 'streams', after: 5.5 }],
        },
      );
      await done;
      expect(call.ear.text()).toMatch(/one moment, please\. ?there\./);
      const record = await desk.context.store.calls.one(call.uuid);
      expect(record).toMatchObject({ queue: 'default', departure: { to: 'queue', reason: 'key' } });
    },
  ),
);
