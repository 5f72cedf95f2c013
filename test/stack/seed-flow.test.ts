/** The published call flow of the queue, from greeting to goodbye, as caller, agent and supervisor see it. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually, openStage, type Stage } from '../support/stage.ts';
import { heard, rung } from '../support/story.ts';

const AGENT = '+919876543210';
let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

it('greets a caller and connects the agent at once, without music', async () => {
  await stage.register(AGENT);
  const { call, done } = stage.call();
  await done;
  expect(heard(call)).toEqual([
    'Thank you for calling. Please hold while we connect you.',
    `bridged ${AGENT}`,
    'Thank you for calling. Goodbye.',
  ]);
  expect(await stage.record(call)).toMatchObject({ state: 'ended', outcome: 'connected', agent: AGENT });
  expect(await stage.metrics()).toMatchObject({ total_calls: 1, connected: 1, abandoned: 0, waiting: 0 });
});

it('takes a message when nobody answers for three cycles', async () => {
  stage.vobiz.teach({ [AGENT]: { does: 'ignore' } });
  await stage.register(AGENT);
  const { call, done } = stage.call();
  await done;
  expect(rung(call)).toHaveLength(3);
  expect(heard(call).filter(sound => sound.startsWith('music'))).toEqual([
    'music 20 s',
    'music 20 s',
    'music 20 s',
  ]);
  const record = await stage.record(call);
  expect(record).toMatchObject({ outcome: 'voicemail', left: 'max_cycles' });
  expect(record.voicemail.recording_url ?? record.voicemail.url).toMatch(/^http/);
  expect(await stage.metrics()).toMatchObject({ total_calls: 1, connected: 0, voicemails: 1, abandoned: 0 });
});

it('rings an agent who registers while the caller holds, out of the music and not after the cycle', async () => {
  await stage.api('PUT', '/queues/default', { hold_wait_secs: 300 });
  const { call, done } = stage.call();
  await eventually(
    () => heard(call),
    sounds => sounds.some(sound => sound.startsWith('music')),
  );
  await stage.register(AGENT);
  await done;
  expect(call.story.of('transferred')).toHaveLength(1);
  expect(heard(call).filter(sound => sound.startsWith('music'))).toEqual(['music 300 s']);
  expect(await stage.record(call)).toMatchObject({ outcome: 'connected', agent: AGENT });
});
