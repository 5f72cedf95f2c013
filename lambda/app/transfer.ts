/** Moves a caller's live leg to another of our URLs. */
import { type Call, carrierId } from '../call/call.ts';
import type { Outcome } from '../vobiz/rest.ts';
import { askCarrier } from './ask-carrier.ts';
import type { Context } from './context.ts';

export const transfer = (context: Context, call: Call, alegUrl: string): Promise<Outcome> =>
  askCarrier(context, client => client.transfer(carrierId(call), { alegUrl }));
