/** The published pattern "AI Customer Service": what the assistant found out decides where the caller goes. */
import '../support/quiet.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CallerScript } from '../../carrier/index.ts';
import { type FlowStage, openFlowStage, seed } from '../support/flow-stage.ts';
import { met } from './met.ts';

const AGENTS = {
  'billing-queue-id': '+15557770001',
  'tech-support-queue-id': '+15557770002',
  'retention-queue-id': '+15557770003',
  'general-support-queue-id': '+15557770004',
  default: '+15557770005',
} as const;

let stage: FlowStage;
beforeAll(async () => {
  stage = await openFlowStage({
    doubles: {},
    carrier: { phones: { any: { does: 'answer', after: 0.2, talks: 0.5 } } },
  });
  for (const [queue, agent] of Object.entries(AGENTS)) {
    await stage.queue(queue);
    await stage.agent(agent, queue);
  }
  await stage.put('/assistants/your-ai-agent-id', { greeting: 'Hi.' });
  await stage.flow(seed('ai-customer-service'));
});
afterAll(() => stage.close());

const saying = (text: string, more: Partial<CallerScript> = {}) =>
  stage.play({ says: [{ text, quiet: 0.5 }], ...more });

it.concurrent.each([
  ['Billing.', 'billing', AGENTS['billing-queue-id']],
  ['Technical.', 'technical', AGENTS['tech-support-queue-id']],
  ['Cancel.', 'cancel', AGENTS['retention-queue-id']],
  ['A person.', 'transfer', AGENTS['general-support-queue-id']],
])('%s', async (text, status, agent) => {
  const call = await saying(text);
  expect(met(call)).toEqual([
    ...(status === 'billing' ? ["I'll transfer you to our billing department."] : []),
    `talks with ${agent}`,
  ]);
  const record = await stage.record(call.uuid);
  expect(record.variables['voipbin.aicall.status']).toBe(status);
  expect(record.transcript.map(({ who }: { who: string }) => who)).toContain('caller');
  expect(record.visits).toMatchObject([{ outcome: 'connected', agent }]);
});

it.concurrent('resolved: goodbye', async () => {
  const call = await saying('Resolved.');
  expect(met(call)).toEqual(['Thank you for calling. Have a great day!']);
  expect(await stage.record(call.uuid)).toMatchObject({ visits: [], flow: { outcome: 'completed' } });
});

it.concurrent('a caller who hangs up on the assistant', async () => {
  const call = await stage.play({ says: [{ hangsUp: true, quiet: 0.3 }] });
  const record = await stage.record(call.uuid);
  expect(record).toMatchObject({ state: 'ended', flow: { outcome: 'hung_up' } });
  expect(record.variables['voipbin.aicall.status']).toBe('hangup');
});
