/**
 * A ring and what became of it. `DialConnected` on the callback URL is the moment of answer; the Dial's action
 * tells how it ended, and may come after the Hangup. A ring's own document is named by the step of its URLs: the
 * word of a ring that a transfer has cut off and replaced counts for nothing.
 */

import { needNoCallback } from '../app/callbacks.ts';
import { change } from '../app/change.ts';
import type { Context } from '../app/context.ts';
import { dispatch } from '../app/dispatch.ts';
import type { Call, Missed, Reply } from '../call/call.ts';
import { proveConnected, proveUnanswered } from '../call/evidence.ts';
import { toldBefore } from '../call/replies.ts';
import type { Held } from '../call/transitions.ts';
import * as move from '../call/transitions.ts';
import type { Queue } from '../queue/queue.ts';
import type { Continuation } from '../vobiz/continuation.ts';
import type { BLeg, Webhook } from '../vobiz/webhook.ts';
import { type Document, response } from '../vobiz/xml.ts';
import { onward } from './line.ts';
import { answerStep, inStep } from './reply.ts';

type Unanswered = Missed | 'cancelled';

/** A status that the carrier does not document counts as a failure: the caller goes on, and no phone rings on. */
const RESULT: Record<string, Unanswered> = {
  'no-answer': 'no_answer',
  timeout: 'no_answer',
  busy: 'busy',
  failed: 'failed',
  cancel: 'cancelled',
};

export async function dialEvent(
  context: Context,
  at: Continuation,
  webhook: Partial<Webhook>,
): Promise<Document> {
  const connected = webhook.event === 'DialConnected' || webhook.bLeg?.status === 'connected';
  if (!connected) return response();
  const changed = await change(context, at.call, (held, _queue, now) =>
    answered(held, at, webhook.bLeg, now),
  );
  if (changed?.call.state === 'connected') await needNoCallback(context, changed.call);
  if (changed) await dispatch(context, changed.freed);
  return response();
}

export async function dialComplete(
  context: Context,
  at: Continuation,
  webhook: Partial<Webhook>,
): Promise<Document> {
  const key = `dial-complete:${at.step}`;
  const status = webhook.dialStatus ?? at.params.status ?? '';
  if (status === 'completed') return talkedOut(context, at, key, webhook);

  const result = RESULT[status] ?? 'failed';
  const changed = await change(context, at.call, (held, queue, now) =>
    toldBefore(held.call, key) ? held : unanswered(held, at, result, queue, now),
  );
  if (!changed) return response();
  if (toldBefore(changed.call, key)) return onward(context, at.call, key);
  if (isStale(changed.call, at)) return sendOn(context, at.call, key);
  const queues = [...new Set([changed.queue.id, ...changed.freed])];
  const again = changed.call.state === 'waiting' && result !== 'cancelled';
  const found = again
    ? await dispatch(context, queues, { call: changed.call, step: key })
    : await dispatch(context, changed.freed);
  return onward(context, at.call, key, found && { call: found, queue: changed.queue });
}

/** To the ring in hand, should the caller still follow the replaced document: an empty one would drop the call. */
async function sendOn(context: Context, id: string, key: string): Promise<Document> {
  const { document } = await answerStep(context, id, key, held => ({ held, reply: inStep(held.call) }));
  return document;
}

/** Agent and caller have talked; if the word of the answer was lost, this is its proof. */
async function talkedOut(
  context: Context,
  at: Continuation,
  key: string,
  { bLeg }: Partial<Webhook>,
): Promise<Document> {
  let talk: Call | undefined;
  const { document, freed } = await answerStep(context, at.call, key, (held, queue, now) => {
    const { call, agents } = answered(held, at, bLeg);
    talk = call.outcome === 'connected' ? call : undefined;
    const over = move.endTalk({ call, agents }, queue, now);
    if (over.call === call) return { held: over, reply: { kind: 'nothing' } };
    const goodbye: Reply = over.call.state === 'in_flow' ? { kind: 'go', to: 'flow' } : { kind: 'goodbye' };
    return { held: over, reply: goodbye };
  });
  if (talk) await needNoCallback(context, talk);
  await dispatch(context, freed);
  return document;
}

function unanswered(held: Held, at: Continuation, result: Unanswered, queue: Queue, now: number): Held {
  const { call } = held;
  if (call.state === 'ended')
    return { ...held, call: proveUnanswered(call, Number(at.params.offer), result) };
  return isCurrentRing(call, at) ? move.endRing(held, result, queue, now) : held;
}

/** @param when the moment of answer, where it is known */
function answered(held: Held, at: Continuation, bLeg: BLeg | undefined, when?: number): Held {
  const { call } = held;
  const offerId = Number(at.params.offer);
  const open = call.offer?.id === offerId ? call.offer : undefined;
  const rung = open?.agents ?? call.rings.find(ring => ring.offer === offerId)?.agents ?? [];
  const number = whoAnswered(rung, bLeg);
  if (number === undefined && when !== undefined) return held;
  if (call.state === 'ended') return { ...held, call: proveConnected(call, offerId, number) };
  return open ? move.connect(held, number, when) : held;
}

/** By number; else by position in the Dial; a single agent is the one in any case. */
function whoAnswered(rung: string[], bLeg: BLeg | undefined): string | undefined {
  const named = rung.find(number => number === bLeg?.to);
  return named ?? (rung.length === 1 ? rung[0] : rung[(bLeg?.position ?? 0) - 1]);
}

/** The step of this URL belongs to the document that rings the offer in hand. */
function isCurrentRing(call: Call, at: Continuation): boolean {
  const via = call.offer?.via;
  return via !== undefined && toldBefore(call, via)?.next === Number(at.step);
}

/** Word of a ring that another document has replaced. */
function isStale(call: Call, at: Continuation): boolean {
  return call.state === 'offered' && !isCurrentRing(call, at);
}
