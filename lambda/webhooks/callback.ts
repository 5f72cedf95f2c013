/**
 * The phones that ring for a callback. The URLs name the callback and the offer, so that word of an older attempt is
 * known as such. Where the agent is rung first, the agent's leg asks for the documents; where the caller is, the
 * caller's, and from the answer on it is a caller on the line like any other.
 */
import { change } from '../app/change.ts';
import type { Context } from '../app/context.ts';
import { dispatch } from '../app/dispatch.ts';
import type { Call } from '../call/call.ts';
import type { Unreached } from '../call/callback.ts';
import * as move from '../call/calling-back.ts';
import type { Held } from '../call/transitions.ts';
import type { Queue } from '../queue/queue.ts';
import type { Continuation } from '../vobiz/continuation.ts';
import type { Webhook } from '../vobiz/webhook.ts';
import { type Document, response } from '../vobiz/xml.ts';
import { isMachine, newsOf } from './hangup-news.ts';
import { answerStep, type Move } from './reply.ts';

const offerOf = ({ params }: Continuation) => Number(params.offer);

/** Somebody has answered the phone that we rang: the agent, or the caller. */
export async function callbackAnswered(
  context: Context,
  at: Continuation,
  webhook: Partial<Webhook>,
): Promise<Document> {
  const step = `callback-answered:${at.step}`;
  return answer(context, at.call, step, (held, queue, now): Move => {
    const offer = offerOf(at);
    const known = move.legNamed(held, offer, webhook.callId);
    const rings = move.legOf(known.call, offer)?.rings;
    if (rings === undefined) return { held: known, reply: { kind: 'callback', say: 'too_late' } };
    if (isMachine(webhook.fields))
      return { held: move.legOver(known, offer, newsOf(webhook), queue, now), reply: { kind: 'hang_up' } };
    if (rings === 'agent') return toAgent(known, at, webhook.digits ?? at.params.digits, queue, now);
    const reached = move.callerAnswered(known, offer, queue, now, step);
    const agents = reached.call.offer?.agents ?? [];
    return { held: reached, reply: { kind: 'dial', offer, agents, called_back: true } };
  });
}

/** With a confirm key, only who presses it has answered. */
function toAgent(held: Held, at: Continuation, digits: string | undefined, queue: Queue, now: number): Move {
  const offer = offerOf(at);
  const isAsked = at.params.confirm !== undefined;
  if (queue.confirm_key !== '' && !isAsked)
    return { held, reply: { kind: 'callback', say: 'confirm', offer } };
  if (isAsked && digits !== queue.confirm_key)
    return {
      held: move.legOver(held, offer, { result: 'no_answer' }, queue, now),
      reply: { kind: 'hang_up' },
    };
  return {
    held: move.agentAnswered(held, offer, queue, now),
    reply: { kind: 'callback', say: 'bridge', offer },
  };
}

/** Beside the call: the phone rings, the caller has answered the agent's bridge, the leg is gone. */
export async function callbackEvent(
  context: Context,
  at: Continuation,
  webhook: Partial<Webhook>,
): Promise<Document> {
  const offer = offerOf(at);
  const connected = webhook.event === 'DialConnected' || webhook.bLeg?.status === 'connected';
  let after: Call | undefined;
  const changed = await change(context, at.call, (held, queue, now) => {
    const next = heard(held, queue, now);
    after = next.call === held.call ? undefined : next.call;
    return next;
  });
  if (changed) await dispatch(context, toLookAt(after, changed.freed));
  return response();

  function heard(held: Held, queue: Queue, now: number): Held {
    if (at.params.of === 'dial') return connected ? move.connectCallback(held, offer, now) : held;
    const known = move.legNamed(held, offer, webhook.callId);
    return webhook.event === 'Hangup' ? move.legOver(known, offer, newsOf(webhook), queue, now) : known;
  }
}

const UNREACHED: Record<string, Unreached> = { 'no-answer': 'no_answer', timeout: 'no_answer', busy: 'busy' };

/** The agent's bridge to the caller is over, or there was none. */
export async function callbackDone(
  context: Context,
  at: Continuation,
  webhook: Partial<Webhook>,
): Promise<Document> {
  const offer = offerOf(at);
  const status = webhook.dialStatus ?? at.params.status ?? '';
  return answer(context, at.call, `callback-done:${at.step}`, (held, queue, now) => {
    const after = bridged(held, offer, status, queue, now);
    if (after.call === held.call) return { held, reply: { kind: 'nothing' } };
    const say = status === 'completed' ? 'over' : 'unreached';
    return { held: after, reply: { kind: 'callback', say } };
  });
}

function bridged(held: Held, offer: number, status: string, queue: Queue, now: number): Held {
  if (status === 'completed') return move.talkOver(held, offer, queue, now);
  if (status === 'cancel') return move.agentLeft(held, offer, queue, now);
  const how = UNREACHED[status];
  if (how) return move.callerUnreached(held, offer, how, queue, now);
  return move.attemptBroken(held, offer, queue, now);
}

async function answer(
  context: Context,
  id: string,
  step: string,
  decide: (held: Held, queue: Queue, now: number) => Move,
): Promise<Document> {
  let call: Call | undefined;
  const { document, freed } = await answerStep(context, id, step, async (held, queue, now) => {
    const move = await decide(held, queue, now);
    call = move.held.call === held.call ? undefined : move.held.call;
    return move;
  });
  await dispatch(context, toLookAt(call, freed));
  return document;
}

/** A callback that is back in line may have another agent, also when this one is no longer at work. */
const toLookAt = (call: Call | undefined, freed: string[]): string[] =>
  call?.state === 'waiting' ? [...new Set([call.queue, ...freed])] : freed;
