/** What the record of a call tells of its flow, and that nothing of it is left when it is erased. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { start } from '../../lambda/flow/run.ts';
import { EMPTY } from '../../lambda/transcription/transcript.ts';
import { START, type TestContext, testContext } from '../support/context.ts';
import { storeRecord } from './callers.ts';
import { apiClient } from './client.ts';

const ID = 'flow-call';
const SECOND = 1000;

let context: TestContext;
let api: Awaited<ReturnType<typeof apiClient>>;
beforeAll(async () => {
  context = await testContext();
  api = await apiClient(context);
  await storeCall();
});
afterAll(() => context.stop());

const ran = (variables: Record<string, string>) => {
  const actions = [
    { id: 'hello', type: 'variable_set', option: { key: 'greeted', value: 'yes' } },
    { type: 'digits_receive', option: { length: 1 } },
  ];
  const flow = { id: 'survey', version: 3, name: 'Survey', actions };
  const { state } = start(flow, { variables, on_call: true }, START);
  const failures = [{ at: START + SECOND, effect: '0.0', do: 'http' as const, why: 'status 500' }];
  return { flow: 'survey', version: 3, state, told: [], todo: [], failures };
};

async function storeCall() {
  const { runs, transcripts } = context.store;
  const visit = {
    queue: 'sales',
    joined_at: START,
    left_at: START + 9 * SECOND,
    outcome: 'overflow' as const,
  };
  await storeRecord(context, {
    id: ID,
    joined_at: START,
    ended_at: START + 60 * SECOND,
    state: 'ended',
    outcome: 'connected',
    flow: ran({ tier: 'gold' }),
    visits: [visit],
    recordings: [{ id: 'rec-1', kind: 'call', began_at: START, url: 'https://files.test/rec-1.mp3' }],
    consent: {
      decision: 'yes',
      at: START,
      flow: 'survey',
      version: 3,
      action: 'hello',
      words: 'May we record?',
    },
    callback_id: 'callback-1',
  });
  const alone = ran({ 'voipbin.call.id': ID });
  await runs.save({ call: ID, id: '4.0', version: 0, run: alone, began_at: START, held_at: START });
  const owner = { id: ID, joined_at: START };
  await transcripts.save(owner, '1', 1, { transcript: { ...EMPTY, entries: 2 } }, [
    { kind: 'speech', n: 1, who: 'caller', at: START, ended_at: START + SECOND, text: 'cancel my order' },
    {
      kind: 'keyword',
      n: 2,
      who: 'caller',
      at: START + SECOND,
      keyword: 0,
      phrase: 'cancel',
      text: 'cancel my order',
    },
  ]);
}

it('tells the path, the variables, and all that came of the flow', async () => {
  const { status, body } = await api(`GET /calls/${ID}`);
  expect(status).toBe(200);
  expect(body.variables).toMatchObject({ tier: 'gold', greeted: 'yes' });
  expect(body.flow).toMatchObject({
    flow: 'survey',
    version: 3,
    outcome: null,
    fell_back: null,
    waiting_for: 'digits',
    failures: [{ at: '2026-03-02T10:30:01.000Z', effect: '0.0', do: 'http', why: 'status 500' }],
  });
  expect(body.flow.path).toEqual([
    { at: '2026-03-02T10:30:00.000Z', flow: 'survey', action: 'hello', type: 'variable_set', result: null },
    { at: '2026-03-02T10:30:00.000Z', flow: 'survey', action: '1', type: 'digits_receive', result: null },
  ]);
  expect(body.following).toMatchObject([{ flow: 'survey', variables: { 'voipbin.call.id': ID } }]);
  expect(body.visits).toMatchObject([{ queue: 'sales', outcome: 'overflow', agent: null }]);
  expect(body.recordings).toMatchObject([{ recording_id: 'rec-1', url: 'https://files.test/rec-1.mp3' }]);
  expect(body.consent).toMatchObject({
    decision: 'yes',
    version: 3,
    prompt: 'May we record?',
    ended_recording: false,
    ended_transcription: false,
  });
  expect(body.transcriptions).toMatchObject([
    { name: '1', recording: null, entries: [{ kind: 'speech', who: 'caller' }, { phrase: 'cancel' }] },
  ]);
  expect(body.callback_id).toBe('callback-1');
});

it('is erased with all of it', async () => {
  expect((await api(`DELETE /calls/${ID}`)).status).toBe(204);
  expect((await api(`GET /calls/${ID}`)).status).toBe(404);
  expect(await context.store.runs.list(ID)).toEqual([]);
  expect(await context.store.transcripts.ofCall(ID)).toEqual([]);
  const left: unknown[] = [];
  for await (const one of context.store.reports.joinedBetween(START, START + SECOND)) left.push(one);
  expect(left).toEqual([]);
});
