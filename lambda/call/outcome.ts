/** What the end of a call's leg means for a call that nobody of a queue has answered. */
import type { Call, Dial, DialResult, Outcome } from './call.ts';
import { outcomeInFlow } from './outcome-in-flow.ts';

export interface HangUp {
  cause?: string;
  /** The call broke on the carrier's or on our side instead of being hung up by somebody. */
  broken?: boolean;
  /** Why an outbound call reached nobody. */
  result?: Exclude<DialResult, 'answered'>;
}

export function outcomeOf(call: Call, { broken, result }: HangUp): Outcome {
  if (call.outcome) return call.outcome;
  if (call.callback) return 'failed';
  if (call.flow && call.queue === '') return outcomeInFlow(call);
  if (result === 'machine' && call.dial && call.queue === '') return 'voicemail';
  if (call.state === 'dialing') return result === 'rejected' ? 'rejected' : 'failed';
  if (call.state === 'assisted' && call.assisted_at !== undefined) return 'connected';
  return broken ? 'failed' : 'abandoned';
}

/** A machine may be recognised as one after it has answered. */
export function dialAfter({ dial, state }: Call, { cause, result }: HangUp): { dial?: Dial } {
  if (!dial || (state !== 'dialing' && result !== 'machine')) return {};
  const detail = cause === undefined ? {} : { detail: cause };
  return { dial: { ...dial, ...detail, result: result ?? 'failed' } };
}
