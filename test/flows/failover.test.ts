/** The published pattern "Failover Flow": one number, then another, then the queue. */
import '../support/quiet.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Manner } from '../../carrier/index.ts';
import { type FlowStage, openFlowStage, seed } from '../support/flow-stage.ts';
import { met } from './met.ts';

const FIRST = '+15559876543';
const SECOND = '+15551112222';
const AGENT = '+15557770001';
const HOLD = 'Please hold while we connect you.';
const TRYING = 'Agent unavailable. Trying alternate contact.';
const QUEUE = 'All direct contacts unavailable. Placing you in the support queue.';

let stage: FlowStage;
beforeEach(async () => {
  stage = await openFlowStage();
  await stage.queue('support-queue-id');
  await stage.agent(AGENT, 'support-queue-id');
  await stage.flow(seed('failover-flow'));
});
afterEach(() => stage.close());

const ANSWERS: Manner = { does: 'answer' };

it.each<[string, Manner, Manner, string[], string]>([
  ['the first answers', ANSWERS, ANSWERS, [HOLD, `talks with ${FIRST}`], 'answered'],
  [
    'the first is busy, the second answers',
    { does: 'busy' },
    ANSWERS,
    [HOLD, TRYING, `talks with ${SECOND}`],
    'answered',
  ],
  [
    'the first declines, the second does not pick up: the queue',
    { does: 'reject' },
    { does: 'ignore' },
    [HOLD, TRYING, QUEUE, `talks with ${AGENT}`],
    'noanswer',
  ],
  [
    'neither can be reached: the queue',
    { does: 'fail' },
    { does: 'fail' },
    [HOLD, TRYING, QUEUE, `talks with ${AGENT}`],
    'failed',
  ],
])('%s', async (_, first, second, expected, status) => {
  stage.vobiz.teach({ [FIRST]: first, [SECOND]: second });
  const call = await stage.play();
  expect(met(call)).toEqual(expected);
  expect((await stage.record(call.uuid)).variables['connect.status']).toBe(status);
});

it('callees see the number that the flow names', async () => {
  stage.vobiz.teach({ [FIRST]: ANSWERS });
  const call = await stage.play();
  const answered = call.story.of('request').find(({ event }) => event === 'DialAnswer');
  expect(answered?.fields.DialBLegFrom).toBe('15551234567');
});

it('a number that is not of the account rings nobody, and the queue takes the call', async () => {
  await stage.close();
  stage = await openFlowStage({ carrier: { ownedNumbers: ['+15552223333'] } });
  await stage.queue('support-queue-id');
  await stage.agent(AGENT, 'support-queue-id');
  await stage.flow(seed('failover-flow'));
  expect(met(await stage.play())).toEqual([HOLD, TRYING, QUEUE, `talks with ${AGENT}`]);
});

it('a caller who gives up while it rings ends the flow, and nobody else is rung', async () => {
  stage.vobiz.teach({ [FIRST]: { does: 'ignore' } });
  const call = await stage.play({ hangsUp: { on: 'rings', after: 10 } });
  expect(call.story.of('rings')).toHaveLength(1);
  const record = await stage.record(call.uuid);
  expect(record).toMatchObject({ state: 'ended', flow: { outcome: 'hung_up' } });
});

it('whoever talks until the caller hangs up has answered', async () => {
  stage.vobiz.teach({ [FIRST]: { does: 'answer', talks: 5, hangsUp: 'caller' } });
  const call = await stage.play();
  expect(met(call)).toEqual([HOLD, `talks with ${FIRST}`]);
  expect((await stage.record(call.uuid)).state).toBe('ended');
});
