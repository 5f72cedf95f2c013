/**
 * A flow played through without a call: events are told one after the other, and what the flow wants done is shown and
 * not done. Only the other flows that it asks for are there at once, as on a call.
 */
import type { Context } from '../app/context.ts';
import { flowOf, libraryOf } from '../app/flows.ts';
import { documentOf } from '../flow/document.ts';
import type { Effect } from '../flow/effect.ts';
import type { FlowEvent } from '../flow/event.ts';
import type { Flow } from '../flow/flow.ts';
import { type Beginning, type Stepped, start, step } from '../flow/run.ts';
import { type FlowState, flowsOf, type Visited } from '../flow/state.ts';
import { render } from '../vobiz/xml.ts';

type Untimed<E> = E extends FlowEvent ? Omit<E, 'step'> : never;
/** An event, so long after the one before; which step it answers the simulation knows. */
export type Later = Untimed<FlowEvent> & { after_secs: number };

/** What one event has led to, or the start. */
export interface Played {
  event: Later | undefined;
  /** Epoch ms. */
  at: number;
  /** False: the flow does not wait for it, and it changed nothing. */
  taken: boolean;
  /** The actions that were begun; first, if it has its result now, the one that waited. */
  path: Visited[];
  /** The carrier's XML, where there is somebody to hear it. */
  document: string | undefined;
  effects: Effect[];
  state: FlowState;
}

/** @param now epoch ms of the start */
export async function simulate(
  context: Context,
  flow: Flow,
  { now, events, ...beginning }: Beginning & { now: number; events: Later[] },
): Promise<[Played, ...Played[]]> {
  const begun = await withFlows(context, start(flow, beginning, now), now);
  const played: [Played, ...Played[]] = [
    shown(context, begun, { at: now, event: undefined, before: undefined }),
  ];
  let state = begun.state;
  let at = now;
  for (const event of events) {
    at += event.after_secs * 1000;
    const { after_secs: _, ...told } = event;
    const library = await libraryOf(context, flowsOf(state));
    const stepped = step(library, state, { step: state.step, ...told } as FlowEvent, at);
    const next = stepped.taken ? await withFlows(context, stepped, at) : stepped;
    played.push(shown(context, next, { at, event, before: state }));
    state = next.state;
  }
  return played;
}

/** The flow goes on as long as it asks for other flows only. */
async function withFlows(context: Context, first: Stepped, now: number): Promise<Stepped> {
  const effects = [...first.effects];
  let last = first;
  for (;;) {
    const { state, verbs } = last;
    const wanted = last.effects.find(({ id }) => id === state.wait?.effect);
    if (wanted?.do !== 'load_flow') return { ...last, effects };
    const found = await flowOf(context, wanted.flow);
    const flow = found && { id: found.id, version: found.version };
    const names = [...flowsOf(state), ...(found ? [{ flow: found.id, version: found.version }] : [])];
    const library = await libraryOf(context, names);
    last = step(library, state, { type: 'flow_loaded', step: state.step, ...(flow && { flow }) }, now, verbs);
    effects.push(...last.effects);
  }
}

function shown(
  context: Context,
  { state, verbs, effects, taken }: Stepped,
  { at, event, before }: { at: number; event: Later | undefined; before: FlowState | undefined },
): Played {
  const past = new Set(before?.path);
  const link = (to: string) => `${context.settings.PUBLIC_URL}/flow?on=${to}&at=${state.step}`;
  const scene = { link, callerId: context.settings.FROM_NUMBER };
  return {
    event,
    at,
    taken,
    path: state.path.filter(visited => !past.has(visited)),
    document: taken && state.on_call ? render(documentOf(verbs, state.wait, scene)) : undefined,
    effects,
    state,
  };
}
