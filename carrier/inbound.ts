/** Somebody calls a number of the carrier: the call goes to the application that the network routes to. */
import { Call } from './call.ts';
import type { CallerScript } from './caller.ts';
import type { Network, Pace } from './network.ts';

/** Creates the call at once; `run` plays it to its end and resolves when its last webhook is delivered. */
export function placeInbound(
  network: Network,
  script: CallerScript,
  pace: Pace = network.pace(),
): { call: Call; run: () => Promise<void> } {
  const { answerUrl, hangupUrl, fallbackUrl } = network.route;
  if (!answerUrl) throw new Error('No application to call: give the carrier an answerUrl first.');
  const call = new Call(network, 'inbound', script, hangupUrl ?? answerUrl, pace);
  const step = { origin: 'answer' as const, url: answerUrl, method: 'POST', fields: { Event: 'StartApp' } };
  return { call, run: () => call.run({ ...step, ...(fallbackUrl && { fallbackUrl }) }) };
}
