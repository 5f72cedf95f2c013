/**
 * Asking for a callback. It begins in the same write in which whoever asks leaves the line, so that nobody stands there
 * twice or not at all; where the number has one already, that one is theirs.
 */
import { randomUUID } from 'node:crypto';
import { type Call, otherNumber, ownNumber } from '../call/call.ts';
import { giveUp, leaveForCallback, newCallback, waitAgain } from '../call/callback.ts';
import { telephoneOf } from '../call/telephone.ts';
import type { Held } from '../call/transitions.ts';
import { log } from '../platform/log.ts';
import { mask } from '../platform/numbers.ts';
import { DEFAULT_QUEUE, type Queue } from '../queue/queue.ts';
import { change } from './change.ts';
import { type Context, completeQueue } from './context.ts';
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
  const choices = await context.store.directory.queues.one(wish.queue);
  if (!choices && wish.queue !== DEFAULT_QUEUE) return refused(`there is no queue ${wish.queue}`);
  const queue = completeQueue(context.settings, choices ?? { id: DEFAULT_QUEUE });
  const number = telephoneOf(wish.number, queue.callback_country_code);
  if (number === undefined) return refused(whyNone(queue));
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

const refused = (why: string): Requested => ({ kind: 'refused', why });

async function hasAsked({ store }: Context, { callback_id }: Call, number: string): Promise<boolean> {
  return callback_id !== undefined && (await store.calls.one(callback_id))?.to === number;
}

/** The move; see `leaveForCallback`. */
export async function askFor(
  context: Context,
  held: Held,
  { queue, number }: { queue: Queue; number: string },
  now: number,
): Promise<Held> {
  const { call } = held;
  const open = await context.store.callbacks.open(number);
  if (open === call.id) return waitAgain(held, queue, now);
  const id = open ?? randomUUID();
  const left = leaveForCallback(held, id, now);
  if (open !== undefined) return left;
  log.info('A callback is asked for', { call: call.id, callback: id, to: mask(number), queue: queue.id });
  // The goodbye is still being spoken.
  const not_before = left.call.state === 'ended' ? now + GOODBYE_MS : undefined;
  if (not_before !== undefined) await wakeAt(context, not_before, queue.id);
  const from = [context.settings.FROM_NUMBER, ownNumber(call)].find(line => line.startsWith('+')) ?? '';
  const wish = { id, from, to: number, asked_in: call.id, ...placeOf(call, queue, now) };
  return { ...left, born: newCallback({ ...wish, ...(not_before && { not_before }) }, queue, now) };
}

/** Longer than it takes to say goodbye and hang up. */
const GOODBYE_MS = 15_000;

/** Where this fails, the sweeper looks within a minute. */
const wakeAt = (context: Context, at: number, queue: string): Promise<void> =>
  context.start({ kind: 'wake', at, queues: [queue] }).catch(error => {
    log.error('Nobody will look at a callback when it is due; the sweeper will', error);
  });

/** The call in which it was asked for is over: from now on the phone can be rung. */
export async function nowReachable(context: Context, { callback_id }: Call): Promise<void> {
  const callback = callback_id === undefined ? undefined : await context.store.calls.one(callback_id);
  if (callback) await dispatch(context, [callback.queue]);
}

/** The caller's place in that queue, also where a flow has called them back out of it. */
function placeOf(call: Call, queue: Queue, now: number): Pick<Call, 'joined_at' | 'priority' | 'skills'> {
  const { joined_at, priority, skills } = call;
  if (call.queue === queue.id) return { joined_at, priority, skills };
  const visit = call.visits?.findLast(one => one.queue === queue.id && one.outcome !== 'connected');
  return { joined_at: visit?.joined_at ?? now, priority: queue.priority, skills: [] };
}

/** Whoever talks to an agent is not called back, too. What is missed here rings once more than it need. */
export async function needNoCallback(context: Context, talking: Call): Promise<void> {
  const open = await context.store.callbacks.open(otherNumber(talking));
  if (open === undefined || open === talking.id) return;
  await change(context, open, (held, _queue, now) => giveUp(held, 'called_in', now));
}
