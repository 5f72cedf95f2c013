/** The published pattern "Transcribed Call Flow", and the same with keywords: in real time, since people speak. */
import '../support/quiet.ts';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type FlowStage, openFlowStage, type Sent, seed } from '../support/flow-stage.ts';
import { met } from './met.ts';

vi.setConfig({ testTimeout: 40_000 });

const TRANSCRIPTS = 'https://your-api.com/transcripts';
const ALERTS = 'https://your-api.com/alerts';
const LINES = ['+15552220001', '+15552220002'] as const;
const AGENTS = ['+15557770001', '+15557770002'] as const;
const ANNOUNCEMENT = 'This call is being transcribed for quality assurance. Connecting you now.';

let stage: FlowStage;
beforeAll(async () => {
  stage = await openFlowStage({ doubles: {}, settings: { TRANSCRIPT_WEBHOOK_URL: TRANSCRIPTS } });
  await stage.queue('support-queue-id');
  await stage.queue('second-queue-id');
  await stage.agent(AGENTS[0], 'support-queue-id');
  await stage.agent(AGENTS[1], 'second-queue-id');
  const talking = { does: 'answer', after: 0.1, talks: 3, says: [{ text: 'good day', after: 0.3 }] } as const;
  stage.vobiz.teach({
    [AGENTS[0]]: { ...talking, says: [...talking.says] },
    [AGENTS[1]]: { ...talking, says: [] },
  });
});
afterAll(() => stage.close());

const flow = seed('transcribed-call-flow');
const about = (call: string) => stage.sent.filter(({ body }) => body.call_id === call);
const lineOf = ({ body }: Sent): string => `${body.who}: ${body.text}`;

it.concurrent('both sides are written down, labelled and in order, and delivered signed', async () => {
  await stage.flow(flow, LINES[0]);
  const call = await stage.play({ to: LINES[0], says: [{ text: 'where is my order', after: 1 }] });
  await Promise.all(stage.sessions.map(({ done }) => done));
  expect(met(call)).toEqual(['silence', ANNOUNCEMENT, `talks with ${AGENTS[0]}`]);
  const told = about(call.uuid);
  expect(told.map(lineOf)).toEqual(['caller: where is my order', 'agent: good day']);
  expect(told.every(({ url, headers }) => url === TRANSCRIPTS && headers['webhook-signature'])).toBe(true);
  const [transcription] = (await stage.record(call.uuid)).transcriptions;
  expect(
    transcription.entries.map(({ who, text }: { who: string; text: string }) => `${who}: ${text}`),
  ).toEqual(['caller: where is my order', 'agent: good day']);
  expect(transcription.ended_at).not.toBeNull();
});

it.concurrent('a phrase is told within a second of the words, sets a variable, and leads the flow afterwards', async () => {
  const keywords = [
    { phrase: 'cancel my contract', webhook_url: ALERTS, variable: 'risk', value: 'leaving', alert: true },
  ];
  const [answer, start] = flow.actions;
  const actions = [
    answer,
    { ...start, option: { language: 'en-US', keywords } },
    { type: 'queue_join', option: { queue_id: 'second-queue-id' } },
    { type: 'transcribe_stop' },
    {
      type: 'condition_variable',
      option: {
        variable: 'risk',
        condition: '==',
        value_type: 'string',
        value_string: 'leaving',
        false_target_id: 'end',
      },
    },
    { type: 'talk', option: { text: 'Sorry to see you go.' } },
    { id: 'end', type: 'hangup' },
  ];
  await stage.flow({ name: 'Transcribed with keywords', actions }, LINES[1]);
  const call = await stage.play({
    to: LINES[1],
    says: [{ text: 'I will cancel my contract', after: 0.5 }],
  });
  await Promise.all(stage.sessions.map(({ done }) => done));
  expect(met(call)).toEqual(['silence', `talks with ${AGENTS[1]}`, 'Sorry to see you go.']);
  const [alert] = about(call.uuid).filter(({ url }) => url === ALERTS);
  expect(alert?.body).toMatchObject({ phrase: 'cancel my contract', who: 'caller', alert: true });
  const understood = (stage.doubles?.requests.listen ?? [])
    .flatMap(({ interims, heard }) => [...interims, ...heard])
    .filter(({ text }) => text.includes('my contract'))
    .map(({ at }) => at);
  expect((alert?.at ?? Number.POSITIVE_INFINITY) - Math.min(...understood)).toBeLessThan(1000);
  expect((await stage.record(call.uuid)).variables.risk).toBe('leaving');
});
