/** Whatever happens to records and thresholds, added-up hours and records together say what the records alone say. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { queueMetrics } from '../../lambda/api/queue-metrics.ts';
import { change } from '../../lambda/app/change.ts';
import { type Context, queueOf } from '../../lambda/app/context.ts';
import { type Call, OUTCOMES } from '../../lambda/call/call.ts';
import { settingsFrom } from '../../lambda/platform/settings.ts';
import { DAY_MS, HOUR_MS } from '../../lambda/platform/time.ts';
import { add, NOTHING, report, totalsOf } from '../../lambda/queue/report.ts';
import { rollUpClosedHours } from '../../lambda/sweep/rollup.ts';
import { CarrierLog, START } from '../support/context.ts';
import { memoryContext } from '../support/memory-context.ts';
import { MemoryTables } from '../support/memory-table.ts';
import { storeRecord } from './callers.ts';

const MINUTE_MS = 60_000;

class World {
  now = START;
  readonly #tables = new MemoryTables();
  readonly context: Context = memoryContext({
    tables: this.#tables,
    settings: settingsFrom({ PUBLIC_URL: 'https://switchboard.test' }),
    carrier: new CarrierLog().client,
    now: () => this.now,
    start: () => undefined,
    chance: () => 0,
  });

  records = () => [...this.#tables.items('Calls')].filter(({ sk }) => sk === 'CALL') as unknown as Call[];

  record = (nth: number): Call | undefined => this.records()[nth % Math.max(1, this.records().length)];
}

type Step = (world: World) => Promise<unknown>;

const arbitrary: Record<string, fc.Arbitrary<Step>> = {
  time: fc.integer({ min: 1, max: 9 * 60 }).map(minutes => async world => (world.now += minutes * MINUTE_MS)),
  rollUp: fc.constant(world => rollUpClosedHours(world.context)),
  call: fc
    .record({ outcome: fc.constantFrom(...OUTCOMES), wait: fc.nat({ max: 60 }), talk: fc.nat({ max: 600 }) })
    .map(({ outcome, wait, talk }) => async world => {
      const id = `call-${world.records().length}-${world.now}`;
      await storeRecord(world.context, { id, joined_at: world.now });
      const connected_at = world.now + wait * 1000;
      world.now = connected_at + talk * 1000;
      const answered = outcome === 'connected' ? { connected_at } : {};
      await change(world.context, id, (held, _queue, now) => ({
        ...held,
        call: { ...held.call, state: 'ended', outcome, ended_at: now, ...answered },
      }));
    }),
  longCall: fc.constant(world =>
    storeRecord(world.context, { id: `long-${world.records().length}-${world.now}`, joined_at: world.now }),
  ),
  refinement: fc.nat().map(nth => async world => {
    const call = world.record(nth);
    if (!call?.ended_at) return;
    await change(world.context, call.id, held => ({
      ...held,
      call: { ...held.call, outcome: 'connected', connected_at: call.joined_at },
    }));
  }),
  end: fc.nat().map(nth => async world => {
    const call = world.record(nth);
    if (!call || call.ended_at) return;
    await change(world.context, call.id, (held, _queue, now) => ({
      ...held,
      call: { ...held.call, state: 'ended', outcome: 'abandoned', ended_at: now },
    }));
  }),
  thresholds: fc
    .record({ service_level_secs: fc.constantFrom(10, 20), short_abandon_secs: fc.constantFrom(5, 30) })
    .map(limits => world => world.context.store.directory.queues.save({ id: 'default', ...limits })),
};

async function saysWhatTheRecordsSay({ context, now, records }: World): Promise<void> {
  const limits = await queueOf(context, 'default');
  const from = START - DAY_MS;
  const to = now + 1;
  const iso = (ms: number) => new Date(ms).toISOString();
  const query = { from: iso(from), to: iso(to) };
  const { body } = await queueMetrics.run(context, { path: {}, query, body: () => undefined });
  const sums = records()
    .map(call => totalsOf(call, limits, now))
    .reduce(add, NOTHING);
  expect(body).toEqual({ queue: 'default', ...query, ...report(sums, limits) });
}

it('hours and records agree after any story', async () => {
  const steps = fc.array(fc.oneof(...Object.values(arbitrary)), { maxLength: 40, size: 'max' });
  await fc.assert(
    fc.asyncProperty(steps, async story => {
      const world = new World();
      await rollUpClosedHours(world.context);
      for (const step of story) {
        await step(world);
        await saysWhatTheRecordsSay(world);
      }
    }),
    { numRuns: 300 },
  );
});

it('an hour is added up when its last call has been over for ten minutes', async () => {
  const world = new World();
  const { context } = world;
  await rollUpClosedHours(context);
  await storeRecord(context, {
    id: 'a',
    joined_at: world.now,
    state: 'ended',
    ended_at: world.now + HOUR_MS,
  });
  const isAddedUp = async () => {
    await rollUpClosedHours(context);
    return ((await context.store.rollups.progress())?.next ?? 0) > START;
  };
  world.now = START + HOUR_MS + 9 * MINUTE_MS;
  expect(await isAddedUp()).toBe(false);
  world.now = START + HOUR_MS + 11 * MINUTE_MS;
  expect(await isAddedUp()).toBe(true);
});

it('a quiet queue over 400 days costs no look at any record that was added up', async () => {
  const world = new World();
  const { context } = world;
  await rollUpClosedHours(context);
  await context.store.rollups.advance({
    since: START - (START % HOUR_MS) - 500 * DAY_MS,
    next: START - (START % HOUR_MS),
  });
  let looks = 0;
  const { joinedBetween } = context.store.reports;
  context.store.reports.joinedBetween = (from, to) => {
    looks++;
    return joinedBetween(from, to);
  };
  const query = { from: new Date(START - 400 * DAY_MS).toISOString(), to: new Date(START).toISOString() };
  await queueMetrics.run(context, { path: {}, query, body: () => undefined });
  // The half hours at both ends.
  expect(looks).toBe(2);
});
