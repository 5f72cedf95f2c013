/**
 * Whom callers may have called back: anybody can type any number, and the calls are paid by whoever runs this. Numbers
 * that the App API asks for are not limited.
 */
import { type Call, ownNumber } from '../call/call.ts';
import { countryOf } from '../call/numbering-plan.ts';
import { callersTelephone } from '../call/telephone.ts';
import type { Queue } from '../queue/queue.ts';
import type { Context } from './context.ts';
import { isOurs } from './our-lines.ts';

const DAY_MS = 86_400_000;

export type Limit = 'elsewhere' | 'another_open' | 'too_many';

/** What stands against it; undefined also where the number has one already, which is no new one. */
export async function limitOf(
  context: Context,
  call: Call,
  { queue, number }: { queue: Queue; number: string },
  now: number,
): Promise<Limit | undefined> {
  const { callbacks } = context.store;
  const own = callersTelephone(call, queue.callback_country_code);
  if (await isOurs(context, number, [ownNumber(call)])) return 'elsewhere';
  if (number !== own && !prefixesOf(context, call, queue).some(prefix => number.startsWith(prefix)))
    return 'elsewhere';
  if ((await callbacks.open(number)) !== undefined) return undefined;
  if (await hasOpen(context, call)) return 'another_open';
  // Callers without a number are told apart by the one that they type.
  const by = own ?? number;
  if ((await callbacks.askedBefore(by, call.id, now - DAY_MS)) >= queue.callback_daily_limit)
    return 'too_many';
  await callbacks.noteAsked(by, call.id, now);
  return undefined;
}

function prefixesOf({ settings }: Context, call: Call, queue: Queue): string[] {
  if (queue.callback_prefixes.length > 0) return queue.callback_prefixes;
  const lines = [settings.FROM_NUMBER, ownNumber(call)];
  const country = queue.callback_country_code || lines.map(countryOf).find(Boolean);
  return country ? [`+${country}`] : [];
}

async function hasOpen({ store }: Context, { callback_id }: Call): Promise<boolean> {
  const asked = callback_id === undefined ? undefined : await store.calls.one(callback_id);
  return asked !== undefined && asked.state !== 'ended';
}
