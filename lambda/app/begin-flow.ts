/** A flow begins on a call, with what is known of the call as its first variables. */
import type { Call } from '../call/call.ts';
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
  const variables = { ...call.variables, ...ofCall(call), ...ofFlow(call, flow), ...more };
  const stepped = start(flow, { variables, on_call: true }, now);
  const run = { flow: flow.id, version: flow.version, state: stepped.state, told: [], todo: [] };
  return settle(context, { ...held, call: { ...call, state: 'in_flow' } }, run, stepped, now);
}

const inline = (actions: Flow['actions']): Flow => ({ id: '', version: 0, name: '', actions });

/** Names as VoIPBin documents them. */
function ofCall(call: Call): Record<string, string> {
  const { id, from, to, direction } = call;
  return {
    'voipbin.call.id': id,
    'voipbin.call.direction': direction === 'inbound' ? 'incoming' : 'outgoing',
    'voipbin.call.status': direction === 'inbound' ? 'ringing' : 'progressing',
    'voipbin.call.digits': '',
    'voipbin.call.source.type': 'tel',
    'voipbin.call.source.target': from,
    'voipbin.call.source.target_name': '',
    'voipbin.call.source.name': '',
    'voipbin.call.source.detail': '',
    'voipbin.call.destination.type': 'tel',
    'voipbin.call.destination.target': to,
    'voipbin.call.destination.target_name': '',
    'voipbin.call.destination.name': '',
    'voipbin.call.destination.detail': '',
  };
}

const ofFlow = ({ id }: Call, flow: Flow): Record<string, string> => ({
  'voipbin.activeflow.id': id,
  'voipbin.activeflow.reference_type': 'call',
  'voipbin.activeflow.reference_id': id,
  'voipbin.activeflow.flow_id': flow.id,
  'voipbin.activeflow.complete_count': '0',
});
