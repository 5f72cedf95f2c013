/**
 * What the flow was waiting for when the call ended may have come to something all the same: what follows the flow
 * shall know. Most calls end so, in the talk to which their flow has brought them.
 */
import type { Learnt } from '../flow/hung-up.ts';
import { bridgeResults, queueResults, talkResults } from '../flow/results.ts';
import type { Call } from './call.ts';
import type { FlowRun } from './flow-run.ts';

/** @param call as it stood before the end @returns undefined where nothing is known */
export function resultAtEnd(
  { outcome }: Pick<Call, 'outcome'>,
  { result, state, bridged }: FlowRun,
): Learnt | undefined {
  const { step, wait } = state;
  if (result && 'step' in result && result.step === step) {
    const variables = 'variables' in result ? result.variables : undefined;
    if (result.type === 'queue_left') return { results: queueResults(result.result), variables };
    if (result.type === 'conversed') return { results: talkResults(result.status), variables };
  }
  if (wait?.for === 'queue_left' && (outcome === 'connected' || outcome === 'voicemail'))
    return { results: queueResults(outcome) };
  if (wait?.for === 'dialed' && bridged?.at === step)
    return { results: bridgeResults('answered', bridged.by) };
  return undefined;
}
