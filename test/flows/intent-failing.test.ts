/** Where the assistant of a flow is not there, or cannot think, the caller reaches people. */
import '../support/quiet.ts';
import { afterEach, expect, it } from 'vitest';
import { type FlowStage, type FlowStageOptions, openFlowStage, seed } from '../support/flow-stage.ts';
import { met } from './met.ts';

const GENERAL = '+15557770004';
const ANYBODY = '+15557770005';

let stage: FlowStage;
afterEach(() => stage.close());

const open = async (options: FlowStageOptions = {}) => {
  stage = await openFlowStage({
    ...options,
    carrier: { phones: { any: { does: 'answer', after: 0.2, talks: 0.5 } } },
  });
  await stage.queue('general-support-queue-id');
  await stage.agent(GENERAL, 'general-support-queue-id');
  await stage.agent(ANYBODY, 'default');
};

it('the model refuses: the status is error, and the flow goes on', async () => {
  await open({ doubles: {} });
  await stage.put('/assistants/your-ai-agent-id', { greeting: 'Hi.' });
  await stage.flow(seed('ai-customer-service'));
  stage.doubles?.script({ faults: { chat: [{ kind: 'error', persistent: true }] } });
  const call = await stage.play({ says: [{ text: 'Billing.', quiet: 0.5 }] });
  expect(met(call).at(-1)).toBe(`talks with ${GENERAL}`);
  expect((await stage.record(call.uuid)).variables['voipbin.aicall.status']).toBe('error');
});

it('there is no such assistant: warned of when the flow is saved; callers go to the fallback', async () => {
  await open();
  const { warnings } = await stage.flow(seed('ai-customer-service'));
  expect(warnings.map(({ field }: { field: string }) => field)).toContain('actions[1].option.ai_id');
  const call = await stage.play();
  expect(met(call)).toEqual([
    'Sorry, something went wrong. Please hold while we connect you to a colleague.',
    `talks with ${ANYBODY}`,
  ]);
  expect((await stage.record(call.uuid)).flow).toMatchObject({ outcome: 'failed' });
});
