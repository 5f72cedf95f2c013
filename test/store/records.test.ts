/** Reports, nonces and outages: the store beside the line. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrive } from '../../lambda/call/transitions.ts';
import { HOUR_MS, hourOf } from '../../lambda/platform/time.ts';
import { NOTHING, type Thresholds } from '../../lambda/queue/report.ts';
import { StoreUnavailable } from '../../lambda/store/outage.ts';
import { queue } from '../queue/fixtures.ts';
import { openStore } from './store.ts';

const NOW = Date.parse('2026-03-02T23:30:00Z');
const REPORTS = queue({ id: 'reports' });

let store: Awaited<ReturnType<typeof openStore>>;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.stop());

const arrival = { from: '+919811111111', to: '+911140000000', direction: 'inbound' } as const;

async function newCall(id: string, joined: number) {
  const call = arrive({ ...arrival, id }, REPORTS, joined);
  return store.commit({ call: { before: undefined, after: call }, agents: [] });
}

it('lists calls by the time of joining, across midnight, and knows which of them live', async () => {
  await newCall('before-midnight', NOW);
  await newCall('after-midnight', NOW + HOUR_MS);
  await newCall('next-day', NOW + 2 * HOUR_MS);
  const found: string[] = [];
  for await (const call of store.reports.joinedBetween(NOW, NOW + 2 * HOUR_MS)) found.push(call.id);
  expect(found).toEqual(['before-midnight', 'after-midnight']);
  const live: string[] = [];
  for await (const id of store.reports.live()) live.push(id);
  expect(live).toEqual(expect.arrayContaining(['before-midnight', 'after-midnight', 'next-day']));
});

it('creates a call once, whoever comes second', async () => {
  expect(await newCall('once', NOW)).toMatchObject({ version: 1 });
  expect(await newCall('once', NOW + 1)).toBeUndefined();
  expect(await store.calls.one('once')).toMatchObject({ joined_at: NOW });
});

describe('rollups', () => {
  const hour = hourOf(NOW);
  const three = { ...NOTHING, total_calls: 3 };
  const save = (id: string, settled = NOW) => store.rollups.save(id, hour, three, REPORTS, settled);
  const day = async (id: string, limits: Thresholds = REPORTS) => [
    ...(await store.rollups.between(id, NOW - 24 * HOUR_MS, NOW, limits)),
  ];

  it('keep an hour’s totals until a record of that hour changes', async () => {
    await save('changed');
    expect(await day('changed')).toEqual([[hour, three]]);
    await store.rollups.forget('changed', NOW, NOW);
    expect(await day('changed')).toEqual([]);
  });

  it('are given only with the thresholds they were counted with', async () => {
    await save('thresholds');
    expect(await day('thresholds', { ...REPORTS, service_level_secs: 30 })).toEqual([]);
    expect(await day('thresholds', { ...REPORTS, short_abandon_secs: 0 })).toEqual([]);
    expect(await day('thresholds')).toHaveLength(1);
  });

  it('are not kept of an hour that became stale while it was added up, but are later', async () => {
    await store.rollups.forget('raced', NOW, NOW);
    expect(await save('raced', NOW)).toBe(false);
    expect(await day('raced')).toEqual([]);
    expect(await save('raced', NOW + 1)).toBe(true);
    expect(await day('raced')).toEqual([[hour, three]]);
  });

  it('say that an hour had no calls when it was added up and has none', async () => {
    await store.rollups.advance({ since: hour - 3 * HOUR_MS, next: hour - HOUR_MS });
    await store.rollups.forget('quiet', hour - 2 * HOUR_MS, NOW);
    expect(await day('quiet')).toEqual([[hour - 3 * HOUR_MS, NOTHING]]);
  });
});

it('takes a nonce again with the same request only', async () => {
  expect(await store.nonces.claim('nonce', 'request', NOW)).toBe(true);
  expect(await store.nonces.claim('nonce', 'request', NOW)).toBe(true);
  expect(await store.nonces.claim('nonce', 'another', NOW)).toBe(false);
});

it.skipIf(process.env.SWITCHBOARD_TEST_TABLES)('calls an outage by its name, and nothing else', async () => {
  store.faults?.inject({ times: 100 }, { kind: 'throttle' });
  await expect(store.calls.one('any')).rejects.toThrow(StoreUnavailable);
  store.faults?.clear();
  await expect(store.directory.numbers.one('')).rejects.not.toThrow(StoreUnavailable);
});
