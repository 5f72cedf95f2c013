/** A small share of `npm run fuzz`, the same at each run. */
import { expect, test } from 'vitest';
import { random } from './fuzz/mutate.ts';
import { type Tally, trial } from './fuzz/trial.ts';

const TRIALS = 2000;

test('no flow and no event, however spoilt, makes validation or interpreter throw', () => {
  const tally: Tally = { right: 0, wrong: 0, events: 0, refusedEvents: 0 };
  for (let seed = 1; seed <= TRIALS; seed++)
    expect(() => trial(random(seed), tally), `seed ${seed}`).not.toThrow();
  // Neither half of it must go by untried.
  expect(tally.right).toBeGreaterThan(TRIALS / 50);
  expect(tally.wrong).toBeGreaterThan(TRIALS / 2);
  expect(tally.events).toBeGreaterThan(TRIALS);
  expect(tally.refusedEvents).toBeGreaterThan(TRIALS / 10);
});
