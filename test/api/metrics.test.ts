import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gaps } from '../../lambda/api/queue-metrics.ts';
import { queueOf } from '../../lambda/app/context.ts';
import type { Call } from '../../lambda/call/call.ts';
import { OUTCOMES } from '../../lambda/call/call.ts';
import { HOUR_MS } from '../../lambda/platform/time.ts';
import { add, NOTHING, report, totalsOf } from '../../lambda/queue/report.ts';
import { rollUpClosedHours } from '../../lambda/sweep/rollup.ts';
import { START, type TestContext, testContext } from '../support/context.ts';
import { joinLine, storeRecord } from './callers.ts';
import { apiClient } from './client.ts';

let context: TestContext;
let api: Awaited<ReturnType<typeof apiClient>>;

beforeEach(async () => {
  context = await testContext();
  api = await apiClient(context);
});
afterEach(() => context.stop());

const LIMITS = { service_level_secs: 20, short_abandon_secs: 5 };

const iso = (ms: number) => new Date(ms).toISOString();

describe('the metrics of a queue', () => {
  it('state their period and every formula', async () => {
    const { body } = await api('GET /queue/metrics');
    expect(body).toMatchObject({ queue: 'default', from: iso(START - 24 * HOUR_MS), to: iso(START) });
    const figures = Object.keys(body).filter(key => typeof body[key] === 'number');
    expect(Object.keys(body.definitions)).toEqual(expect.arrayContaining(figures));
  });

  it('count what happened', async () => {
    const joined_at = START - HOUR_MS;
    const ended = { joined_at, state: 'ended', ended_at: joined_at + 90_000 } as const;
    await storeRecord(context, { id: 'a', ...ended, outcome: 'connected', connected_at: joined_at + 10_000 });
    await storeRecord(context, { id: 'b', ...ended, outcome: 'connected', connected_at: joined_at + 30_000 });
    await storeRecord(context, { id: 'c', ...ended, outcome: 'abandoned' });
    await storeRecord(context, { id: 'd', ...ended, outcome: 'voicemail' });
    await storeRecord(context, {
      id: 'e',
      ...ended,
      outcome: 'connected',
      queue: 'sales',
      connected_at: joined_at,
    });
    context.time = START - 1000;
    await joinLine(context, 'f');
    context.time = START;
    expect((await api('GET /queue/metrics')).body).toMatchObject({
      total_calls: 5,
      connected: 2,
      abandoned: 1,
      voicemails: 1,
      waiting: 1,
      abandonment_rate_pct: 25,
      avg_wait_secs: 20,
      longest_wait_secs: 90,
      avg_talk_secs: 70,
      service_level_pct: 33.3,
    });
    expect((await api('GET /queue/metrics?queue=sales')).body).toMatchObject({
      total_calls: 1,
      connected: 1,
    });
  });

  it('are those of the records, whatever they are', { timeout: 30_000 }, async () => {
    const from = START - 5 * HOUR_MS;
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(record(from), { maxLength: 15 }), async records => {
        const queue = `queue-${runs++}`;
        const stored = records.map((one, at) => ({ ...one, id: `${queue}-${at}`, queue }));
        for (const one of stored) await storeRecord(context, one);
        await api(`PUT /queues/${queue}`, { body: {} });
        const limits = await queueOf(context, queue);
        const sums = stored.map(one => totalsOf(one, limits, START)).reduce(add, NOTHING);
        const { body } = await api(`GET /queue/metrics?queue=${queue}&from=${iso(from)}&to=${iso(START)}`);
        expect(body).toMatchObject(report(sums, limits));
        const { connected, abandoned, voicemails, callbacks, overflows, rejected, failed, waiting } = body;
        expect(body.total_calls).toBe(
          connected + abandoned + voicemails + callbacks + overflows + rejected + failed + waiting,
        );
      }),
      { numRuns: 15 },
    );
  });

  it('are the same from added-up hours and records as from records alone', { timeout: 30_000 }, async () => {
    const first = START - 30 * HOUR_MS;
    const records = fc.sample(record(first, 29 * HOUR_MS), { numRuns: 60, seed: 20260302 });
    for (const [at, one] of records.entries())
      await storeRecord(context, {
        ...one,
        id: `call-${at}`,
        queue: 'default',
        ended_at: one.joined_at + 60_000,
      });
    const periods = [
      [first, START],
      [first + 17 * 60_000, START - 3 * 60_000],
      [START - 20 * HOUR_MS, START - 19 * HOUR_MS],
      [START - 40 * 60_000, START],
      [START - 90 * 60_000, START - 85 * 60_000],
    ];
    const answers = () =>
      Promise.all(
        periods.map(async ([from = 0, to = 0]) => {
          const { body } = await api(`GET /queue/metrics?from=${iso(from)}&to=${iso(to)}`);
          return body;
        }),
      );
    const live = await answers();
    await rollUpClosedHours(context);
    const hours = await context.store.rollups.between('default', first, START, LIMITS);
    expect(hours.size).toBeGreaterThan(5);
    expect(await answers()).toEqual(live);

    const [added] = [...hours.keys()];
    await context.store.rollups.forget('default', added ?? 0, START);
    expect(await answers()).toEqual(live);
  });

  it('take an added-up hour as it is', async () => {
    const hour = START - (START % HOUR_MS) - 3 * HOUR_MS;
    await context.store.rollups.save(
      'default',
      hour,
      { ...NOTHING, total_calls: 7, connected: 7 },
      LIMITS,
      0,
    );
    expect((await api('GET /queue/metrics')).body.connected).toBe(7);
    const within = `from=${iso(hour + 1)}&to=${iso(hour + HOUR_MS)}`;
    expect((await api(`GET /queue/metrics?${within}`)).body.connected).toBe(0);
  });

  it('no longer count a record that has been erased, added up or not', async () => {
    const joined_at = START - 3 * HOUR_MS;
    await storeRecord(context, {
      id: 'a',
      joined_at,
      ended_at: joined_at + 1,
      state: 'ended',
      outcome: 'abandoned',
    });
    await rollUpClosedHours(context);
    expect((await api('GET /queue/metrics')).body.abandoned).toBe(1);
    await api('DELETE /calls/a');
    expect((await api('GET /queue/metrics')).body.abandoned).toBe(0);
  });

  it('outlive their queue, but an unknown queue has none', async () => {
    expect((await api('GET /queue/metrics?queue=sales')).status).toBe(404);
    await storeRecord(context, { id: 'a', joined_at: START - 1, queue: 'sales' });
    expect((await api('GET /queue/metrics?queue=sales')).body.total_calls).toBe(1);
  });

  it.each([
    ['from', 'from=2026-03-02&to=2026-03-01'],
    ['from', 'from=2025-01-01&to=2026-03-01'],
    ['from', 'from=tomorrow'],
    ['to', 'to=2026-13-01'],
    ['queue', 'queue='],
    ['form', 'form=2026-03-01'],
  ])('refuse a bad %s: %s', async (field, query) => {
    const { status, body } = await api(`GET /queue/metrics?${query}`);
    expect([status, body.errors[0].field]).toEqual([400, field]);
  });
});

