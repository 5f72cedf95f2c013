/** The published pattern "Business Hours Router", called at the moments that matter. */
import '../support/quiet.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FlowStage, openFlowStage, seed } from '../support/flow-stage.ts';
import { met } from './met.ts';

const AGENT = '+15557770001';
const OPEN = ['Thank you for calling. Connecting you to an agent.', `talks with ${AGENT}`];
const CLOSED = [
  'Our office is currently closed. Our hours are Monday through Friday, 9 AM to 5 PM. Please leave a message after the tone.',
  'beep',
  'recorded from here',
  'Thank you for your message. Goodbye.',
];

let stage: FlowStage;
beforeEach(async () => {
  stage = await openFlowStage();
  await stage.queue('support-queue-id');
  await stage.agent(AGENT, 'support-queue-id');
});
afterEach(() => stage.close());

const callAt = async (time: string, flow: object = seed('business-hours-router')) => {
  await stage.flow(flow);
  stage.stopClockAt(time);
  const call = await stage.play({ leavesMessage: 12 });
  return { call, record: await stage.record(call.uuid) };
};

describe('as published, in UTC', () => {
  it.each([
    ['a Monday at opening', '2026-03-02T09:00:00Z'],
    ['a Friday in its last minute', '2026-03-06T16:59:59Z'],
  ])('%s: to an agent', async (_, time) => {
    const { call, record } = await callAt(time);
    expect(met(call)).toEqual(OPEN);
    expect(record).toMatchObject({ state: 'ended', outcome: 'connected' });
    expect(record.flow.path.map(({ action }: { action: string }) => action)).toContain('during-hours');
  });

  it.each([
    ['the minute before opening', '2026-03-02T08:59:59Z'],
    ['the minute of closing', '2026-03-04T17:00:00Z'],
    ['a Saturday', '2026-03-07T12:00:00Z'],
    ['a Sunday', '2026-03-08T12:00:00Z'],
  ])('%s: a message is taken to its end, and kept', async (_, time) => {
    const { call, record } = await callAt(time);
    expect(met(call)).toEqual(CLOSED);
    expect(record.recordings).toMatchObject([{ kind: 'message', duration_secs: 17 }]);
    expect(record.recordings[0].url).toMatch(/^http/);
    expect(record.flow).toMatchObject({ outcome: 'completed' });
  });
});

describe('with a time zone, which has summer time', () => {
  const { name, actions } = seed('business-hours-router');
  const berlin = {
    name,
    actions: actions.map(action =>
      'option' in action && 'weekdays' in (action.option as object)
        ? { ...action, option: { ...(action.option as object), timezone: 'Europe/Berlin' } }
        : action,
    ),
  };

  it.each([
    ['winter, opening', '2026-03-27T08:00:00Z', OPEN],
    ['winter, a second before', '2026-03-27T07:59:59Z', CLOSED],
    ['winter, the last second', '2026-03-27T15:59:59Z', OPEN],
    ['summer, opening', '2026-03-30T07:00:00Z', OPEN],
    ['summer, a second before', '2026-03-30T06:59:59Z', CLOSED],
    ['summer, closing', '2026-03-30T15:00:00Z', CLOSED],
    ['Sunday there, Saturday in UTC', '2026-03-28T23:30:00Z', CLOSED],
  ])('%s', async (_, time, expected) => {
    expect(met((await callAt(time, berlin)).call)).toEqual(expected);
  });
});
