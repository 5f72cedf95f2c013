/**
 * The outcome of a call that a flow ran on: the best that the caller has met there, in whatever order it was heard of.
 * Whom the flow has served to its end without any person counts as connected too.
 */
import type { Call, Outcome } from './call.ts';

/** @param call in no queue any more */
export function outcomeInFlow(call: Call): Outcome {
  const { flow, visits = [], recordings = [], assisted_at, callback_id } = call;
  const was = (outcome: Outcome) => visits.some(visit => visit.outcome === outcome);
  const state = flow?.state;
  if (flow?.bridged || assisted_at !== undefined || was('connected')) return 'connected';
  if (callback_id !== undefined) return 'callback';
  if (was('voicemail') || recordings.some(({ kind }) => kind === 'message')) return 'voicemail';
  if (state?.fell_back || was('failed')) return 'failed';
  if (was('overflow')) return 'overflow';
  if (state?.outcome === 'completed') return state.sounded ? 'connected' : 'rejected';
  return 'abandoned';
}
