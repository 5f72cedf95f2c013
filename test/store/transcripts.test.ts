/**
 * Transcriptions cross sessions: entries and the place in the stream are written together, by the latest session, and
 * nothing is once the call has been erased.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { end } from '../../lambda/call/end.ts';
import { arrive } from '../../lambda/call/transitions.ts';
import { EMPTY, type Entry } from '../../lambda/transcription/transcript.ts';
import { queue } from '../queue/fixtures.ts';
import { START, type TestContext, testContext } from '../support/context.ts';

let context: TestContext;
beforeAll(async () => {
  context = await testContext();
});
afterAll(() => context.stop());

const ARRIVAL = { from: '+919800000001', to: '+911140000000', direction: 'inbound' } as const;
let calls = 0;
async function owner() {
  const call = end(arrive({ ...ARRIVAL, id: `call-${++calls}` }, queue({ id: 'default' }), START), START);
  const stored = await context.store.commit({ call: { before: undefined, after: call }, agents: [] });
  if (!stored) throw new Error('There is such a call already.');
  return stored;
}
const said = (n: number): Entry => ({
  kind: 'speech',
  n,
  who: 'caller',
  at: n,
  ended_at: n,
  text: `words ${n}`,
});
const standing = (entries: number, after = entries) => ({
  transcript: { ...EMPTY, entries },
  after: { inbound: after },
});

it('keeps entries in order, with who has been told of which', async () => {
  const { transcripts } = context.store;
  const call = await owner();
  const entries = Array.from({ length: 12 }, (_, at) => said(at + 1));
  expect(await transcripts.save(call, '1', 1, standing(12), entries)).toBe(true);
  const [second = said(2)] = entries.slice(1);
  await transcripts.told(call, '1', second, START + 5);
  expect(await transcripts.load(call.id, '1')).toEqual(standing(12));
  const stored = await transcripts.entries(call.id, '1');
  expect(stored.map(({ n }) => n)).toEqual(entries.map(({ n }) => n));
  expect(stored[1]).toEqual({ ...second, told_at: START + 5 });
});

it('writes nothing of a session that has been succeeded, neither entries nor the place', async () => {
  const { transcripts } = context.store;
  const call = await owner();
  expect(await transcripts.save(call, '1', 1, standing(1), [said(1)])).toBe(true);
  expect(await transcripts.save(call, '1', 2, standing(1, 70), [])).toBe(true);
  expect(await transcripts.save(call, '1', 1, standing(2), [said(2)])).toBe(false);
  expect(await transcripts.load(call.id, '1')).toEqual(standing(1, 70));
  expect(await transcripts.entries(call.id, '1')).toEqual([said(1)]);
});

it('keeps the transcriptions of a call apart, and forgets them together', async () => {
  const { transcripts } = context.store;
  const call = await owner();
  for (const name of ['1', '2', '11', 'Rrec-1'])
    await transcripts.save(call, name, 1, standing(1), [{ ...said(1), who: 'agent' }]);
  await transcripts.save(call, '2', 1, standing(2), [said(2)]);
  const found = await transcripts.ofCall(call.id);
  expect(found.map(({ name, entries }) => [name, entries.length])).toEqual([
    ['1', 1],
    ['11', 1],
    ['2', 2],
    ['Rrec-1', 1],
  ]);
  await transcripts.erase(call.id);
  expect(await transcripts.ofCall(call.id)).toEqual([]);
  expect(await transcripts.load(call.id, '2')).toBeUndefined();
});

it('writes nothing of a call that has been erased, neither words nor who has been told of them', async () => {
  const { calls, transcripts } = context.store;
  const call = await owner();
  await transcripts.save(call, '1', 1, standing(1), [said(1)]);
  await transcripts.erase(call.id);
  expect(await calls.erase(call)).toBe(true);
  await transcripts.told(call, '1', said(1), START + 5);
  expect(await transcripts.save(call, '1', 1, standing(2), [said(2)])).toBe(false);
  expect(await transcripts.save(call, '2', 1, standing(1), [said(1)])).toBe(false);
  expect(await transcripts.ofCall(call.id)).toEqual([]);
});

it('another writer at the same moment is no successor', async () => {
  const { transcripts } = context.store;
  const call = await owner();
  for (const known of [0, 1]) {
    context.dynamo.faults.inject({ operation: 'TransactWriteItems' }, { kind: 'conflict' });
    await expect(transcripts.save(call, '1', 1, standing(known + 1), [said(known + 1)])).rejects.toThrow(
      'in the way',
    );
    expect(await transcripts.save(call, '1', 1, standing(known + 1), [said(known + 1)])).toBe(true);
  }
});
