/** Leads a number to an assistant while a call lasts, and puts everything back afterwards. */
import { askApi, findInApi } from '../api.ts';
import { type Stack, StackError } from '../stack.ts';
import type { TalkOptions } from './options.ts';

/** Resolves with the way back. Rejects with `StackError` for an assistant that does not exist. */
export async function leadToAssistant(
  stack: Stack,
  { assistant, to }: TalkOptions,
): Promise<() => Promise<void>> {
  if (!(await findInApi(stack, `/assistants/${encodeURIComponent(assistant)}`))) {
    throw new StackError(
      `The stack has no assistant "${assistant}". GET /assistants lists those that it has.`,
    );
  }
  const path = `/numbers/${encodeURIComponent(to)}`;
  const before = await findInApi<Record<string, unknown>>(stack, path);
  await askApi(stack, 'PUT', path, { assistant });
  return async () => {
    if (before) await askApi(stack, 'PUT', path, targetOf(before));
    else await askApi(stack, 'DELETE', path);
  };
}

/** What a number led to, out of an answer that also names what it does not lead to. */
const targetOf = (entry: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null));
