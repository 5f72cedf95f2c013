/**
 * The carrier has come to the end of a flow's document and asks what comes next. What it tells, or what has come
 * meanwhile of an effect, a queue or an assistant, is the event of the flow's next step. An answer that is still out is
 * looked for a while, and then the caller waits by the second, until patience is over.
 */
import type { Context } from '../app/context.ts';
import { type InFlow, stepFlow } from '../app/flow-step.ts';
import { links, signingKey } from '../app/urls.ts';
import { proveBridged } from '../call/evidence.ts';
import { beginTalk } from '../call/flow-call.ts';
import type { FlowRun } from '../call/flow-run.ts';
import { isBusy, unanswered } from '../call/flow-todo.ts';
import { backInFlow, isInFlow } from '../call/in-flow.ts';
import type { Held } from '../call/transitions.ts';
import type { FlowEvent } from '../flow/event.ts';
import type { Continuation } from '../vobiz/continuation.ts';
import type { Webhook } from '../vobiz/webhook.ts';
import { type Document, redirect, response, wait } from '../vobiz/xml.ts';
import { newsFor } from './flow-news.ts';
import { answerStep, inStep, type Move } from './reply.ts';

/** How often, and how far apart, the answer of an effect is looked for while the carrier waits for a document. */
const LOOKS = 5;
const LOOK_MS = 160;
/** After that an effect counts as unanswered, whatever becomes of it: its own ten seconds, and the way there. */
const PATIENCE_MS = 12_000;

export async function flowNext(
  context: Context,
  at: Continuation,
  webhook: Partial<Webhook>,
): Promise<Document> {
  const key = keyOf(at);
  for (let look = 1; ; look++) {
    let isOut = false;
    const { document } = await answerStep(context, at.call, key, async (held, _queue, now): Promise<Move> => {
      const move = await onward(context, held, at, webhook, now);
      isOut = move === 'out';
      return move === 'out' ? { held, reply: { kind: 'nothing' } } : move;
    });
    if (!isOut) return document;
    if (look === LOOKS) return comeAgain(context, at);
    await context.pause(LOOK_MS);
  }
}

/** A step of the flow is answered once, whichever of its document's links the carrier follows. */
function keyOf({ step, params }: Continuation): string {
  if (params.on === 'resume') return `flow-resume:${step}`;
  return params.on === 'converse' ? `flow-converse:${params.at}` : `flow:${params.at}`;
}

async function onward(
  context: Context,
  came: Held,
  at: Continuation,
  webhook: Partial<Webhook>,
  now: number,
): Promise<Move | 'out'> {
  const held = proven(came, at, webhook, now);
  if (held.call.state !== 'in_flow' || !held.call.flow) return { held, reply: inStep(held.call) };
  if (at.params.on === 'converse') return conversing(held, at, now);
  const inFlow = held as InFlow;
  const event = eventFor(inFlow, at, webhook, now);
  if (event === 'out') return 'out';
  const stepped = event && (await stepFlow(context, givenUp(inFlow, event, now), event, now));
  const { call } = stepped ?? held;
  const document = call.flow?.state.step ?? 0;
  return { held: stepped ?? held, reply: { kind: 'flow', at: document } };
}

/** What the request alone proves, though the call may have ended meanwhile. */
function proven(came: Held, at: Continuation, webhook: Partial<Webhook>, now: number): Held {
  if (at.params.on === 'resume') return fromVoicemail(came, now);
  const news = at.params.on === 'dialed' ? newsFor(came.call, at.params, webhook) : undefined;
  if (news?.type !== 'dialed' || news.result !== 'answered') return came;
  return { ...came, call: proveBridged(came.call, Number(at.params.at), news.by, now) };
}

/** The caller has left a message with the queue. */
const fromVoicemail = (held: Held, now: number): Held =>
  held.call.state === 'voicemail' ? backInFlow(held, { type: 'queue_left', result: 'voicemail' }, now) : held;

/** To the assistant, if the flow still waits for that; else to where it is. */
function conversing(held: Held, at: Continuation, now: number): Move {
  const { call } = held;
  const isNow = isInFlow(call) && call.flow.state.step === Number(at.params.at) && !call.flow.result;
  const after = isNow ? beginTalk(held, now) : held;
  if (after.call.state === 'assisted') return { held: after, reply: { kind: 'converse' } };
  return { held, reply: { kind: 'go', to: 'flow' } };
}

/** @returns undefined where nothing new has happened: the present document is told again */
function eventFor(
  { call }: InFlow,
  at: Continuation,
  webhook: Partial<Webhook>,
  now: number,
): FlowEvent | 'out' | undefined {
  const { result, state } = call.flow;
  const { wait, step } = state;
  if (!wait || wait.for === 'hung_up') return undefined;
  if (result && 'step' in result && result.step === step) return result;
  if (wait.effect !== undefined && wait.for !== 'queue_left' && wait.for !== 'conversed') {
    if (now - wait.since < PATIENCE_MS) return 'out';
    return wait.for === 'answered'
      ? { type: 'answered', step }
      : { type: 'failed', step, why: 'there was no answer in time' };
  }
  if (at.params.on === 'resume') return bridgeOver(call.flow);
  if (Number(at.params.at) !== step) return undefined;
  if (wait.for === 'continued' && isBusy(call.flow) && now - wait.since < PATIENCE_MS) return 'out';
  const news = newsFor(call, at.params, webhook);
  return news && ({ ...news, step } as FlowEvent);
}

/** An effect of which nothing was heard in time is a failure on the record; whoever performs it yet, does. */
function givenUp(held: InFlow, event: FlowEvent, now: number): InFlow {
  const { flow } = held.call;
  if (event === flow.result || !('step' in event) || flow.state.wait?.effect === undefined) return held;
  const isGivenUp = event.type === 'failed' || (event.type === 'answered' && event.status === undefined);
  const run = isGivenUp ? unanswered(flow, flow.state.wait.effect, now) : flow;
  return { ...held, call: { ...held.call, flow: run } };
}

/** A caller who is back from a bridge is not bridged again, whatever has become of its last word. */
function bridgeOver({ bridged, state: { wait, step } }: FlowRun): FlowEvent | undefined {
  if (wait?.for !== 'dialed' || bridged?.at !== step) return undefined;
  return { type: 'dialed', step, result: 'answered', ...(bridged.by !== undefined && { by: bridged.by }) };
}

/** The same place once more in a second. */
async function comeAgain(context: Context, { call, step, params }: Continuation): Promise<Document> {
  const url = links(context, await signingKey(context), call, step)('/flow', params);
  return response(wait(1), redirect(url));
}
