/** The published pattern "Post-Call Survey": a call to support, and afterwards a call to whoever made it. */
import '../support/quiet.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Manner } from '../../carrier/index.ts';
import { CALLER, type FlowStage, openFlowStage, seed } from '../support/flow-stage.ts';
import { met } from './met.ts';

const RESULTS = 'https://your-api.com/survey-results';
const AGENT = '+15557770001';
const CONTENT =
  'Thank you for contacting us. Please help us improve by answering a brief survey. On a scale of 1 to 5, how satisfied were you with your support experience? Press 1 for very unsatisfied, 5 for very satisfied.';
const SOLVED = 'Was your issue resolved? Press 1 for yes, 2 for no.';
const THANKS = 'Thank you for your feedback. Goodbye.';

let stage: FlowStage;
beforeEach(async () => {
  stage = await openFlowStage();
  await stage.queue('support-queue-id');
  await stage.agent(AGENT, 'support-queue-id');
  await stage.put('/flows/post-call-survey-flow-id', seed('post-call-survey'));
  await stage.flow(seed('support-call'));
});
afterEach(() => stage.close());

const theCaller = (manner: Manner) => stage.vobiz.teach({ [CALLER]: manner });
const keys = (...digits: string[]): Manner => ({
  does: 'answer',
  talks: 'forever',
  acts: { presses: digits.map((one, at) => ({ digits: one, on: 'listens', times: at + 1, after: 2 })) },
});

it('both answers are delivered once, signed, and kept on the record', async () => {
  theCaller(keys('4', '1'));
  const support = await stage.play();
  expect(met(support)).toEqual(['silence', 'recorded from here', `talks with ${AGENT}`]);
  const survey = await stage.placed(1);
  expect(met(survey)).toEqual([CONTENT, SOLVED, THANKS]);
  expect(survey).toMatchObject({ from: '+15551234567', to: CALLER });
  const record = await stage.record(survey.uuid);
  expect(stage.sent).toMatchObject([
    { url: RESULTS, body: { call_id: record.call_id, satisfaction: '4', resolved: '1' } },
  ]);
  expect(stage.sent[0]?.headers['webhook-signature']).toMatch(/^v1,/);
  expect(record.variables).toMatchObject({
    'survey.satisfaction': '4',
    'survey.resolved': '1',
    'voipbin.call.master_call_id': support.uuid,
  });
});

it('no answer to the first question is told as none, and the second is asked all the same', async () => {
  theCaller({
    does: 'answer',
    talks: 'forever',
    acts: { presses: [{ digits: '2', on: 'listens', times: 2, after: 1 }] },
  });
  await stage.play();
  expect(met(await stage.placed(1))).toEqual([CONTENT, SOLVED, THANKS]);
  expect(stage.sent).toMatchObject([{ body: { satisfaction: '', resolved: '2' } }]);
});

it('who hangs up in the middle has given one answer, and nothing is sent', async () => {
  theCaller({
    does: 'answer',
    talks: 'forever',
    acts: {
      presses: [{ digits: '5', on: 'listens', after: 1 }],
      hangsUp: { hearing: 'was your issue', after: 2 },
    },
  });
  await stage.play();
  const survey = await stage.placed(1);
  expect((await stage.record(survey.uuid)).variables['survey.satisfaction']).toBe('5');
  expect(stage.sent).toEqual([]);
});

it('who does not pick up is not asked', async () => {
  theCaller({ does: 'reject' });
  await stage.play();
  const survey = await stage.placed(1);
  expect(await stage.record(survey.uuid)).toMatchObject({ state: 'ended', dial: { result: 'rejected' } });
  expect(stage.sent).toEqual([]);
  expect(stage.placements).toBe(1);
});

it('a caller who hangs up while waiting is asked as well: the flow follows however the call ended', async () => {
  await stage.api('PATCH', `/agents/${encodeURIComponent(AGENT)}`, { state: 'away' });
  theCaller(keys('1', '2'));
  const support = await stage.play({ hangsUp: { on: 'plays', times: 2, after: 3 } });
  expect(support.ended?.source).toBe('Caller');
  await stage.placed(1);
  expect(stage.sent).toMatchObject([{ body: { satisfaction: '1', resolved: '2' } }]);
});

it('the endpoint is down for a moment: tried again under the same id', async () => {
  let tries = 0;
  stage.reply(`POST ${RESULTS}`, () => ({ status: ++tries < 3 ? 503 : 200 }));
  theCaller(keys('3', '1'));
  await stage.play();
  await stage.placed(1);
  expect(stage.sent).toHaveLength(3);
  expect(new Set(stage.sent.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
});
