/**
 * A flow's step is stored whole, in the one item of its call, of which the store takes 400 KB. What a flow remembers is
 * bounded by its own rules; what it still wants done is not, and goes where it does not fit.
 *
 * Invariant: a step leaves room for all that is stored without asking: the answer of an effect (64 KB), variables that
 * are set meanwhile (64 KB), and the end of the call, which must never fail.
 */
import type { Call } from '../call/call.ts';
import type { FlowRun, Todo } from '../call/flow-run.ts';
import { withFailures } from '../call/flow-todo.ts';
import type { Held } from '../call/transitions.ts';
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import { storedBytes } from '../store/calls.ts';
import type { Context } from './context.ts';

const MOST_BYTES = 250_000;

/**
 * Where the step does not fit, its document alone is kept of those told; where that does not help, what it wants done
 * counts as failed.
 * @param known what was left to be done before the step
 */
export function fitted(context: Context, held: Held, known: readonly Todo[]): Held {
  if (fits(held.call)) return held;
  const { flow } = held.call;
  if (!flow) return held;
  const shorter = { ...held.call, flow: { ...flow, told: flow.told.slice(-1) } };
  if (fits(shorter)) return { ...held, call: shorter };
  const dropped = flow.todo.filter(one => !known.includes(one));
  if (dropped.length === 0) return { ...held, call: shorter };
  for (const { effect } of dropped) {
    const fields = { call: held.call.id, effect: effect.id, do: effect.do, why: NO_ROOM };
    log.warn('An effect of a flow could not be had', fields);
  }
  const failed = [{ name: METRICS.flowEffectFailures, value: dropped.length, flow: flow.flow }];
  publish(failed, context.now());
  return { ...held, call: { ...shorter, flow: without(shorter.flow, dropped) } };
}

const NO_ROOM = 'the flow wants more at a time than can be stored; let it send less, or wait for answers';

const fits = (call: Call): boolean => storedBytes(call) <= MOST_BYTES;

/** A flow that waits for one of them learns that there will be no answer. */
function without(run: FlowRun, dropped: readonly Todo[]): FlowRun {
  const { wait, step } = run.state;
  const isAwaited = dropped.some(({ effect }) => effect.id === wait?.effect);
  const failures = dropped.map(({ effect: { id, do: what }, since }) => ({
    at: since,
    effect: id,
    do: what,
    why: NO_ROOM,
  }));
  return {
    ...run,
    todo: run.todo.filter(one => !dropped.includes(one)),
    failures: withFailures(run.failures, failures),
    ...(isAwaited && { result: { type: 'failed', step, why: 'there was no room to ask' } as const }),
  };
}
