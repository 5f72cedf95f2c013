/** What each step was told, so that a webhook that comes twice gets the same document twice. */
import type { Call, Reply, Told } from './call.ts';

/** Retries come within a minute and a caller makes a step every few seconds; older steps cannot be asked for. */
const KEPT = 8;

/** @param step the request's path and step number, such as `queue-hold:4` */
export function tell(call: Call, step: string, reply: Reply): Call {
  const next = call.step + 1;
  // A DynamoDB map has no order of its own.
  const inOrder = Object.entries(call.replies).sort(([, a], [, b]) => a.next - b.next);
  const recent = inOrder.slice(1 - KEPT);
  return { ...call, step: next, replies: Object.fromEntries([...recent, [step, { reply, next }]]) };
}

export function toldBefore(call: Call, step: string): Told | undefined {
  return call.replies[step];
}

/** To where the flow is now, whatever was told before: nothing but the next document has this number. */
export const goOn = ({ step }: Call): Told => ({ reply: { kind: 'go', to: 'flow' }, next: step });
