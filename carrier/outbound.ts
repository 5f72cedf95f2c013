/** A call that the application places: the callee's phone rings, and when it is picked up the answer URL leads. */
import { Call } from './call.ts';
import { callFields } from './fields.ts';
import { HANGUP } from './hangup.ts';
import { HungUp } from './interrupt.ts';
import { detectMachine, type MachineDetection } from './machine.ts';
import type { Network } from './network.ts';
import type { Attempt } from './phones.ts';
import { firstOf, forever } from './race.ts';

export interface OutboundOrder {
  from: string;
  to: string;
  answerUrl: string;
  answerMethod: string;
  hangupUrl?: string;
  ringUrl?: string;
  fallbackUrl?: string;
  detection?: MachineDetection;
  ringTimeoutMs: number;
  limitMs: number;
}

/** Creates the call at once; `run` rings and plays it to its end. */
export function placeOutbound(
  network: Network,
  order: OutboundOrder,
): { call: Call; run: () => Promise<void> } {
  const { attempt, free } = network.phones.ring(order.to, network.clock.now());
  const script = { ...attempt.acts, from: order.from, to: order.to };
  const call = new Call(network, 'outbound', script, order.hangupUrl);
  return { call, run: () => ringAndRun(order, call, attempt).finally(free) };
}

async function ringAndRun(order: OutboundOrder, call: Call, attempt: Attempt): Promise<void> {
  const { uuid: leg, to } = call;
  call.story.add({ kind: 'rings', to, leg, position: 1 });
  if (order.ringUrl) {
    call.tell({ url: order.ringUrl, method: 'POST', fields: { ...callFields(call), Event: 'Ring' } });
  }
  try {
    await ring(call, attempt, order.ringTimeoutMs);
    call.story.add({ kind: 'phone', to, leg, did: 'answered' });
    call.answer();
    calleeStays(call, attempt, order.limitMs);
    const step = { origin: 'answer' as const, url: order.answerUrl, method: order.answerMethod };
    const { fallbackUrl, detection } = order;
    const found = detection ? await detectMachine(call, detection, attempt.isMachine) : {};
    await call.run({ ...step, fields: { Event: 'StartApp', ...found }, ...(fallbackUrl && { fallbackUrl }) });
  } catch (error) {
    if (!(error instanceof HungUp)) throw error;
    await call.finish();
  }
}

/** Resolves when the phone is picked up; drops the call otherwise. */
async function ring(call: Call, attempt: Attempt, timeoutMs: number): Promise<void> {
  const refusal = await firstOf(
    call.line,
    signal => (attempt.does === 'ignore' ? forever(signal) : call.clock.sleep(attempt.afterMs, signal)),
    signal => call.clock.sleep(timeoutMs, signal).then(() => HANGUP.noAnswer),
  );
  if (refusal) call.drop(refusal);
  if (attempt.does === 'busy') call.drop(HANGUP.busy);
  if (attempt.does === 'reject') call.drop(HANGUP.rejectedByCallee);
  if (attempt.does === 'fail') call.drop(HANGUP.unreachable);
}

/** The callee listens for as long as their phone is said to talk, and the call for as long as it may last. */
function calleeStays(call: Call, attempt: Attempt, limitMs: number): void {
  call.inBackground(() =>
    call.clock.sleep(attempt.talkMs, call.line).then(() => call.hangUp(HANGUP.byCallee)),
  );
  call.inBackground(() => call.clock.sleep(limitMs, call.line).then(() => call.hangUp(HANGUP.scheduled)));
}
