/** A small share of `npm run fuzz`, the same at each run. */
import { expect, test } from 'vitest';
import { trials } from './fuzz/trial.ts';

const COUNT = 500;

test('no flow and no event, however spoilt, makes validation or interpreter throw', () => {
  const { right, wrong, events, refusedEvents } = trials(1, COUNT);
  // Neither half of it goes by untried.
  expect(right).toBeGreaterThan(COUNT / 50);
  expect(wrong).toBeGreaterThan(COUNT / 2);
  expect(events).toBeGreaterThan(COUNT);
  expect(refusedEvents).toBeGreaterThan(COUNT / 10);
});
