/** Moves a caller's live leg to another of our URLs, with fresh credentials if the known ones are refused. */
import { type Call, carrierId } from '../call/call.ts';
import type { Outcome } from '../vobiz/rest.ts';
import type { Context } from './context.ts';

export async function transfer(context: Context, call: Call, alegUrl: string): Promise<Outcome> {
  const outcome = await (await context.carrier()).transfer(carrierId(call), { alegUrl });
  if (outcome.kind !== 'refused' || outcome.status !== 401) return outcome;
  return (await context.carrier(true)).transfer(carrierId(call), { alegUrl });
}
