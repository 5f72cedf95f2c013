/** The queue's cycle: try to find an agent, hold, try again; and the ways out of the line. */

import { type Changed, change, type Decide } from '../app/change.ts';
import type { Context } from '../app/context.ts';
import { agentsNow, dispatch } from '../app/dispatch.ts';
import { placeInLine } from '../app/place-in-line.ts';
import type { Call, LeaveReason } from '../call/call.ts';
import * as cycle from '../call/cycle.ts';
import { toldBefore } from '../call/replies.ts';
import type { Held } from '../call/transitions.ts';
import * as move from '../call/transitions.ts';
import { expectedWaitSecs } from '../queue/announce.ts';
import { staff } from '../queue/match.ts';
import type { Queue } from '../queue/queue.ts';
import type { Document } from '../vobiz/xml.ts';
import { answerStep, inStep, type Move, write } from './reply.ts';

/** Step of a request by which a reserved caller was fetched from the music. */
const FETCHED = /\bfetch-\d+$/;

export async function tryAgent(context: Context, id: string, step: string): Promise<Document> {
  const key = `queue-try-agent:${step}`;
  const ready = await change(context, id, once(key, prepare(step)));
  if (!ready || toldBefore(ready.call, key)) return onward(context, id, key);
  const found = await find(context, ready, key);
  if (found) return onward(context, id, key, { ...ready, call: found });
  if (ready.call.state === 'greeting') await join(context, id, key);
  return onward(context, id, key);
}

/** Nobody was free for the greeted caller, who now waits, unless the queue's limits forbid. */
async function join(context: Context, id: string, key: string): Promise<void> {
  const entered = await change(
    context,
    id,
    once(key, async (held, queue, now) => {
      if (held.call.state !== 'greeting') return held;
      const why = await whyNotJoin(context, held.call, queue);
      return why ? move.leave(held, why, queue, now) : move.beginWaiting(held, queue, now);
    }),
  );
  // Who can be fetched from now on looks once more: an agent may have become free since the first look.
  if (entered) await find(context, entered, key);
}

/** A step that was answered before decides nothing any more. */
const once =
  (key: string, decide: Decide): Decide =>
  (held, queue, now) =>
    toldBefore(held.call, key) ? held : decide(held, queue, now);

async function find(
  context: Context,
  { call, queue, freed }: Changed,
  step: string,
): Promise<Call | undefined> {
  if (call.state !== 'waiting' && call.state !== 'greeting') return undefined;
  return dispatch(context, [...new Set([queue.id, ...freed])], { call, step });
}

/** A caller who has sat through a cycle is ready for everybody again; after the last one only for new faces. */
const prepare =
  (step: string): Decide =>
  (held, queue, now) => {
    const current = withoutStaleOffer(held, queue, now);
    const sameAgain =
      FETCHED.test(step) || current.call.excluded.length === 0 || current.call.cycle >= queue.max_wait_cycles;
    return sameAgain ? current : cycle.readmit(current);
  };

function withoutStaleOffer(held: Held, queue: Queue, now: number): Held {
  return move.hasLapsed(held.call, now) ? move.expireOffer(held, queue, now) : held;
}

/** What comes next, whether the dispatch has `found` the caller an agent or not. */
export async function onward(
  context: Context,
  id: string,
  key: string,
  found?: Pick<Changed, 'call' | 'queue'>,
): Promise<Document> {
  const told = found && toldBefore(found.call, key);
  if (found && told) return write(context, found, told);
  const { document } = await answerStep(context, id, key, (held, queue, now): Move => {
    const { call } = held;
    if (!FETCHED.test(key) && move.isBeingFetched(call, now))
      return { held, reply: { kind: 'pause', secs: 1 } };
    if (call.state === 'offered' && call.offer)
      return {
        held: move.ring(held, queue, now, key),
        reply: { kind: 'dial', offer: call.offer.id, agents: call.offer.agents },
      };
    const secs = cycle.unfilledSecs(call, queue, now);
    if (secs > 0) return { held: cycle.sitOut(held, queue, now), reply: { kind: 'pause', secs } };
    const why = call.state === 'waiting' ? whyGiveUp(call, queue, now) : undefined;
    const after = why ? move.leave(held, why, queue, now) : held;
    return { held: after, reply: inStep(after.call) };
  });
  return document;
}

export async function hold(context: Context, id: string, step: string): Promise<Document> {
  const { document } = await answerStep(context, id, `queue-hold:${step}`, async (held, queue, now) => {
    if (held.call.state !== 'waiting') return { held, reply: inStep(held.call) };
    return {
      held: cycle.begin(held, queue, now),
      reply: { kind: 'hold', ...(await announcement(context, held.call, queue)) },
    };
  });
  return document;
}

/** A key was pressed on hold. Any other than the queue's leave key only starts the next attempt, at no cost. */
export async function leaveByKey(
  context: Context,
  id: string,
  step: string,
  digits: string | undefined,
): Promise<Document> {
  const { document } = await answerStep(context, id, `queue-leave:${step}`, (held, queue, now) => {
    if (held.call.state !== 'waiting') return { held, reply: inStep(held.call) };
    if (queue.leave_key === '' || digits !== queue.leave_key)
      return { held: cycle.uncount(held), reply: { kind: 'go', to: 'try' } };
    if (queue.leave_to === 'callback')
      return { held: cycle.uncount(held), reply: { kind: 'callback', say: 'ask' } };
    const after = move.leave(held, 'key', queue, now);
    return { held: after, reply: inStep(after.call) };
  });
  return document;
}

async function whyNotJoin(context: Context, call: Call, queue: Queue): Promise<LeaveReason | undefined> {
  if (queue.max_waiting > 0 && (await placeInLine(context, call, queue)) > queue.max_waiting)
    return 'queue_full';
  if (queue.when_nobody === 'voicemail' && staff(queue, await agentsNow(context)).length === 0)
    return 'nobody';
  return undefined;
}

function whyGiveUp(call: Call, queue: Queue, now: number): LeaveReason | undefined {
  if (call.cycle >= queue.max_wait_cycles) return 'max_cycles';
  const onTheLineSince = call.callback?.reached_at ?? call.joined_at;
  if (queue.max_wait_secs > 0 && now - onTheLineSince >= queue.max_wait_secs * 1000) return 'max_wait';
  return undefined;
}

async function announcement(context: Context, call: Call, queue: Queue) {
  if (!queue.announce_position && !queue.announce_wait) return {};
  const [position, agents] = await Promise.all([
    placeInLine(context, call, queue),
    queue.announce_wait ? agentsNow(context) : [],
  ]);
  const wait = expectedWaitSecs(position, staff(queue, agents));
  return {
    ...(queue.announce_position && { position }),
    ...(wait !== undefined && { expected_wait_secs: wait }),
  };
}
