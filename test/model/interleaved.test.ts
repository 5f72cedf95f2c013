/**
 * Stories in which several events happen at once, their operations interleaved: processes die or lose the store at any operation, notifications come
 * late, twice, in any order or never.
 */
import fc from 'fast-check';
import { test } from 'vitest';
import '../support/quiet.ts';
import { atOnce, oneByOne } from './commands/index.ts';
import { stories } from './play.ts';

const RUNS = Number(process.env.MODEL_RUNS ?? 4000);

test(`${RUNS} interleaved stories keep every promise`, async () => {
  await fc.assert(stories([oneByOne, atOnce], 12), { numRuns: RUNS });
}, 120_000);
