/** Leads a number to an assistant while a call lasts, and puts everything back afterwards. */
import { findInApi } from '../api.ts';
import { leadNumber } from '../lead-number.ts';
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
  return leadNumber(stack, to, { assistant });
}
