/** A request to the carrier, with fresh credentials if the known ones are refused. */
import type { VobizClient } from '../vobiz/rest.ts';
import type { Context } from './context.ts';

export async function askCarrier<T extends { kind: string; status?: number }>(
  context: Context,
  ask: (client: VobizClient) => Promise<T>,
): Promise<T> {
  const outcome = await ask(await context.carrier());
  const isStale = outcome.kind === 'refused' && outcome.status === 401;
  return isStale ? ask(await context.carrier(true)) : outcome;
}
