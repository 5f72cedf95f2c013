/** Calls that we place, on the whole stack: what the phone does is the outcome on the record. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Manners } from '../../carrier/index.ts';
import { agentNumber, eventually, LINE, openStage, type Stage, type StageQueue } from '../support/stage.ts';

let stage: Stage;
let empty: StageQueue;

beforeAll(async () => {
  stage = await openStage();
  empty = await stage.openQueue();
});
afterAll(() => stage.close());

/** As much of a record as the tests wait for. */
interface Told {
  state: string;
  call_id: string;
}

/** Places a call to a phone of these manners. @returns the record when `holds` is true of it */
async function place(
  manner: Manners[string],
  target: object,
  holds = ({ state }: Told) => state === 'ended',
) {
  const to = agentNumber();
  stage.vobiz.teach({ [to]: manner });
  const { status, body } = await stage.api('POST', '/calls', { to, ring_timeout_secs: 30, ...target });
  expect(status).toBe(201);
  expect(body).toMatchObject({ state: 'dialing', from: LINE, to });
  return eventually(async () => (await stage.api('GET', `/calls/${body.call_id}`)).body, holds);
}

it.each([
  ['busy', { does: 'busy' }, 'failed'],
  ['rejected', { does: 'reject' }, 'rejected'],
  ['no_answer', { does: 'ignore' }, 'failed'],
  ['failed', { does: 'fail' }, 'failed'],
  ['machine', { does: 'voicemail' }, 'voicemail'],
] as const)('%s', async (result, manner, outcome) => {
  const record = await place(manner, { queue: empty.id });
  expect(record).toMatchObject({ outcome, queue: null, dial: { result, queue: empty.id } });
  expect((await empty.metrics()).total_calls).toBe(0);
});

it('who answers waits in the queue, and is connected to an agent who comes', async () => {
  const queue = await stage.openQueue();
  const isWaiting = ({ state }: Told) => state === 'waiting';
  const { call_id } = await place({ does: 'answer', talks: 'forever' }, { queue: queue.id }, isWaiting);
  const agent = await queue.agent({ does: 'answer', talks: 3, hangsUp: 'agent' });
  const record = await eventually(
    async () => (await stage.api('GET', `/calls/${call_id}`)).body,
    ({ state }) => state === 'ended',
  );
  expect(record).toMatchObject({ outcome: 'connected', agent, dial: { result: 'answered' } });
  expect(await queue.metrics()).toMatchObject({ total_calls: 1, connected: 1 });
});

it('the carrier refuses a line that is not of the account', async () => {
  const order = { to: agentNumber(), from: '+911234567890', assistant: 'default' };
  const { status, body } = await stage.api('POST', '/calls', order);
  expect(status).toBe(201);
  const detail = expect.stringContaining('not owned by this account');
  expect(body).toMatchObject({ state: 'ended', outcome: 'failed', dial: { result: 'refused', detail } });
});
