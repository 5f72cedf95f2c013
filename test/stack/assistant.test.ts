/** Assistants through the whole stack: real sockets, worker threads, the template's permissions, the doubles. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type AssistantStage, openAssistantStage } from '../support/assistant-stage.ts';
import { done, eventually } from '../support/stage.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let stage: AssistantStage;

beforeAll(async () => {
  stage = await openAssistantStage();
});

afterAll(() => stage.close());

it('serves a caller in several turns, is interrupted, and hands over to an agent; the record tells all of it', async () => {
  const desk = await stage.openAssistant({ greeting: 'Hello, this is the desk.' });
  const agent = await desk.queue.agent({ does: 'answer', talks: 1 });
  const { call, done } = desk.call([
    { text: 'what are your opening hours' },
    { text: 'tell me a story' },
    { text: 'please stop', interrupts: 2 },
    { text: 'i want to talk to a person' },
  ]);
  await done;
  expect(call.story.of('complains')).toEqual([]);
  expect(call.story.of('bridged').length).toBe(1);
  const record = await stage.record(call);
  expect(record).toMatchObject({
    state: 'ended',
    outcome: 'connected',
    assistant: desk.id,
    queue: desk.queue.id,
    agent,
  });
  const lines = record.transcript.map(
    (entry: { who: string; text?: string }) => `${entry.who}: ${entry.text}`,
  );
  expect(lines).toContain('caller: what are your opening hours');
  expect(lines).toContain('caller: please stop');
  const story = record.transcript.find(({ text }: { text?: string }) => text?.startsWith('Once'));
  expect(story).toMatchObject({ interrupted: true });
  expect(story.text.startsWith(story.heard)).toBe(true);
  expect(story.heard.length).toBeLessThan(story.text.length / 2);
  expect(story.latency.total_ms).toBeGreaterThan(0);
  expect(record.usage).toMatchObject({ stt_secs: expect.any(Number), tts_chars: expect.any(Number) });
});

it('hears every word of frames that come late, twice, out of order or not at all', async () => {
  const desk = await stage.openAssistant();
  stage.product.way.disturb({ jitterMs: 60, repeat: 0.05, routes: ['media'], seed: 3 });
  const said = 'the quick brown fox jumps over the lazy dog and runs away';
  const { done } = desk.call([{ text: said }, { text: 'bye' }]);
  await done;
  stage.product.way.calm();
  const heard = stage.doubles.requests.listen
    .at(-1)
    ?.heard.map(({ text }) => text)
    .join(' ');
  // A busy machine may be later than the window; a frame that is lost by that costs a letter at most.
  expect(heard?.replaceAll(' ', '').length).toBeGreaterThan(said.replaceAll(' ', '').length - 3);
  expect(heard).toContain('quick brown fox');
});

it('goes on after its session was killed', async () => {
  const desk = await stage.openAssistant({ greeting: 'Hello.' });
  const { call, done } = desk.call([
    { text: 'the first thing' },
    { text: 'the second thing', quiet: 1 },
    { text: 'bye' },
  ]);
  await call.ear.until(() => call.ear.text().includes('first thing.'), call.line);
  expect(stage.product.killInstance('session', event => (event as { call: string }).call === call.uuid)).toBe(
    1,
  );
  await done;
  expect(call.ear.text()).toContain('you said: the second thing.');
  expect(call.ear.text()).toContain('goodbye.');
  expect((await stage.record(call)).outcome).toBe('connected');
});

it('opens no socket without a valid token, and stores nothing of one that names another call', async () => {
  const { default: WebSocket } = await import('ws');
  const address = `${stage.product.url.replace('http', 'ws')}/stream`;
  const refused = (url: string) =>
    new Promise(resolve => new WebSocket(url).on('error', error => resolve(error.message)));
  expect(await refused(address)).toContain('403');
  expect(await refused(`${address}?token=guessed`)).toContain('403');
});

it('a flow sends its caller to two assistants: both conversations are on the record, and what they came to', async () => {
  const [desk, shop] = [
    await stage.openAssistant(),
    await stage.openAssistant({ greeting: 'What may it be?' }),
  ];
  const talk = (ai_id: string, outcome: string) => ({
    type: 'ai_talk',
    option: { ai_id, outcomes: [outcome] },
  });
  const actions = [talk(desk.id, 'sales'), talk(shop.id, 'resolved'), { type: 'hangup' }];
  const number = '+913355000001';
  await done(stage.api('PUT', '/flows/two-talks', { name: 'Two talks', actions }));
  await done(stage.api('PUT', `/numbers/${encodeURIComponent(number)}`, { flow: 'two-talks' }));
  const { call, done: over } = stage.vobiz.call({
    from: '+914455000001',
    to: number,
    says: [{ text: 'sales please' }, { text: 'that is all, bye', hearing: 'be?' }],
  });
  await over;
  const record = await eventually(
    () => stage.record(call),
    ({ usage }) => usage?.turns === 2,
  );
  expect(record).toMatchObject({
    outcome: 'connected',
    flow: { outcome: 'completed' },
    conversations: [
      { assistant: desk.id, departure: { to: 'flow', status: 'sales' } },
      { assistant: shop.id, departure: { to: 'flow', status: 'resolved' } },
    ],
  });
  const said = record.transcript.filter(({ who }: { who: string }) => who === 'caller');
  expect(said.map(({ text }: { text: string }) => text)).toEqual(['sales please', 'that is all, bye']);
});
