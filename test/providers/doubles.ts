/** The doubles for one test file, forgetting everything before each test. */
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { decodeUlaw } from '../../doubles/g711.ts';
import type { Fault } from '../../doubles/script.ts';
import { type Doubles, startDoubles } from '../../doubles/start.ts';
import { createToneDecoder } from '../../doubles/tones.ts';
import type { ProviderError } from '../../lambda/voice/providers/provider.ts';

export const KEY = 'key-of-this-test';
export const NEVER = new AbortController().signal;

export function useDoubles(): () => Doubles {
  let doubles: Doubles;
  beforeAll(async () => {
    doubles = await startDoubles();
  });
  beforeEach(() => doubles.script({ clear: true }));
  afterAll(() => doubles.stop());
  return () => doubles;
}

/** Tries until it holds. */
export const eventually = (assertion: () => void) => vi.waitFor(assertion, { timeout: 4000, interval: 5 });

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** What came before it failed, and the failure. */
export async function untilFailure<T>(items: AsyncIterable<T>): Promise<{ list: T[]; error: ProviderError }> {
  const list: T[] = [];
  try {
    for await (const item of items) list.push(item);
  } catch (error) {
    return { list, error: error as ProviderError };
  }
  throw new Error('It did not fail.');
}

export function heardIn(pieces: Uint8Array[]): string {
  const decoder = createToneDecoder(8000);
  const heard = pieces.flatMap(piece => decoder.push(decodeUlaw(piece)));
  return [...heard, ...decoder.flush()].map(one => one.char).join('');
}

/** How each way of turning a request away is told. */
export const REFUSALS: [fault: Fault['kind'], kind: ProviderError['kind'], word: string][] = [
  ['refuse_key', 'refused', '401'],
  ['no_credit', 'refused', '4'],
  ['rate_limit', 'unavailable', '429'],
  ['error', 'unavailable', '500'],
];
