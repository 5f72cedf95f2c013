/** A flow begins on a call, with what is known of the call as its first variables. */
import { ofCall, ofFlow } from '../call/first-variables.ts';
import type { Dialled } from '../call/flow-run.ts';
import type { Held } from '../call/transitions.ts';
import type { Flow } from '../flow/flow.ts';
import { start } from '../flow/run.ts';
import type { Context } from './context.ts';
import { settle } from './flow-step.ts';
import { flowOf } from './flows.ts';

/**
 * @param more variables beside those of the call
 * @returns undefined where there is no such flow that is published
 */
export async function beginFlow(
  context: Context,
  held: Held,
  dialled: Dialled,
  more: Record<string, string>,
  now: number,
): Promise<Held | undefined> {
  const flow = dialled.actions ? inline(dialled.actions) : await flowOf(context, dialled.id ?? '');
  if (!flow) return undefined;
  const { call } = held;
  const variables = { ...call.variables, ...ofCall(call), ...ofFlow(call, flow.id), ...more };
  const stepped = start(flow, { variables, on_call: true }, now);
  const run = { flow: flow.id, version: flow.version, state: stepped.state, told: [], todo: [] };
  return settle(context, { ...held, call: { ...call, state: 'in_flow' } }, run, stepped, now);
}

const inline = (actions: Flow['actions']): Flow => ({ id: '', version: 0, name: '', actions });
