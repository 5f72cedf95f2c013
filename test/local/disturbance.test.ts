import { expect, it } from 'vitest';
import { type Disturbance, Way } from '../../local/gateway/disturbance.ts';

const over = (disturbance: Disturbance, route = 'media') => {
  const way = new Way();
  way.disturb(disturbance);
  return Array.from({ length: 2000 }, () => way.arrivals(route));
};

it('undisturbed messages arrive once and at once', () => {
  expect(over({})).toEqual(Array.from({ length: 2000 }, () => [0]));
});

it('shares are kept, and delays stay within the jitter', () => {
  const arrivals = over({ lose: 0.02, repeat: 0.05, jitterMs: 60 });
  const share = (count: number) => arrivals.filter(each => each.length === count).length / arrivals.length;
  expect(share(0)).toBeCloseTo(0.02, 1.7);
  expect(share(2)).toBeCloseTo(0.05, 1.5);
  expect(Math.max(...arrivals.flat())).toBeLessThan(60);
  expect(Math.max(...arrivals.flat())).toBeGreaterThan(50);
});

it('the same seed does the same, another does otherwise', () => {
  const disturbance = { lose: 0.1, jitterMs: 10 };
  expect(over({ ...disturbance, seed: 7 })).toEqual(over({ ...disturbance, seed: 7 }));
  expect(over({ ...disturbance, seed: 7 })).not.toEqual(over({ ...disturbance, seed: 8 }));
});

it('other routes are spared', () => {
  expect(over({ lose: 1 }, 'start')).toEqual(over({}));
  expect(over({ lose: 1, routes: ['start'] }, 'start').flat()).toEqual([]);
});
