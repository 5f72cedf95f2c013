/** The line: who is next, what is announced and played meanwhile, and the ways out of it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { holdMusic } from '../../lambda/queue/hold-music.ts';
import { eventually, openStage, type Stage, type StageQueue } from '../support/stage.ts';
import { happens, heard, rung, tally } from '../support/story.ts';

/** So long that only a transfer, and no cycle, brings a caller to an agent. */
const LONG_HOLD = { hold_wait_secs: 120 };
const PROMPT = 'Sorry, nobody could take your call. Please leave a message after the tone.';
let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** A caller who is on hold when this resolves. */
async function waitingCaller(queue: StageQueue, script: Parameters<StageQueue['call']>[0] = {}) {
  const caller = queue.call(script);
  await happens(caller.call, 'plays');
  return caller;
}

const music = (sounds: string[]) => sounds.filter(sound => sound.startsWith('music'));

it('two callers and one agent: the first is served first, the second fetched from the music', async () => {
  const queue = await stage.openQueue(LONG_HOLD);
  const first = await waitingCaller(queue);
  const second = await waitingCaller(queue);
  const agent = await queue.agent({ does: 'answer', talks: 40 });
  await happens(first.call, 'bridged');
  expect(rung(second.call)).toEqual([]);
  await happens(first.call, 'unbridged');
  await Promise.all([first.done, second.done]);
  for (const { call } of [first, second]) {
    expect(rung(call)).toEqual([agent]);
    expect(music(heard(call))).toEqual(['music 120 s']);
    expect(call.story.of('transferred')).toHaveLength(1);
  }
  expect(stage.vobiz.phones.collisions).toEqual([]);
  expect(tally(await queue.metrics())).toEqual({ connected: 2 });
});

it.concurrent('callers of a queue with priority are served before those who have waited longer elsewhere', async () => {
  const normal = await stage.openQueue(LONG_HOLD);
  const urgent = await stage.openQueue({ ...LONG_HOLD, priority: 5 });
  const patient = await waitingCaller(normal);
  const important = await waitingCaller(urgent);
  await normal.agent({ does: 'answer' }, { queues: [normal.id, urgent.id] });
  await happens(important.call, 'rings');
  expect(rung(patient.call)).toEqual([]);
  await Promise.all([patient.done, important.done]);
  expect(await stage.record(important.call)).toMatchObject({ outcome: 'connected', priority: 5 });
  expect(await stage.record(patient.call)).toMatchObject({ outcome: 'connected', priority: 0 });
});

it('says the place in line, and the expected wait once handling times are known', async () => {
  const queue = await stage.openQueue(LONG_HOLD);
  await queue.agent([10, 100, 10].map(talks => ({ does: 'answer', talks })));
  const served = queue.call();
  await served.done;
  const busy = queue.call();
  await happens(busy.call, 'bridged');
  const next = await waitingCaller(queue);
  const last = await waitingCaller(queue);
  await Promise.all([busy.done, next.done, last.done]);
  const wait = 'The expected wait is less than a minute.';
  expect(heard(served.call).join()).not.toContain('expected wait');
  expect(heard(next.call)).toContain(`You are next in line. ${wait}`);
  expect(heard(last.call)).toContain(`You are number 2 in line. ${wait}`);
  expect(tally(await queue.metrics())).toEqual({ connected: 4 });
});

it.concurrent('says neither where the queue keeps both to itself', async () => {
  const queue = await stage.openQueue({ announce_position: false, announce_wait: false });
  const { call, done } = queue.call({ hangsUp: { on: 'plays', after: 1 } });
  await done;
  expect(heard(call).slice(1)).toEqual(['music 20 s']);
});

it.concurrent('a caller who presses the leave key leaves a message instead', async () => {
  const queue = await stage.openQueue({ leave_key: '1' });
  const { call, done } = queue.call({ presses: [{ digits: '1', on: 'plays', after: 3 }] });
  await done;
  expect(heard(call).slice(-3)).toEqual([PROMPT, 'beep', 'Thank you. Your message has been saved. Goodbye.']);
  expect(music(heard(call))).toHaveLength(1);
  expect(await stage.record(call)).toMatchObject({ outcome: 'voicemail', left: 'key' });
  expect(tally(await queue.metrics())).toEqual({ voicemails: 1 });
});

it.concurrent('any other key only starts the next attempt, and costs no cycle', async () => {
  const queue = await stage.openQueue({ leave_key: '1', max_wait_cycles: 2 });
  const { call, done } = queue.call({ presses: [{ digits: '5', on: 'plays', after: 3 }] });
  await done;
  expect(music(heard(call))).toEqual(['music 15 s', 'music 15 s', 'music 15 s']);
  expect(heard(call)).toContain('To stop waiting and leave a message, press 1.');
  expect(await stage.record(call)).toMatchObject({ outcome: 'voicemail', left: 'max_cycles' });
});

it.concurrent('a full line turns the next caller away', async () => {
  const queue = await stage.openQueue({ hold_wait_secs: 300, max_waiting: 1, on_full: 'turn_away' });
  const waiting = await waitingCaller(queue);
  const { call, done } = queue.call();
  await done;
  expect(heard(call).at(-1)).toBe('Sorry, we cannot take your call now. Please call again later. Goodbye.');
  expect(await stage.record(call)).toMatchObject({ state: 'ended', outcome: 'overflow', left: 'queue_full' });
  waiting.call.callerHangsUp();
  await waiting.done;
  expect(tally(await queue.metrics())).toEqual({ overflows: 1, abandoned: 1 });
});

