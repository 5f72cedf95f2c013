/**
 * Defects of the public example of a call queue, those about the line and the music: each test shows the running
 * stack doing right what the example does wrong.
 */
import { afterEach, describe, expect, it } from 'vitest';
import type { Call } from '../../carrier/index.ts';
import { eventually, openStage, type Stage, type StageOptions } from '../support/stage.ts';
import { heard, rung } from '../support/story.ts';

const ASHA = '+919876543210';
const GREETING = 'Thank you for calling. Please hold while we connect you.';
const PATIENT = { MAX_WAIT_CYCLES: '1000' };
let stage: Stage;

const open = async (options?: StageOptions) => {
  stage = await openStage(options);
};
afterEach(() => stage.close());

const holds = (call: Call) =>
  eventually(
    () => heard(call),
    sounds => sounds.some(sound => sound.startsWith('music')),
  );
const talks = (call: Call) =>
  eventually(
    () => heard(call),
    sounds => sounds.some(sound => sound.startsWith('bridged')),
  );
const agentIs = (state: string) =>
  eventually(
    async () => (await stage.api('GET', '/agents?state=all')).body.agents[0],
    agent => agent.state === state,
  );

it('3: an agent who is rung, talks or wraps up is not dialled by another caller', async () => {
  await open({
    phones: { [ASHA]: [{ does: 'answer', talks: 'forever' }, { does: 'answer' }] },
    settings: { HOLD_WAIT_SECS: '300', WRAP_UP_SECS: '1' },
  });
  await stage.register(ASHA);
  const first = stage.call();
  await talks(first.call);
  const second = stage.call();
  await holds(second.call);
  expect((await stage.api('GET', '/agents')).body).toEqual({ agents: [] });
  expect((await stage.api('GET', '/queue/status')).body).toMatchObject({
    callers_waiting: 1,
    agents_available: 0,
    agents: [{ state: 'busy', current_call: first.call.uuid }],
  });
  first.call.callerHangsUp();
  await first.done;
  await agentIs('wrap_up');
  expect(rung(second.call)).toEqual([]);
  await second.done;
  expect(rung(second.call)).toEqual([ASHA]);
  expect(stage.vobiz.phones.collisions).toEqual([]);
});

it('4: callers are served in the order in which they came, and each is told their own place', async () => {
  await open({ settings: PATIENT });
  const callers: ReturnType<Stage['call']>[] = [];
  for (let count = 0; count < 3; count++) {
    const caller = stage.call();
    callers.push(caller);
    await holds(caller.call);
  }
  const told = callers.map(({ call }) => heard(call)[1]);
  expect(told).toEqual(['You are next in line.', 'You are number 2 in line.', 'You are number 3 in line.']);
  await stage.register(ASHA);
  await Promise.all(callers.map(({ done }) => done));
  const records = await Promise.all(callers.map(({ call }) => stage.record(call)));
  const served = [...records].sort((a, b) => (a.connected_at < b.connected_at ? -1 : 1));
  expect(records.map(({ outcome }) => outcome)).toEqual(['connected', 'connected', 'connected']);
  expect(served).toEqual(records);
  expect(stage.vobiz.phones.collisions).toEqual([]);
});

describe('5: nobody waits while an agent is free', () => {
  it('a caller who finds a free agent hears no music and no promise of one', async () => {
    await open();
    await stage.register(ASHA);
    const { call, done } = stage.call();
    await done;
    expect(heard(call).slice(0, 2)).toEqual([GREETING, `bridged ${ASHA}`]);
  });

  it('an agent who becomes free takes the caller out of the music, at once', async () => {
    await open({
      phones: { [ASHA]: [{ does: 'answer', talks: 'forever' }, { does: 'answer' }] },
      settings: { HOLD_WAIT_SECS: '300' },
    });
    await stage.register(ASHA);
    const first = stage.call();
    await talks(first.call);
    const second = stage.call();
    await holds(second.call);
    first.call.callerHangsUp();
    await Promise.all([first.done, second.done]);
    expect(second.call.story.of('transferred')).toHaveLength(1);
    expect(second.call.story.musicMs()).toBeLessThan(250_000);
    expect(await stage.record(second.call)).toMatchObject({ outcome: 'connected' });
  });
});

describe('14: the music on hold is music', () => {
  it('in a format that the carrier plays, and as long as the cycle, without silence', async () => {
    await open({ settings: { MAX_WAIT_CYCLES: '2' } });
    const { call, done } = stage.call();
    await done;
    expect(call.story.of('skips')).toEqual([]);
    expect(call.story.of('waits')).toEqual([]);
    expect(heard(call).filter(sound => sound.startsWith('music'))).toEqual(['music 20 s', 'music 20 s']);
    const [url] = call.story.of('plays').map(entry => entry.url);
    expect((await fetch(url ?? '')).headers.get('content-type')).toBe('audio/wav');
  });

  it('a file that the carrier would skip is refused when the queue is set up', async () => {
    await open();
    const { status, body } = await stage.api('PUT', '/queues/default', {
      hold_music_url: 'https://example.com/hold.ogg',
    });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      { field: 'hold_music_url', message: expect.stringMatching(/MP3 or WAV/) },
    ]);
  });
});

it('15: a caller waits three cycles of twenty seconds, as the documentation says', async () => {
  await open();
  expect((await stage.api('GET', '/queues/default')).body).toMatchObject({
    max_wait_cycles: 3,
    hold_wait_secs: 20,
  });
  const { call, done } = stage.call();
  await done;
  expect(Math.round(call.story.musicMs() / 1000)).toBe(60);
  expect(await stage.record(call)).toMatchObject({ outcome: 'voicemail', left: 'max_cycles' });
});
