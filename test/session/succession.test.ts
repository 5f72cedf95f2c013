/** Sessions come and go; the conversation is one. */
import { expect, it, vi } from 'vitest';
import { atDesk, type Desk } from './desk.ts';

vi.setConfig({ testTimeout: 60_000 });

const transcript = async (desk: Desk, call: string) =>
  ((await desk.conversation(call))?.entries ?? []).flatMap(entry => {
    if (entry.who === 'caller') return [`caller: ${entry.text}`];
    return entry.who === 'assistant' ? [`assistant: ${entry.heard}`] : [];
  });

it.concurrent(
  'crosses several sessions without a lost word, a second greeting or a second speaker',
  atDesk({ settings: { SESSION_MAX_SECS: '3' } }, async desk => {
    const { call, done } = desk.call([
      { text: 'the first thing i say' },
      { text: 'the second thing i say', quiet: 1.5 },
      { text: 'the third thing i say', quiet: 1.5 },
      { text: 'bye', quiet: 1.5 },
    ]);
    await done;
    expect(desk.sessions.length).toBeGreaterThanOrEqual(3);
    expect(await transcript(desk, call.uuid)).toEqual([
      'assistant: Hello.',
      'caller: the first thing i say',
      'assistant: You said: the first thing i say.',
      'caller: the second thing i say',
      'assistant: You said: the second thing i say.',
      'caller: the third thing i say',
      'assistant: You said: the third thing i say.',
      'caller: bye',
      'assistant: Thank you for calling. Goodbye.',
    ]);
    expect(call.ear.text().split('hello').length).toBe(2);
    expect(call.ear.text().split('you said').length).toBe(4);
  }),
);

it.concurrent(
  'of two sessions for one call, one speaks',
  atDesk({}, async desk => {
    const { call, done } = desk.call([{ text: 'bye' }]);
    while (desk.sessions.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
    desk.startSession({ call: call.uuid, generation: 1 });
    await done;
    expect(desk.sessions.length).toBe(2);
    expect(call.ear.text()).toBe('hello. thank you for calling.goodbye.');
    expect(desk.doubles.requests.listen.length).toBe(1);
  }),
);

it.concurrent.each([
  ['before the stream opens', 0],
  ['while it greets', 700],
  ['while it listens', 1700],
  ['while the caller speaks', 2600],
  ['while it answers', 4200],
])('a session that dies %s is succeeded, and no word is lost', (moment, afterMs) =>
  atDesk({ assistant: { greeting: 'Hello, this is the front desk.' } }, async desk => {
    const said = 'what i want to tell you is this';
    const { call, done } = desk.call([
      { text: said, after: 0.5, quiet: 0.5 },
      { text: 'bye', hearing: 'this.', quiet: 2 },
    ]);
    while (desk.sessions.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
    await new Promise(resolve => setTimeout(resolve, afterMs));
    desk.sessions[0]?.kill();
    await done;
    const lines = await transcript(desk, call.uuid);
    expect(lines.filter(line => line.startsWith('caller'))).toEqual([`caller: ${said}`, 'caller: bye']);
    // A greeting that was cut off by the death is said again, and the caller may talk right into it.
    const greetings = lines.filter(line => line.includes('front desk')).length;
    if (moment === 'while it greets') expect(greetings).toBeLessThanOrEqual(1);
    else expect([greetings, call.ear.text().split('front desk').length - 1]).toEqual([1, 1]);
    expect(lines.at(-1)).toBe('assistant: Thank you for calling. Goodbye.');
  })());

it.concurrent(
  'a stream that breaks off and comes back is the same conversation',
  atDesk({ assistant: { greeting: 'Hello, this is the front desk.' } }, async desk => {
    const { call, done } = desk.call(
      [
        { text: 'the first thing', quiet: 0.5 },
        { text: 'the second thing', hearing: 'first thing.', quiet: 2.5 },
        { text: 'bye' },
      ],
      { stream: { dropsAfterMs: [5500] } },
    );
    await done;
    expect(call.story.of('loses').length).toBe(1);
    const lines = await transcript(desk, call.uuid);
    expect(lines.filter(line => line.startsWith('caller'))).toEqual([
      'caller: the first thing',
      'caller: the second thing',
      'caller: bye',
    ]);
    expect(call.ear.text().split('front desk').length).toBe(2);
  }),
);
