/** The end of the call, whatever its flow was at. Apart from `run.ts`, since it needs no action. */
import { callEnded } from './ending.ts';
import { momentOf } from './moment.ts';
import type { Stepped } from './run.ts';
import type { FlowState } from './state.ts';
import { setResult } from './variables.ts';

export function hungUp(state: FlowState, now: number): Stepped {
  const { wait } = state;
  if (!wait || !state.on_call) return { state, verbs: [], effects: [], waiting: wait, taken: false };
  const moment = momentOf(state, () => undefined, now);
  moment.state.step += 1;
  delete moment.state.wait;
  if (wait.for === 'conversed') setResult(moment.state, { 'voipbin.aicall.status': 'hangup' });
  callEnded(moment);
  return { state: moment.state, verbs: [], effects: moment.effects, waiting: undefined, taken: true };
}
