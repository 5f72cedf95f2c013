/** Callbacks with the carrier, from the first ring to the talk. */
import '../support/quiet.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sweep } from '../../lambda/sweep/sweep.ts';
import { CALLER, type FlowStage, LINE, openFlowStage } from '../support/flow-stage.ts';

const AGENT = '+15557770001';
/** Whoever is rung second ends the talk. */
const FIRST = { does: 'answer', after: 1, talks: 'forever' } as const;
const SECOND = { does: 'answer', after: 1, talks: 5 } as const;

let stage: FlowStage;
beforeEach(async () => {
  stage = await openFlowStage();
});
afterEach(() => stage.close());

async function wish(order: 'agent_first' | 'caller_first') {
  await stage.queue('support', { callback_order: order });
  const { body } = await stage.api('POST', '/callbacks', { number: CALLER, queue: 'support' });
  await stage.agent(AGENT, 'support');
  return async () => (await stage.api('GET', `/callbacks/${body.callback_id}`)).body;
}

it.each([
  ['agent_first', AGENT, CALLER],
  ['caller_first', CALLER, AGENT],
] as const)('%s: both answer and talk', async (order, first, second) => {
  stage.vobiz.teach({ [first]: FIRST, [second]: SECOND });
  const callback = await wish(order);
  const placed = await stage.placed(1);
  expect(placed.to).toBe(first);
  expect(await callback()).toMatchObject({ state: 'ended', result: 'reached', agent: AGENT });
});

it.each([
  ['agent_first', 'busy'],
  ['caller_first', 'busy'],
] as const)('%s: the caller’s phone is %s', async (order, result) => {
  stage.vobiz.teach({ [AGENT]: FIRST, [CALLER]: { does: 'busy' } });
  const callback = await wish(order);
  await stage.placed(1);
  expect(await callback()).toMatchObject({ state: 'waiting', failed_attempts: [{ result }] });
  const { body } = await stage.api('GET', '/agents/%2B15557770001');
  expect(body).toMatchObject({ state: 'available' });
});

it('a caller on hold asks, and is called back when the goodbye is over', async () => {
  stage.vobiz.teach({ [AGENT]: FIRST, [CALLER]: SECOND });
  await stage.queue('support', { leave_key: '1', leave_to: 'callback', hold_wait_secs: 10 });
  await stage.put(`/numbers/${encodeURIComponent(LINE)}`, { queue: 'support' });
  const { call } = stage.call({
    presses: [
      { digits: '1', on: 'listens', after: 1 },
      { digits: '#', on: 'listens', times: 2, after: 1 },
    ],
  });
  await stage.settled();
  const over = new Promise<void>(resolve => call.story.follow(({ kind }) => kind === 'done' && resolve()));
  if (call.story.of('done').length === 0) await over;
  expect(await stage.record(call.uuid)).toMatchObject({ outcome: 'callback', left: 'callback' });
  await stage.agent(AGENT, 'support');
  expect(stage.placements).toBe(0);
  stage.stopClockAt(new Date(Date.now() + 16_000).toISOString());
  await sweep(stage.context);
  expect((await stage.placed(1)).to).toBe(AGENT);
  const { callback_id } = await stage.record(call.uuid);
  expect((await stage.api('GET', `/callbacks/${callback_id}`)).body).toMatchObject({ result: 'reached' });
});
