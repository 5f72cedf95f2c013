/** The published pattern "Ring All Flow": several phones at once. */
import '../support/quiet.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FlowStage, openFlowStage, seed } from '../support/flow-stage.ts';
import { met } from './met.ts';

const PHONES = ['+15559876543', '+15551112222', '+15553334444'] as const;
const HOLD = 'Please hold while we connect you to the next available agent.';

let stage: FlowStage;
beforeEach(async () => {
  stage = await openFlowStage();
  await stage.flow(seed('ring-all-flow'));
});
afterEach(() => stage.close());

it('all ring at once; the first who answers has the call, and the others stop', async () => {
  const [slow, quick, slower] = PHONES;
  stage.vobiz.teach({
    [slow]: { does: 'answer', after: 9 },
    [quick]: { does: 'answer', after: 4 },
    [slower]: { does: 'answer', after: 12 },
  });
  const call = await stage.play();
  expect(met(call)).toEqual([HOLD, `talks with ${quick}`]);
  const rings = call.story.of('rings');
  expect(rings.map(({ to }) => to).sort()).toEqual([...PHONES].sort());
  expect(new Set(rings.map(({ at }) => at)).size).toBe(1);
  const lost = call.story.of('phone').filter(({ did }) => did === 'lost the race');
  expect(lost.map(({ to }) => to).sort()).toEqual([slow, slower].sort());
  const record = await stage.record(call.uuid);
  expect(record.variables).toMatchObject({ 'connect.status': 'answered', 'connect.answered_by': quick });
  expect(record.flow.outcome).toBe('completed');
});

it('nobody answers: the flow goes on, which here is the end', async () => {
  stage.vobiz.teach(Object.fromEntries(PHONES.map(number => [number, { does: 'ignore' }] as const)));
  const call = await stage.play();
  expect(met(call)).toEqual([HOLD]);
  expect(call.ended?.source).toBe('Answer XML');
  const [ring] = call.story.of('rings');
  expect((call.endedAt ?? 0) - call.startedAt - (ring?.at ?? 0)).toBeGreaterThanOrEqual(60_000);
  expect((await stage.record(call.uuid)).variables['connect.status']).toBe('noanswer');
});

it('one is busy, one declines: the third may still answer', async () => {
  const [busy, declines, answers] = PHONES;
  stage.vobiz.teach({
    [busy]: { does: 'busy' },
    [declines]: { does: 'reject' },
    [answers]: { does: 'answer', after: 20 },
  });
  expect(met(await stage.play())).toEqual([HOLD, `talks with ${answers}`]);
});
