/** Lines that lead to us. Who calls one of them from here comes in as a caller again. */
import type { Context } from './context.ts';

/** @param lines of the call or the request in question, which may be on no list */
export async function isOurs(
  { settings, store }: Context,
  number: string,
  lines: string[],
): Promise<boolean> {
  if ([settings.FROM_NUMBER, ...lines].includes(number)) return true;
  return (await store.directory.numbers.one(number)) !== undefined;
}
