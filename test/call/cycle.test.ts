/** The hold cycle: what counts, what is sat out, who is tried again. */
import { describe, expect, test } from 'vitest';
import * as cycle from '../../lambda/call/cycle.ts';
import { caller, NOW, queue } from '../queue/fixtures.ts';

const BUILT_IN = queue({ hold_wait_secs: 20 });
const OWN_MUSIC = queue({ hold_wait_secs: 20, hold_music_url: 'https://example.com/music.mp3' });
const waiting = { call: caller(1), agents: [] };

test('a cycle counts when it begins, and not when the caller cuts it short', () => {
  const begun = cycle.begin(waiting, BUILT_IN, NOW);
  expect(begun.call).toMatchObject({ cycle: 1, cycle_began_at: NOW, joined_at: waiting.call.joined_at });
  expect(cycle.uncount(begun).call.cycle).toBe(0);
  expect(cycle.uncount(waiting).call.cycle).toBe(0);
});

describe('music of the owner', () => {
  const { call } = cycle.begin(waiting, OWN_MUSIC, NOW);

  test.each([
    ['was skipped', 1000, 19],
    ['filled a little', 9000, 11],
    ['filled half of the cycle', 10_000, 0],
    ['filled it all', 21_000, 0],
  ])('that %s leaves as much to sit out', (_what, later, secs) => {
    expect(cycle.unfilledSecs(call, OWN_MUSIC, NOW + later)).toBe(secs);
  });

  test('is made up for once in a cycle', () => {
    const sat = cycle.sitOut({ call, agents: [] }, OWN_MUSIC, NOW + 1000);
    expect(cycle.unfilledSecs(sat.call, OWN_MUSIC, NOW + 1001)).toBe(0);
  });

  test('is not waited for where the music is built in, which fills the cycle exactly', () => {
    expect(cycle.unfilledSecs(call, BUILT_IN, NOW + 1000)).toBe(0);
  });
});
