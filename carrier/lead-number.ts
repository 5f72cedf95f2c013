/** Leads a number somewhere while a command runs, and puts everything back afterwards. */
import { askApi, findInApi } from './api.ts';
import type { Stack } from './stack.ts';

/** Resolves with the way back. */
export async function leadNumber(
  stack: Stack,
  number: string,
  target: Record<string, string>,
): Promise<() => Promise<void>> {
  const path = `/numbers/${encodeURIComponent(number)}`;
  const before = await findInApi<Record<string, unknown>>(stack, path);
  await askApi(stack, 'PUT', path, target);
  return async () => {
    if (before) await askApi(stack, 'PUT', path, targetOf(before));
    else await askApi(stack, 'DELETE', path);
  };
}

/** What a number led to, out of an answer that also names what it does not lead to. */
const targetOf = (entry: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null));
