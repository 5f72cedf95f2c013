/**
 * A flow takes a step on a call: the interpreter decides, and what it wants at once is given at once (another flow, a
 * place in a queue, an assistant); everything else is left on the call to be done. Nothing is stored here: the caller
 * of these functions stores all of it in one write.
 */

import type { Call } from '../call/call.ts';
import { prepareTalk, putOn, sendToQueue } from '../call/flow-call.ts';
import type { FlowRun, ToldFlow } from '../call/flow-run.ts';
import { todo } from '../call/in-flow.ts';
import type { Held } from '../call/transitions.ts';
import type { Effect } from '../flow/effect.ts';
import type { FlowEvent } from '../flow/event.ts';
import { giveUp, type Stepped, step } from '../flow/run.ts';
import { flowsOf } from '../flow/state.ts';
import { DEFAULT_ASSISTANT } from '../voice/assistant.ts';
import { type Context, existingQueue } from './context.ts';
import { fitted } from './fitted.ts';
import { flowOf, libraryOf } from './flows.ts';

/** The held call has this flow, whose step may change it. */
export type InFlow = Held & { call: Call & { flow: FlowRun } };

/** @returns undefined for an event that is late, repeated or not what the flow waits for */
export async function stepFlow(
  context: Context,
  held: InFlow,
  event: FlowEvent,
  now: number,
): Promise<Held | undefined> {
  const { result: _, ...run } = held.call.flow;
  const stepped = step(await libraryOf(context, flowsOf(run.state)), run.state, event, now);
  return stepped.taken ? settle(context, held, run, stepped, now) : undefined;
}

/** The present step cannot be taken or told: its documents are forgotten, and the flow's fallback takes over. */
export async function giveUpFlow(context: Context, held: InFlow, now: number): Promise<Held> {
  const { result: _, ...run } = held.call.flow;
  const library = await libraryOf(context, flowsOf(run.state));
  const stepped = giveUp(library, run.state, 'the step could not be taken', now);
  return settle(context, held, { ...run, told: [] }, stepped, now);
}

/** Follow a step to where somebody has to be waited for. */
export async function settle(
  context: Context,
  held: Held,
  run: FlowRun,
  first: Stepped,
  now: number,
): Promise<Held> {
  let stepped = first;
  let call = held.call;
  const todos = [...run.todo];
  for (;;) {
    const { effects, state, verbs } = stepped;
    const wanted = effects.find(({ id }) => id === state.wait?.effect);
    call = effects.reduce((one, effect) => noted(one, effect, now), call);
    todos.push(...effects.filter(isForLater).map(effect => todo(effect, now)));
    const given = wanted && (await give(context, { ...held, call }, wanted, state.step, now));
    if (!given || 'held' in given) {
      const told: ToldFlow = { at: state.step, verbs, ...(state.wait && { waiting: state.wait }) };
      const put = putOn(given?.held ?? { ...held, call }, { ...run, state, todo: todos }, told, now);
      return fitted(context, put, run.todo);
    }
    const names = [...flowsOf(state), ...(given.flow ? [given.flow] : [])];
    stepped = step(await libraryOf(context, names), state, given.event, now, verbs);
  }
}

type Given =
  /** The call goes there. */
  | { held: Held }
  /** The flow goes on at once. */
  | { event: FlowEvent; flow?: { flow: string; version: number } }
  /** It comes later. */
  | undefined;

async function give(context: Context, held: Held, effect: Effect, at: number, now: number): Promise<Given> {
  const failed = (why: string): Given => ({ event: { type: 'failed', step: at, why } });
  switch (effect.do) {
    case 'load_flow': {
      const flow = await flowOf(context, effect.flow);
      if (!flow) return { event: { type: 'flow_loaded', step: at } };
      const { id, version } = flow;
      return { event: { type: 'flow_loaded', step: at, flow: { id, version } }, flow: { flow: id, version } };
    }
    case 'join_queue': {
      const queue = await existingQueue(context, effect.queue);
      return queue ? { held: sendToQueue(held, queue, now) } : failed('there is no such queue');
    }
    case 'converse': {
      if (!(await isAssistant(context, effect.assistant))) return failed('there is no such assistant');
      const { assistant, outcomes, language, max_secs } = effect;
      const talk = { outcomes, ...(language && { language }), ...(max_secs && { max_secs }) };
      return { held: prepareTalk(held, assistant, talk) };
    }
    default:
      return undefined;
  }
}

/** Effects that are performed in the background. */
const isForLater = ({ do: what }: Effect): boolean =>
  !['load_flow', 'join_queue', 'converse', 'start_transcription'].includes(what);

/** What an effect leaves on the call itself. */
function noted(call: Call, effect: Effect, now: number): Call {
  if (effect.do === 'start_transcription') {
    const { language, track, webhook_url, keywords } = effect;
    const n = (call.transcription?.n ?? 0) + 1;
    const url = webhook_url === undefined ? {} : { webhook_url };
    return { ...call, transcription: { n, began_at: now, language, track, keywords, ...url } };
  }
  if (effect.do === 'stop_transcription' && call.transcription)
    return { ...call, transcription: { ...call.transcription, stopped_at: now } };
  return call;
}

const isAssistant = async (context: Context, id: string): Promise<boolean> =>
  id === DEFAULT_ASSISTANT || (await context.store.directory.assistants.one(id)) !== undefined;
