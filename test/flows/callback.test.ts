/** The published pattern "Callback Option Flow": the customer's own system calls back, or the caller waits. */
import '../support/quiet.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readFlow, SYSTEMS } from '../../carrier/flow/example.ts';
import type { CallerScript } from '../../carrier/index.ts';
import { CALLER, type FlowStage, openFlowStage, seed } from '../support/flow-stage.ts';
import { met } from './met.ts';

const AGENT = '+15557770001';
const OFFER =
  'All of our agents are currently busy. Your estimated wait time is 10 minutes. Press 1 to wait on hold, or press 2 to receive a callback when an agent is available.';
const NUMBER =
  "We will call you back at the number you called from. If you'd like to be called at a different number, please enter it now followed by the pound key. Otherwise, press pound to confirm.";
const thanks = (number: string) =>
  `Thank you. You will receive a callback at ${number} within the next 30 minutes. Goodbye.`;

let stage: FlowStage;
beforeEach(async () => {
  stage = await openFlowStage();
  await stage.queue('support-queue-id');
  await stage.flow(seed('callback-option-flow'));
});
afterEach(() => stage.close());

/** A key sequence for each time that the flow listens. */
const keys = (...sequences: string[]): Partial<CallerScript> => ({
  presses: sequences.map((digits, at) => ({ digits, on: 'listens', times: at + 1, after: 2 })),
});

it.each([
  ['the own number', '#', CALLER],
  ['another number', '5557654321#', '5557654321'],
  ['another number, without the pound key', '5557654321', '5557654321'],
])('%s', async (_, digits, number) => {
  const call = await stage.play(keys('2', digits));
  expect(met(call)).toEqual([OFFER, NUMBER, thanks(number)]);
  expect(stage.sent).toMatchObject([
    {
      method: 'POST',
      url: 'https://your-api.com/schedule-callback',
      body: { phone: number, call_id: call.uuid },
    },
  ]);
  const record = await stage.record(call.uuid);
  expect(record.variables['callback.number']).toBe(number);
  expect(record.flow.outcome).toBe('completed');
});

it('to wait: an agent who becomes free later is put through at once', async () => {
  const { call, done } = stage.call(keys('1'));
  const isHolding = new Promise<void>(resolve => {
    call.story.follow(entry => entry.kind === 'plays' && resolve());
  });
  await isHolding;
  await stage.agent(AGENT, 'support-queue-id');
  await done;
  expect(met(call).filter(one => one.startsWith('talks'))).toEqual([`talks with ${AGENT}`]);
  expect(call.story.of('transferred')).toHaveLength(1);
  await stage.settled();
  expect((await stage.record(call.uuid)).flow).toMatchObject({ outcome: 'completed' });
});

it('no key, and a key that means nothing: offered again', async () => {
  const call = await stage.play({
    presses: [
      { digits: '5', on: 'listens', times: 2, after: 1 },
      { digits: '2', on: 'listens', times: 3, after: 1 },
      { digits: '#', on: 'listens', times: 4, after: 1 },
    ],
  });
  expect(met(call)).toEqual([OFFER, OFFER, OFFER, NUMBER, thanks(CALLER)]);
});

it('the scheduling system is down: the caller hears the same, and the record tells', async () => {
  stage.reply('POST https://your-api.com/schedule-callback', { status: 500 });
  const call = await stage.play(keys('2', '#'));
  expect(met(call)).toEqual([OFFER, NUMBER, thanks(CALLER)]);
  expect(stage.sent).toHaveLength(3);
  const { flow } = await stage.record(call.uuid);
  const step = flow.path.find(({ action }: { action: string }) => action === 'schedule-callback');
  expect(step.result).toContain('500');
});

it('our own callback: the place in line is kept, and when an agent is free later both are rung', async () => {
  await stage.queue('helpdesk');
  await stage.flow(readFlow('callback', SYSTEMS));
  stage.vobiz.teach({
    [CALLER]: { does: 'answer', talks: 5 },
    [AGENT]: { does: 'answer', talks: 'forever' },
  });
  const call = await stage.play(keys('2', '#'));
  expect(met(call).at(-1)).toBe('You keep your place in line, and we call you when it comes up. Goodbye.');
  expect(stage.placements).toBe(0);
  await stage.agent(AGENT, 'helpdesk');
  const callback = await stage.placed(1);
  expect(callback.to).toBe(AGENT);
  expect(callback.story.of('bridged').map(({ to }) => to)).toEqual([CALLER]);
  const { outcome, callback_id, flow } = await stage.record(call.uuid);
  expect({ outcome, flow: flow.outcome }).toEqual({ outcome: 'callback', flow: 'completed' });
  expect(await stage.record(callback_id)).toMatchObject({
    outcome: 'connected',
    queue: 'helpdesk',
    agent: AGENT,
  });
  expect(stage.placements).toBe(1);
});
