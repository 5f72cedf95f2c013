/** The published pattern "Recording Consent Flow": nothing is recorded before a yes, and the record can prove it. */
import '../support/quiet.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CallerScript } from '../../carrier/index.ts';
import { type FlowStage, openFlowStage, seed } from '../support/flow-stage.ts';
import { met } from './met.ts';

const AGENT = '+15557770001';
const QUESTION =
  'This call may be recorded for quality assurance and training purposes. Press 1 to continue with recording, or press 2 to continue without recording.';
const WELCOME = 'Thank you. How may I help you today?';

let stage: FlowStage;
beforeEach(async () => {
  stage = await openFlowStage();
  await stage.queue('support-queue-id');
  await stage.agent(AGENT, 'support-queue-id');
  await stage.flow(seed('recording-consent-flow'));
});
afterEach(() => stage.close());

const pressing = async (...presses: NonNullable<CallerScript['presses']>) => {
  const call = await stage.play({ presses });
  return { call, record: await stage.record(call.uuid) };
};

it('yes: recorded from then on, to the end of the talk', async () => {
  const { call, record } = await pressing({ digits: '1', on: 'listens', after: 3 });
  expect(met(call)).toEqual([QUESTION, 'recorded from here', WELCOME, `talks with ${AGENT}`]);
  expect(record.consent).toMatchObject({ decision: 'yes', prompt: QUESTION, version: 1 });
  expect(record.recordings).toMatchObject([{ kind: 'call' }]);
  const [{ at: began } = { at: 0 }] = call.story.of('records');
  expect(began).toBeGreaterThan(call.story.of('digits')[0]?.at ?? Number.POSITIVE_INFINITY);
  expect(Date.parse(record.recordings[0].began_at)).toBeGreaterThanOrEqual(Date.parse(record.consent.at));
});

it('no: never recorded', async () => {
  const { call, record } = await pressing({ digits: '2', on: 'listens', after: 3 });
  expect(met(call)).toEqual([QUESTION, WELCOME, `talks with ${AGENT}`]);
  expect(record.consent).toMatchObject({ decision: 'no', prompt: QUESTION, version: 1 });
  expect(record.recordings).toEqual([]);
});

it.each([
  'continue',
  'post_empty',
] as const)('no answer, and then another key: asked again, and nothing is recorded meanwhile (%s)', async gatherNoInput => {
  await stage.close();
  stage = await openFlowStage({ carrier: { gatherNoInput } });
  await stage.queue('support-queue-id');
  await stage.agent(AGENT, 'support-queue-id');
  await stage.flow(seed('recording-consent-flow'));
  const { call, record } = await pressing(
    { digits: '7', on: 'listens', times: 2, after: 1 },
    { digits: '2', on: 'listens', times: 3, after: 1 },
  );
  expect(met(call)).toEqual([QUESTION, QUESTION, QUESTION, WELCOME, `talks with ${AGENT}`]);
  expect(record.recordings).toEqual([]);
});

it('a caller who hangs up instead of answering has decided nothing, and is not recorded', async () => {
  const call = await stage.play({ hangsUp: { on: 'listens', after: 4 } });
  const record = await stage.record(call.uuid);
  expect(record).toMatchObject({ state: 'ended', consent: null, recordings: [] });
  expect(record.flow).toMatchObject({ outcome: 'hung_up' });
});

it('no, while the call is being recorded: the recording ends there, and the record says so', async () => {
  const say = (text: string) => ({ type: 'talk', option: { text } });
  const actions = [
    { type: 'recording_start', option: { format: 'mp3' } },
    say('May we record?'),
    { type: 'digits_receive' },
    { type: 'variable_set', option: { key: 'recording.consent', value: 'No' } },
    say('Then not.'),
    { type: 'sleep', option: { duration: 20_000 } },
    { type: 'hangup' },
  ];
  await stage.flow({ name: 'Recorded first', actions });
  const { record } = await pressing({ digits: '2', on: 'listens', after: 1 });
  expect(record.consent).toMatchObject({ decision: 'No', prompt: 'May we record?', ended_recording: true });
  expect(record.recordings).toHaveLength(1);
  expect(record.recordings[0].duration_secs).toBeLessThan(15);
});
