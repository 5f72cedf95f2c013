/**
 * A flow that runs without a caller: each of its steps is stored with what it leaves to be done, which is performed
 * right here. Whoever performs it again goes on from where it stands; while somebody works on it, nobody else does.
 */
import type { Context } from '../../app/context.ts';
import { flowOf, libraryOf } from '../../app/flows.ts';
import type { FlowRun } from '../../call/flow-run.ts';
import { type Done, isBusy, noteDone } from '../../call/flow-todo.ts';
import { todo } from '../../call/in-flow.ts';
import type { FlowEvent } from '../../flow/event.ts';
import type { Flow } from '../../flow/flow.ts';
import { start, step } from '../../flow/run.ts';
import { type FlowState, flowsOf } from '../../flow/state.ts';
import type { SavedRun } from '../../store/runs.ts';
import type { performAll } from './perform.ts';
import { activeFlowId, type Subject } from './subject.ts';

/** Longer than anything that a run waits for; who has held it has died after that. */
const HELD_MS = 60_000;

export interface Alone {
  call: string;
  /** Unique within the call, and the same when it is started again. */
  run: string;
  /** Id or name. */
  flow: string;
  variables: Record<string, string>;
  completes: number;
}

/** @param perform given, since what it performs may be another run */
export async function runAlone(context: Context, alone: Alone, perform: typeof performAll): Promise<Done> {
  const known = await context.store.runs.one(alone.call, alone.run);
  if (known && isOver(known.run)) return {};
  if (known && context.now() - known.held_at < HELD_MS) return 'later';
  const begun = known ?? (await begin(context, alone));
  if (!begun) return { failed: 'the flow does not exist, or was never published' };
  const held = await context.store.runs.save({ ...begun, held_at: context.now() });
  return held ? advance(context, held, perform) : 'later';
}

const isOver = ({ state, todo }: FlowRun): boolean => state.wait === undefined && todo.length === 0;

async function begin(context: Context, alone: Alone): Promise<SavedRun | undefined> {
  const flow = await flowOf(context, alone.flow);
  if (!flow) return undefined;
  const { call, run: id, completes } = alone;
  const now = context.now();
  const { state, effects } = start(
    flow,
    { variables: variablesOf(alone, flow), on_call: false, completes },
    now,
  );
  const left = effects.map(effect => todo(effect, now));
  const run = { flow: flow.id, version: flow.version, state, told: [], todo: left };
  return { call, id, version: 0, run, began_at: now, held_at: now };
}

const variablesOf = ({ variables, completes, ...alone }: Alone, flow: Flow): Record<string, string> => ({
  ...variables,
  'voipbin.activeflow.id': activeFlowId(alone),
  'voipbin.activeflow.reference_activeflow_id': variables['voipbin.activeflow.id'] ?? '',
  'voipbin.activeflow.flow_id': flow.id,
  'voipbin.activeflow.complete_count': String(completes),
});

async function advance(context: Context, held: SavedRun, perform: typeof performAll): Promise<Done> {
  let saved: SavedRun | undefined = held;
  const { call, id } = held;
  const { flow, version } = held.run;
  const subject: Subject = { call, run: id, flow, version };
  const comeBackTo = new Set<string>();
  const save = async (run: FlowRun) => {
    if (saved && run !== saved.run)
      saved = await context.store.runs.save({ ...saved, run, held_at: context.now() });
  };
  while (saved) {
    const open = saved.run.todo.map(({ effect }) => effect).filter(effect => !comeBackTo.has(effect.id));
    await perform(context, subject, open, async (effect, done) => {
      if (done === 'later') comeBackTo.add(effect.id);
      if (saved) await save(noteDone(saved.run, effect.id, done, context.now()));
    });
    if (!saved?.run.state.wait || isBusy(saved.run)) break;
    await save(await next(context, saved.run));
  }
  // Overtaken by somebody who goes on with it.
  if (!saved) return 'later';
  return isOver(saved.run) ? {} : 'later';
}

/** What the step before wanted has been done, or what the flow waits for will not come. */
const withoutAnswer = ({ step, wait }: FlowState): FlowEvent =>
  wait?.for === 'continued'
    ? { type: 'continued', step }
    : { type: 'failed', step, why: 'there was no answer' };

async function next(context: Context, { result, ...run }: FlowRun): Promise<FlowRun> {
  const { state } = run;
  const now = context.now();
  const event: FlowEvent = result ?? withoutAnswer(state);
  const loaded = event.type === 'flow_loaded' && event.flow ? [event.flow] : [];
  const names = [...flowsOf(state), ...loaded.map(({ id, version }) => ({ flow: id, version }))];
  const stepped = step(await libraryOf(context, names), state, event, now);
  if (stepped.taken)
    return {
      ...run,
      state: stepped.state,
      todo: [...run.todo, ...stepped.effects.map(effect => todo(effect, now))],
    };
  const { wait: _, ...stranded } = state;
  return { ...run, state: { ...stranded, outcome: 'failed' } };
}
