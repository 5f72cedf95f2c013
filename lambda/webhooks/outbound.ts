/**
 * A call that we have placed: its phone rings, somebody answers, it ends. The URLs name the call by our own id; each
 * of these requests tells how the carrier calls it.
 */
import { beginFlow } from '../app/begin-flow.ts';
import { change } from '../app/change.ts';
import { type Context, queueOf } from '../app/context.ts';
import { TELL_MACHINES } from '../app/place-call.ts';
import { joinQueue } from '../call/assisted.ts';
import * as outbound from '../call/outbound.ts';
import { goOn } from '../call/replies.ts';
import * as move from '../call/transitions.ts';
import { AMD_RESULT } from '../flow/actions/amd.ts';
import { log } from '../platform/log.ts';
import { DEFAULT_QUEUE, type Queue } from '../queue/queue.ts';
import type { Continuation } from '../vobiz/continuation.ts';
import type { Webhook } from '../vobiz/webhook.ts';
import { type Document, response } from '../vobiz/xml.ts';
import { queueOrDefault } from './assistant.ts';
import { end } from './hangup.ts';
import { isMachine, newsOf } from './hangup-news.ts';
import { answerStep, inStep, type Move, write } from './reply.ts';

/** To whom the call was placed for: the assistant, the greeting and the line of a queue, or a flow. */
export async function callAnswered(
  context: Context,
  at: Continuation,
  webhook: Partial<Webhook>,
): Promise<Document> {
  const known = at.params.fallback === undefined ? undefined : await context.store.calls.one(at.call);
  // Its flow may have gone on long since.
  if (known?.flow)
    return write(
      context,
      { call: known, queue: await queueOf(context, known.queue || DEFAULT_QUEUE) },
      goOn(known),
    );
  const step = `call-answered:${at.step}`;
  const { document } = await answerStep(context, at.call, step, async (held, queue, now): Promise<Move> => {
    const known = outbound.named(held, webhook.callId);
    if (known.call.state !== 'dialing') return { held: known, reply: inStep(known.call) };
    if (isMachine(webhook.fields) && at.params.machines !== TELL_MACHINES)
      return { held: move.hangUp(known, newsOf(webhook), queue, now), reply: { kind: 'hang_up' } };
    const answered = outbound.answered(known, now);
    if (answered.call.dial?.flow) return beginDialled(context, answered, webhook, queue, now);
    if (answered.call.state === 'assisted') return { held: answered, reply: { kind: 'converse' } };
    const joined = await queueOrDefault(context, answered.call.dial?.queue);
    return { held: joinQueue(answered, joined, now), reply: { kind: 'greet' } };
  });
  return document;
}

/** Should the flow have gone since the call was placed, there is nothing to say to whoever has answered. */
async function beginDialled(
  context: Context,
  held: move.Held,
  { fields }: Partial<Webhook>,
  queue: Queue,
  now: number,
): Promise<Move> {
  const { id, dial } = held.call;
  const variables = { [AMD_RESULT]: isMachine(fields) ? 'machine' : 'human' };
  const begun = dial?.flow && (await beginFlow(context, held, dial.flow, variables, now));
  const at = begun?.call.flow?.state.step;
  if (begun && at !== undefined) return { held: begun, reply: { kind: 'flow', at } };
  log.warn('A call was placed for a flow that is not there any more', { call: id, flow: dial?.flow?.id });
  return { held: move.hangUp(held, { broken: true }, queue, now), reply: { kind: 'hang_up' } };
}

export async function callRinging(
  context: Context,
  at: Continuation,
  { callId }: Partial<Webhook>,
): Promise<Document> {
  await change(context, at.call, (held, _queue, now) => outbound.rang(outbound.named(held, callId), now));
  return response();
}

export async function callEnded(
  context: Context,
  at: Continuation,
  webhook: Partial<Webhook>,
): Promise<Document> {
  await end(context, at.call, newsOf(webhook), webhook.callId);
  return response();
}