it('what added-up hours leave of a period has no overlap and no hole', () => {
  const hours = fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { maxLength: 10 });
  const edge = fc.integer({ min: 0, max: HOUR_MS });
  fc.assert(
    fc.property(hours, edge, edge, (numbers, before, after) => {
      const starts = numbers.sort((a, b) => a - b).map(number => START + number * HOUR_MS);
      const [from, to] = [START - before, START + 21 * HOUR_MS + after];
      const rest = gaps(from, to, starts);
      const pieces = [...rest, ...starts.map(hour => ({ from: hour, to: hour + HOUR_MS }))];
      const sorted = pieces.sort((a, b) => a.from - b.from);
      expect([sorted[0]?.from, sorted.at(-1)?.to]).toEqual([from, to]);
      for (const [at, piece] of sorted.entries()) expect(piece.from).toBe(sorted[at - 1]?.to ?? from);
      for (const [at, gap] of rest.entries()) expect(gap.from).not.toBe(rest[at - 1]?.to);
    }),
  );
});

type Joined = Pick<Call, 'joined_at'> & Partial<Call>;

/** A record of a call that joined within `span` ms after `from`, its outcome and times at random. */
function record(from: number, span = 5 * HOUR_MS): fc.Arbitrary<Joined> {
  return fc
    .record({
      outcome: fc.option(fc.constantFrom(...OUTCOMES), { nil: undefined }),
      joined_at: fc.integer({ min: from, max: from + span - 1 }),
      wait: fc.integer({ min: 0, max: 60_000 }),
      talk: fc.integer({ min: 0, max: 600_000 }),
    })
    .map(({ outcome, joined_at, wait, talk }) => ({
      joined_at,
      ...(outcome && { outcome, state: 'ended' as const, ended_at: joined_at + wait + talk }),
      ...(outcome === 'connected' && { connected_at: joined_at + wait }),
    }));
}
