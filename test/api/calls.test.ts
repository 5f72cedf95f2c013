import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { START, type TestContext, testContext } from '../support/context.ts';
import { callerHangsUp, joinLine, storeRecord } from './callers.ts';
import { apiClient } from './client.ts';

let context: TestContext;
let api: Awaited<ReturnType<typeof apiClient>>;

beforeEach(async () => {
  context = await testContext();
  api = await apiClient(context);
});
afterEach(() => context.stop());

const HOUR = 3_600_000;

const ids = (body: { calls: { call_id: string }[] }) => body.calls.map(call => call.call_id);

async function everyPage(query: string): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor = '';
  do {
    const { body } = await api(`GET /calls?${query}${cursor}`);
    pages.push(ids(body));
    cursor = body.next === null ? '' : `&cursor=${body.next}`;
  } while (cursor);
  return pages;
}

describe('the list of calls', () => {
  it('is newest first, across midnight, page by page, without gap or repetition', async () => {
    const names = [...'abcdefg'];
    for (const [at, id] of names.entries())
      await storeRecord(context, { id, joined_at: START - at * 3 * HOUR });
    expect(await everyPage('limit=3')).toEqual([
      ['b', 'c', 'd'],
      ['e', 'f', 'g'],
    ]);
    context.time += 1;
    expect(await everyPage('limit=3')).toEqual([['a', 'b', 'c'], ['d', 'e', 'f'], ['g']]);
    expect(await everyPage('limit=1')).toEqual(names.map(name => [name]));
  });

  it('keeps calls of the very same moment apart', async () => {
    for (const id of ['a', 'b', 'c']) await storeRecord(context, { id, joined_at: START - HOUR });
    expect(await everyPage('limit=1')).toEqual([['c'], ['b'], ['a']]);
  });

  it('covers the last day, or the period that is asked for: its beginning in, its end out', async () => {
    await storeRecord(context, { id: 'old', joined_at: START - 25 * HOUR });
    await storeRecord(context, { id: 'new', joined_at: START - HOUR });
    expect(ids((await api('GET /calls')).body)).toEqual(['new']);
    const from = new Date(START - 25 * HOUR).toISOString();
    const to = new Date(START - HOUR).toISOString();
    expect(ids((await api(`GET /calls?from=${from}&to=${to}`)).body)).toEqual(['old']);
    expect(ids((await api('GET /calls?from=2026-03-01&to=2026-03-02')).body)).toEqual(['old']);
    expect(ids((await api('GET /calls?from=2026-03-02T15:00:00+05:30')).body)).toEqual(['new']);
  });

  it('is filtered by queue and outcome', async () => {
    const joined_at = START - HOUR;
    await storeRecord(context, { id: 'a', joined_at, queue: 'sales', outcome: 'abandoned' });
    await storeRecord(context, { id: 'b', joined_at, queue: 'sales', outcome: 'voicemail' });
    await storeRecord(context, { id: 'c', joined_at, outcome: 'abandoned' });
    expect(ids((await api('GET /calls?queue=sales')).body)).toEqual(['b', 'a']);
    expect(ids((await api('GET /calls?outcome=abandoned')).body)).toEqual(['c', 'a']);
    expect(ids((await api('GET /calls?queue=sales&outcome=abandoned')).body)).toEqual(['a']);
  });

  it.each([
    ['limit', 'limit=0'],
    ['limit', 'limit=201'],
    ['limit', 'limit=many'],
    ['outcome', 'outcome=lost'],
    ['from', 'from=yesterday'],
    ['from', 'from=2026-02-30'],
    ['from', 'from=2026-03-02T09:00:00'],
    ['from', 'from=2026-03-02&to=2026-03-01'],
    ['from', 'from=2026-03-02&to=2026-03-02'],
    ['from', 'from=2024-01-01'],
    ['from', 'from=2030-01-01'],
    ['cursor', 'cursor=abc'],
    ['cursor', `cursor=${Buffer.from(`${START + HOUR}#x`).toString('base64url')}`],
    ['queue', 'queue=a%20b'],
    ['page', 'page=2'],
  ])('refuses a bad %s: %s', async (field, query) => {
    const { status, body } = await api(`GET /calls?${query}`);
    expect(status).toBe(400);
    expect(body.errors[0].field).toBe(field);
  });
});

describe('a call record', () => {
  it('tells the whole call', async () => {
    await storeRecord(context, {
      id: 'call-1',
      joined_at: START,
      connected_at: START + 12_340,
      ended_at: START + 72_340,
      state: 'ended',
      outcome: 'connected',
      agent: '+919876543210',
      rings: [{ offer: 1, agents: ['+919876543211'], at: START + 1000, result: 'no_answer' }],
      hangup_cause: 'NORMAL_CLEARING',
    });
    expect((await api('GET /calls/call-1')).body).toEqual({
      call_id: 'call-1',
      state: 'ended',
      outcome: 'connected',
      direction: 'inbound',
      from: '+919812345678',
      to: '+918000000000',
      queue: 'default',
      priority: 0,
      skills: [],
      joined_at: '2026-03-02T10:30:00.000Z',
      connected_at: '2026-03-02T10:30:12.340Z',
      ended_at: '2026-03-02T10:31:12.340Z',
      waited_secs: 12.3,
      talked_secs: 60,
      agent: '+919876543210',
      rings: [{ agents: ['+919876543211'], at: '2026-03-02T10:30:01.000Z', result: 'no_answer' }],
      left: null,
      voicemail: null,
      hangup_cause: 'NORMAL_CLEARING',
      assistant: null,
      began_at: '2026-03-02T10:30:00.000Z',
      carrier_call_id: 'call-1',
      dial: null,
      assisted_at: null,
      departure: null,
      variables: {},
      conversations: [],
      transcript: [],
      usage: null,
      flow: null,
      following: [],
      visits: [],
      recordings: [],
      consent: null,
      transcriptions: [],
      callback: null,
      callback_id: null,
    });
  });

  it('of a call that goes on says how long it has waited', async () => {
    await joinLine(context, 'call-1');
    context.time += 4000;
    const { body } = await api('GET /calls/call-1');
    expect(body).toMatchObject({ state: 'waiting', outcome: null, waited_secs: 4, talked_secs: null });
  });

  it('tells of the message that was left', async () => {
    const voicemail = { url: 'https://media.example.com/1.mp3', duration_secs: 7, started_at: START };
    await storeRecord(context, {
      id: 'call-1',
      joined_at: START,
      left: 'key',
      voicemail,
      outcome: 'voicemail',
    });
    const { body } = await api('GET /calls/call-1');
    expect([body.left, body.voicemail.url, body.voicemail.duration_secs]).toEqual(['key', voicemail.url, 7]);
    expect([body.voicemail.recording_id, body.voicemail.stored_at]).toEqual([null, null]);
  });

  it('is erased when the call has ended, and not before', async () => {
    await joinLine(context, 'call-1');
    expect((await api('DELETE /calls/call-1')).status).toBe(409);
    await callerHangsUp(context, 'call-1');
    expect((await api('DELETE /calls/call-1')).status).toBe(204);
    expect((await api('DELETE /calls/call-1')).status).toBe(404);
    expect((await api('GET /calls/call-1')).status).toBe(404);
  });

  it('is not found under an id that nobody knows, however strange', async () => {
    expect((await api('GET /calls/%00%2F..%2F')).status).toBe(404);
    expect((await api(`GET /calls/${'x'.repeat(257)}`)).status).toBe(400);
  });
});
