/**
 * Asking for a callback. It begins in the same write in which whoever asks leaves the line, so that nobody stands there
 * twice or not at all; where the number has one already, that one is theirs, and renewed.
 */
import { randomUUID } from 'node:crypto';
import { type Call, otherNumber, ownNumber } from '../call/call.ts';
import {
  type CallbackCall,
  calledIn,
  isCallback,
  leaveForCallback,
  newCallback,
  renewed,
  waitAgain,
  withCall,
} from '../call/callback.ts';
import { telephoneOf } from '../call/telephone.ts';
import type { Held } from '../call/transitions.ts';
import { log } from '../platform/log.ts';
import { mask } from '../platform/numbers.ts';
import type { Queue } from '../queue/queue.ts';
import { type Limit, limitOf } from './callback-limits.ts';
import { change } from './change.ts';
import { type Context, existingQueue } from './context.ts';
import { dispatch } from './dispatch.ts';

export type Requested =
  /** `is_new`: false where the number had one already. */
  { kind: 'requested'; callback: string; number: string; is_new: boolean } | { kind: 'refused'; why: string };

/**
 * For the caller of a call that goes on, or has just ended. May be repeated.
 * @param number as the caller gave it
 */
export async function requestCallback(
  context: Context,
  { id }: Pick<Call, 'id'>,
  wish: { queue: string; number: string },
): Promise<Requested> {
  const queue = await existingQueue(context, wish.queue);
  if (!queue) return refused(`there is no queue ${wish.queue}`);
  const number = telephoneOf(wish.number, queue.callback_country_code);
  if (number === undefined) return refused(whyNone(queue));
  const asking = await context.store.calls.one(id);
  const limit = asking && (await limitOf(context, asking, { queue, number }, context.now()));
  if (limit) return refused(LIMITS[limit](queue));
  const changed = await change(context, id, async (held, _queue, now) =>
    (await hasAsked(context, held.call, number)) ? held : askFor(context, held, { queue, number }, now),
  );
  const callback = changed?.call.callback_id;
  if (callback === undefined) return refused('there is no such call');
  await dispatch(context, [...new Set([queue.id, ...(changed?.freed ?? [])])]);
  const made = await context.store.calls.one(callback);
  return { kind: 'requested', callback, number, is_new: made?.callback?.asked_in === id };
}

/** The number itself is nobody's business but the record's. */
const whyNone = ({ id, callback_country_code: country }: Queue): string =>
  country === ''
    ? `that is no telephone number with its country code, and the queue ${id} has no callback_country_code`
    : 'that is no telephone number';

const LIMITS: Record<Limit, (queue: Queue) => string> = {
  elsewhere: ({ id }) => `callback_prefixes of the queue ${id} has no number of that kind`,
  another_open: () => 'this call has a callback open already',
  too_many: ({ id }) => `the caller has asked for callback_daily_limit callbacks of the queue ${id} today`,
};

const refused = (why: string): Requested => ({ kind: 'refused', why });

/** While it is open; another one may follow it. */
async function hasAsked({ store }: Context, { callback_id }: Call, number: string): Promise<boolean> {
  const asked = callback_id === undefined ? undefined : await store.calls.one(callback_id);
  return asked?.to === number && asked.state !== 'ended';
}

/** The move; see `leaveForCallback`. */
export async function askFor(
  context: Context,
  held: Held,
  { queue, number }: { queue: Queue; number: string },
  now: number,
): Promise<Held> {
  const { call } = held;
  const open = await openOne(context, number);
  if (open?.id === call.id) return waitAgain(held, queue, now);
  const id = open?.id ?? randomUUID();
  const left = leaveForCallback(held, { id, number, status: open ? 'known' : 'requested' }, now);
  log.info('A callback is asked for', { call: call.id, callback: id, to: mask(number), queue: queue.id });
  // The goodbye is still being spoken.
  const not_before = left.call.state === 'ended' ? now + GOODBYE_MS : undefined;
  if (not_before !== undefined) await wakeAt(context, not_before, queue.id);
  const from = [context.settings.FROM_NUMBER, ownNumber(call)].find(line => line.startsWith('+')) ?? '';
  const place = { ...placeOf(call, queue, now), ...(not_before && { not_before }) };
  const wish = { id, from, to: number, asked_in: call.id, ...place };
  if (open) return { ...left, renewed: { before: open, after: renewed(open, wish, queue, now) } };
  return { ...left, born: newCallback(wish, queue, now) };
}

async function openOne({ store }: Context, number: string): Promise<CallbackCall | undefined> {
  const id = await store.callbacks.open(number);
  const call = id === undefined ? undefined : await store.calls.one(id);
  return call && isCallback(call) && call.state !== 'ended' ? call : undefined;
}

/** Longer than it takes to say goodbye and hang up. */
const GOODBYE_MS = 15_000;

/** Where this fails, the sweeper looks within a minute. */
const wakeAt = (context: Context, at: number, queue: string): Promise<void> =>
  context.start({ kind: 'wake', at, queues: [queue] }).catch(error => {
    log.error('Nobody will look at a callback when it is due; the sweeper will', error);
  });

/** Somebody calls us: while they do, the callback that they have open is passed over. */
export async function noteOnLine(context: Context, call: Call): Promise<void> {
  const open = await context.store.callbacks.open(otherNumber(call));
  if (open === undefined) return;
  await change(context, open, held =>
    isCallback(held.call) ? { ...held, call: withCall(held.call, call.id) } : held,
  );
}

/** A call is over in which a callback was asked for, or whose caller has one: from now on the phone can be rung. */
export async function nowReachable(context: Context, call: Call): Promise<void> {
  const open = await context.store.callbacks.open(otherNumber(call));
  const ids = [call.callback_id, open].filter(id => id !== undefined && id !== call.id);
  const callbacks = await context.store.calls.some([...new Set(ids as string[])]);
  if (callbacks.length > 0) await dispatch(context, [...new Set(callbacks.map(({ queue }) => queue))]);
}

/** The caller's place in that queue, also where a flow has called them back out of it. */
function placeOf(call: Call, queue: Queue, now: number): Pick<Call, 'joined_at' | 'priority' | 'skills'> {
  const { joined_at, priority, skills } = call;
  if (call.queue === queue.id) return { joined_at, priority, skills };
  const visit = call.visits?.findLast(one => one.queue === queue.id && one.outcome !== 'connected');
  return { joined_at: visit?.joined_at ?? now, priority: queue.priority, skills: [] };
}

/** Whoever has talked to an agent since they asked is not called back, too. */
export async function needNoCallback(context: Context, talking: Call): Promise<void> {
  const open = await context.store.callbacks.open(otherNumber(talking));
  if (open === undefined || open === talking.id) return;
  await change(context, open, (held, _queue, now) => calledIn(held, talking.connected_at ?? now, now));
}
