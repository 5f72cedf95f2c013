/** Callers for tests of the App API, brought in by the same moves and commits as the webhooks use. */

import { change } from '../../lambda/app/change.ts';
import { type Context, queueOf } from '../../lambda/app/context.ts';
import type { Call } from '../../lambda/call/call.ts';
import { arrive, beginWaiting, connect, endTalk, hangUp } from '../../lambda/call/transitions.ts';

interface Caller {
  queue?: string;
  from?: string;
}

/** A caller who waits in line. */
export async function joinLine(
  context: Context,
  id: string,
  { queue = 'default', from = '+919812345678' }: Caller = {},
): Promise<void> {
  const settings = await queueOf(context, queue);
  const arrival = { id, from, to: '+918000000000', direction: 'inbound' as const };
  const call = arrive(arrival, settings, context.now());
  const { call: after } = beginWaiting({ call, agents: [] }, settings, context.now());
  await store(context, after);
}

/** The agent who is being rung for this call answers. */
export async function answer(context: Context, id: string, agent: string): Promise<void> {
  await change(context, id, (held, _queue, now) => connect(held, agent, now));
}

export async function endConversation(context: Context, id: string): Promise<void> {
  await change(context, id, endTalk);
}

export async function callerHangsUp(context: Context, id: string): Promise<void> {
  await change(context, id, (held, queue, now) => hangUp(held, { cause: 'NORMAL_CLEARING' }, queue, now));
}

/** A record as it stands after the call, whatever happened in it. */
export async function storeRecord(
  context: Context,
  record: Pick<Call, 'id' | 'joined_at'> & Partial<Call>,
): Promise<void> {
  const settings = await queueOf(context, record.queue ?? 'default');
  const arrival = {
    id: record.id,
    from: '+919812345678',
    to: '+918000000000',
    direction: 'inbound' as const,
  };
  const call = { ...arrive(arrival, settings, record.joined_at), ...record };
  await store(context, call);
}

async function store(context: Context, after: Call): Promise<void> {
  const stored = await context.store.commit({ call: { before: undefined, after }, agents: [] });
  if (!stored) throw new Error(`There is a call ${after.id} already.`);
}