it.concurrent('a full line turns nobody away for whom an agent is free', async () => {
  const queue = await stage.openQueue({ max_waiting: 1, on_full: 'turn_away' });
  await queue.agent({ does: 'ignore' });
  const ringing = queue.call({ hangsUp: { on: 'rings', after: 12 } });
  await happens(ringing.call, 'rings');
  const free = await queue.agent({ does: 'answer', talks: 2 });
  const { call, done } = queue.call();
  await done;
  expect(await stage.record(call)).toMatchObject({ outcome: 'connected', agent: free });
  await ringing.done;
});

it.concurrent('a full line offers the next caller voicemail where the queue prefers that', async () => {
  const queue = await stage.openQueue({ hold_wait_secs: 300, max_waiting: 1 });
  const waiting = await waitingCaller(queue);
  const { call, done } = queue.call();
  await done;
  expect(heard(call).slice(1, 3)).toEqual([PROMPT, 'beep']);
  expect(await stage.record(call)).toMatchObject({ outcome: 'voicemail', left: 'queue_full' });
  waiting.call.callerHangsUp();
  await waiting.done;
});

it.concurrent('nobody waits longer than the queue allows', async () => {
  const queue = await stage.openQueue({ max_wait_secs: 1, max_wait_cycles: 1000 });
  const { call, done } = queue.call();
  await done;
  expect(heard(call)).toContain(PROMPT);
  const record = await stage.record(call);
  expect(record).toMatchObject({ outcome: 'voicemail', left: 'max_wait' });
  expect(Date.parse(record.voicemail.started_at) - Date.parse(record.joined_at)).toBeGreaterThanOrEqual(1000);
});

it.concurrent('without voicemail a caller who has waited long enough is turned away', async () => {
  const queue = await stage.openQueue({ max_wait_cycles: 1, voicemail: false });
  const { call, done } = queue.call();
  await done;
  expect(heard(call).at(-1)).toContain('Please call again later');
  expect(await stage.record(call)).toMatchObject({ outcome: 'overflow', left: 'max_cycles' });
  expect(tally(await queue.metrics())).toEqual({ overflows: 1 });
});

it.concurrent('goes straight to voicemail while nobody is at work, where the queue says so', async () => {
  const queue = await stage.openQueue({
    when_nobody: 'voicemail',
    voicemail_prompt: 'We are closed. Speak.',
  });
  const { call, done } = queue.call();
  await done;
  expect(heard(call).slice(1, 3)).toEqual(['We are closed. Speak.', 'beep']);
  expect(music(heard(call))).toEqual([]);
  expect(await stage.record(call)).toMatchObject({ outcome: 'voicemail', left: 'nobody' });
});

it.concurrent('each number leads to its own queue, with its own words and its own agents', async () => {
  const sales = await stage.openQueue({ greeting: 'Welcome to sales.' });
  const support = await stage.openQueue({ greeting: 'Welcome to support.', language: 'en-IN', voice: 'MAN' });
  const seller = await sales.agent();
  const helper = await support.agent();
  const [one, two] = [sales.call(), support.call()];
  await Promise.all([one.done, two.done]);
  expect(heard(one.call).slice(0, 2)).toEqual(['Welcome to sales.', `bridged ${seller}`]);
  expect(heard(two.call).slice(0, 2)).toEqual(['Welcome to support.', `bridged ${helper}`]);
  expect(await stage.record(one.call)).toMatchObject({ queue: sales.id });
  expect(await stage.record(two.call)).toMatchObject({ queue: support.id });
});

it.concurrent('plays music of the owner, over and over until the cycle is full', async () => {
  const file = Buffer.from(holdMusic(10));
  const server = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'audio/wav' }).end(file),
  );
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    const hold_music_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/music.wav`;
    const queue = await stage.openQueue({ hold_music_url, hold_music_secs: 10, max_wait_cycles: 1 });
    const { call, done } = queue.call();
    await done;
    expect(call.story.of('plays').every(({ url }) => url === hold_music_url)).toBe(true);
    expect(call.story.musicMs()).toBeGreaterThanOrEqual(20_000);
  } finally {
    server.close();
  }
});

it.concurrent('music that cannot be played does not hurry the caller through the cycles', async () => {
  const queue = await stage.openQueue({
    hold_music_url: 'http://127.0.0.1:9/nothing.mp3',
    max_wait_cycles: 2,
  });
  const { call, done } = queue.call();
  await done;
  expect(call.story.of('waits').map(({ ms }) => ms)).toEqual([20_000, 20_000]);
  expect(await stage.record(call)).toMatchObject({ outcome: 'voicemail', left: 'max_cycles' });
});

it.concurrent('callers who give up make way: the next one moves up', async () => {
  const queue = await stage.openQueue({ hold_wait_secs: 60 });
  const first = await waitingCaller(queue);
  const second = await waitingCaller(queue, { hangsUp: { hearing: 'You are next in line', after: 1 } });
  first.call.callerHangsUp();
  await Promise.all([first.done, second.done]);
  expect(heard(second.call)).toContain('You are number 2 in line.');
  expect(heard(second.call)).toContain('You are next in line.');
  await eventually(queue.status, ({ callers_waiting }) => callers_waiting === 0);
  expect(tally(await queue.metrics())).toEqual({ abandoned: 2 });
});
