/**
 * Stories told one event after the other: processes die or lose the store at any operation, notifications come
 * late, twice, in any order or never.
 */
import fc from 'fast-check';
import { test } from 'vitest';
import '../support/quiet.ts';
import { oneByOne } from './commands/index.ts';
import { stories } from './play.ts';

const RUNS = Number(process.env.MODEL_RUNS ?? 6000);

test(`${RUNS} stories with crashes, losses and repetitions keep every promise`, async () => {
  await fc.assert(stories([oneByOne], 24), { numRuns: RUNS });
}, 120_000);
