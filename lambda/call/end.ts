/** The end of a call, whatever it was at. A flow that ran on it ends with it. Pure. */
import type { Call, Outcome } from './call.ts';
import type { FlowRun } from './flow-run.ts';
import { endFlow } from './in-flow.ts';
import { outcomeInFlow } from './outcome-in-flow.ts';
import { flowUnmet } from './unanswered.ts';
import { outOfQueue } from './visits.ts';

export const end = (call: Call, now: number): Call => ({
  ...call,
  state: 'ended',
  ended_at: now,
  ...flowAtEnd(call, now),
});

function flowAtEnd(call: Call, now: number): { flow?: FlowRun } {
  if (call.flow) return { flow: endFlow(call, call.flow, now) };
  const flow = call.dial && flowUnmet(call, call.dial, now);
  return flow ? { flow } : {};
}

/** @param outcome of the queue that the call is in; where a flow had sent it there, the call came to the best of all */
export function endAs(call: Call, outcome: Outcome, now: number): Call {
  const over = { ...end(call, now), outcome };
  if (!over.flow || over.queue === '') return over;
  const left = outOfQueue(over, outcome, now);
  return { ...left, outcome: outcomeInFlow(left) };
}
