/** The end of the call, whatever its flow was at. Apart from `run.ts`, since it needs no action. */
import { callEnded } from './ending.ts';
import { momentOf } from './moment.ts';
import { bridgeResults, talkResults } from './results.ts';
import type { Stepped } from './run.ts';
import type { FlowState, Wait } from './state.ts';
import { setResult, setVariables, type Variables } from './variables.ts';

/** What has become of that which the flow waited for, as its variables. */
export interface Learnt {
  results: Variables;
  /** Of the caller's own. */
  variables?: Variables | undefined;
}

export function hungUp(state: FlowState, now: number, learnt?: Learnt): Stepped {
  const { wait } = state;
  if (!wait || !state.on_call) return { state, verbs: [], effects: [], waiting: wait, taken: false };
  const moment = momentOf(state, () => undefined, now);
  moment.state.step += 1;
  delete moment.state.wait;
  const { results, variables = {} } = learnt ?? { results: cutOff(wait) };
  setVariables(moment.state, variables);
  setResult(moment.state, results);
  callEnded(moment);
  return { state: moment.state, verbs: [], effects: moment.effects, waiting: undefined, taken: true };
}

function cutOff(wait: Wait): Variables {
  if (wait.for === 'conversed') return talkResults('hangup');
  return wait.for === 'dialed' ? bridgeResults('canceled') : {};
}
