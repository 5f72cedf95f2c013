/** A placed call whose flow nobody has met ends with a flow that never began, for what follows that one. */
import { unbegun } from '../flow/unbegun.ts';
import type { Call, Dial } from './call.ts';
import { ofCall, ofFlow } from './first-variables.ts';
import type { FlowRun } from './flow-run.ts';
import { todo } from './in-flow.ts';

export function flowUnmet(call: Call, dial: Dial, now: number): FlowRun | undefined {
  const { on_complete, flow: { id = '' } = {} } = dial;
  if (!on_complete) return undefined;
  const variables = {
    ...call.variables,
    ...ofCall(call),
    ...ofFlow(call, id),
    'voipbin.call.status': statusOf(dial),
  };
  const { state, effects } = unbegun(on_complete.flow, variables, now);
  const left = effects.map(effect => todo(effect, now));
  return { flow: id, version: on_complete.version, state, told: [], todo: left };
}

/** As after a `connect`. */
function statusOf({ result }: Dial): string {
  if (result === 'busy') return 'busy';
  return result === 'no_answer' ? 'noanswer' : 'failed';
}
