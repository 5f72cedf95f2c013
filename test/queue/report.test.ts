/** The metrics: counts add up, hours add up to days, and every figure has its formula. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OUTCOMES } from '../../lambda/call/call.ts';
import { add, type Counted, NOTHING, report, totalsOf } from '../../lambda/queue/report.ts';

const LIMITS = { service_level_secs: 20, short_abandon_secs: 5 };
const NOW = 10_000_000;

const totals = (calls: Counted[]) => calls.map(call => totalsOf(call, LIMITS, NOW)).reduce(add, NOTHING);

const calls: fc.Arbitrary<Counted[]> = fc.array(
  fc
    .record({
      outcome: fc.option(fc.constantFrom(...OUTCOMES), { nil: undefined }),
      joined_at: fc.nat({ max: 5_000_000 }),
      wait: fc.nat({ max: 600_000 }),
      talk: fc.nat({ max: 600_000 }),
    })
    .map(({ outcome, joined_at, wait, talk }) => ({
      joined_at,
      ...(outcome && { outcome, ended_at: joined_at + wait + talk }),
      ...(outcome === 'connected' && { connected_at: joined_at + wait }),
    })),
  { maxLength: 30 },
);

test('every call is in exactly one column', () => {
  fc.assert(
    fc.property(calls, all => {
      const {
        total_calls,
        connected,
        abandoned,
        voicemails,
        callbacks,
        overflows,
        rejected,
        failed,
        waiting,
      } = report(totals(all), LIMITS);
      expect(total_calls).toBe(all.length);
      expect(connected + abandoned + voicemails + callbacks + overflows + rejected + failed + waiting).toBe(
        all.length,
      );
    }),
  );
});

test('parts add up to the whole, in whatever way they are cut', () => {
  fc.assert(
    fc.property(calls, fc.nat({ max: 30 }), (all, cut) => {
      expect(add(totals(all.slice(0, cut)), totals(all.slice(cut)))).toEqual(totals(all));
    }),
  );
});

test('percentages and means follow their formulas', () => {
  const numbers = report(
    totals([
      { outcome: 'connected', joined_at: 0, connected_at: 10_000, ended_at: 70_000 },
      { outcome: 'connected', joined_at: 0, connected_at: 30_000 },
      { outcome: 'abandoned', joined_at: 0, ended_at: 4000 },
      { outcome: 'abandoned', joined_at: 0, ended_at: 40_000 },
      { outcome: 'voicemail', joined_at: 0, ended_at: 90_000 },
      { joined_at: NOW - 50_000 },
    ]),
    LIMITS,
  );
  expect(numbers).toMatchObject({
    total_calls: 6,
    connected: 2,
    abandoned: 2,
    voicemails: 1,
    waiting: 1,
    short_abandons: 1,
    abandonment_rate_pct: 40,
    service_level_pct: 33.3,
    avg_wait_secs: 20,
    longest_wait_secs: 50,
    avg_talk_secs: 60,
  });
});

test('a callback is counted, and its wait is nobody’s', () => {
  const all = [
    { outcome: 'connected', joined_at: 0, connected_at: 10_000, ended_at: 70_000 },
    { outcome: 'connected', joined_at: 0, connected_at: 9_000_000, is_callback: true },
    { outcome: 'connected', joined_at: 0, connected_at: 9_000_000, callback: {} },
    { joined_at: 0, is_callback: true },
  ] as const;
  expect(report(totals([...all]), LIMITS)).toMatchObject({
    total_calls: 4,
    connected: 3,
    called_back: 2,
    waiting: 1,
    service_level_pct: 100,
    avg_wait_secs: 10,
    longest_wait_secs: 10,
  });
});

test('with no calls every figure is 0 and has its definition', () => {
  const { definitions, ...numbers } = report(NOTHING, LIMITS);
  expect(Object.values(numbers).every(value => value === 0)).toBe(true);
  expect(Object.keys(definitions).sort()).toEqual(Object.keys(numbers).sort());
});
