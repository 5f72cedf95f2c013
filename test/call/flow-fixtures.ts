/** Calls with a flow that waits for something. */
import type { Call } from '../../lambda/call/call.ts';
import type { Action } from '../../lambda/flow/flow.ts';
import { start } from '../../lambda/flow/run.ts';
import { NOW } from '../queue/fixtures.ts';

export const TALK: Action[] = [{ type: 'ai_talk', option: { ai_id: 'helper' } }];
export const QUEUE_JOIN: Action[] = [{ type: 'queue_join', option: { queue_id: 'support' } }];

/** The call, as its flow has begun with these actions. */
export function inFlow(call: Call, actions: Action[], variables: Record<string, string> = {}): Call {
  const flow = { id: 'f', version: 1, name: 'F', actions };
  const { state } = start(flow, { variables, on_call: true }, NOW);
  return { ...call, flow: { flow: 'f', version: 1, state, told: [], todo: [] } };
}
