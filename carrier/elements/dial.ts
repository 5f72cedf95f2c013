/**
 * `<Dial>`: rings its numbers all at once, bridges the first who answers, and reports one result to `action`.
 * When a bridge was established nothing after the `<Dial>` is played. When the caller ends the call, the legs
 * hang up first, then comes the call's Hangup, and only then the action. After a transfer the call has left
 * the dial, and there is no action.
 */
import { encodeTones } from '../../doubles/tones.ts';
import type { Call } from '../call.ts';
import { DialLeg } from '../dial-leg.ts';
import { type DialPlan, readDialPlan } from '../dial-plan.ts';
import type { Step } from '../document.ts';
import { callFields } from '../fields.ts';
import { HANGUP, type Hangup } from '../hangup.ts';
import { HungUp } from '../interrupt.ts';
import { firstOf, forever, orAborted } from '../race.ts';
import { RATE } from '../stream/sound.ts';
import type { Play } from './element.ts';
import { record } from './record.ts';

export const dial: Play = async (element, call, following) => {
  if (call.isRinging) {
    const reason = 'An inbound call must be answered by Speak, Play or Wait before it can Dial.';
    call.drop({ ...HANGUP.internal, reason });
  }
  for (const child of element.children.filter(({ name }) => name === 'Record'))
    await record(child, call, following);
  const plan = readDialPlan(element, call);
  for (const name of NOT_PLAYED.filter(name => element.attributes[name] !== undefined)) {
    call.story.add({
      kind: 'skips',
      element: 'Dial',
      reason: `${name} is not supported by this carrier yet`,
    });
  }
  if (!call.network.owns(plan.callerId)) {
    const reason = `the caller ID ${plan.callerId} is not owned by this account`;
    call.story.add({ kind: 'skips', element: 'Dial', reason });
    return conclude(plan, call, { status: 'failed', cause: HANGUP.unknownCallerId, rang: false });
  }
  const legs = plan.numbers.map((to, index) => new DialLeg(call, plan, to, index + 1));
  try {
    const winner = await winnerOf(legs, call.signal);
    for (const leg of legs) if (leg !== winner) leg.end(HANGUP.lostRace);
    if (winner) winner.end(await talk(winner, plan, call));
    return conclude(plan, call, resultOf(legs, winner));
  } catch (interrupt) {
    breakOff(legs, plan, call, interrupt);
    throw interrupt;
  }
};

/** Attributes that change what is heard or told, and that this carrier leaves out. */
const NOT_PLAYED = ['dialMusic', 'digitsMatch', 'digitsMatchBLeg'];

interface DialResult {
  status: 'completed' | 'busy' | 'failed' | 'cancel' | 'timeout' | 'no-answer';
  cause: Hangup;
  rang: boolean;
  /** The leg that talked. */
  leg?: DialLeg;
}

/** The first leg to connect, or nothing when all of them failed. The others are told to stop. */
async function winnerOf(legs: DialLeg[], signal: AbortSignal): Promise<DialLeg | undefined> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const tries = legs.map(leg => leg.connect(either));
  try {
    return await Promise.any(tries);
  } catch {
    signal.throwIfAborted();
    return undefined;
  } finally {
    stop.abort();
    await Promise.allSettled(tries);
  }
}

/** Resolves with why the talk ended. When the caller ends it, the whole call does, and this rejects. */
function talk(leg: DialLeg, plan: DialPlan, call: Call): Promise<Hangup> {
  leg.bridge();
  for (const begin of call.atBridge.splice(0)) begin();
  const { talkMs, hangsUp } = leg.attempt;
  return firstOf<Hangup>(
    call.signal,
    async signal => {
      await call.clock.sleep(talkMs, signal);
      if (hangsUp === 'caller') call.callerHangsUp();
      return hangsUp === 'caller' ? forever(signal) : HANGUP.byCallee;
    },
    signal => speak(leg, call, signal),
    signal => call.clock.sleep(plan.limitMs, signal).then(() => HANGUP.scheduled),
    signal =>
      plan.hangupOnStar ? call.keypad.nextOf('*', signal).then(() => HANGUP.byCaller) : forever(signal),
  );
}

/** Heard by the streams of the call, if there are any. */
async function speak({ attempt, to }: DialLeg, call: Call, signal: AbortSignal): Promise<never> {
  for (const { text, afterMs } of attempt.says) {
    await call.clock.sleep(afterMs, signal);
    const pcm = encodeTones(text, { rate: RATE });
    call.story.add({ kind: 'speaks', text, ms: (pcm.length / RATE) * 1000, who: to });
    if (call.streams.size > 0) await orAborted(call.others.say(pcm), signal);
  }
  return forever(signal);
}

function resultOf(legs: DialLeg[], winner: DialLeg | undefined): DialResult {
  if (winner?.ended) return { status: 'completed', cause: winner.ended, rang: true, leg: winner };
  const ended = legs.flatMap(leg => leg.ended ?? []);
  const byCode = (code: number) => ended.find(hangup => hangup.code === code);
  const unanswered = byCode(HANGUP.noAnswer.code) ?? byCode(HANGUP.confirmFailed.code);
  if (unanswered) return { status: 'no-answer', cause: unanswered, rang: true };
  const busy = byCode(HANGUP.busy.code);
  if (busy) return { status: 'busy', cause: busy, rang: true };
  return { status: 'failed', cause: ended[0] ?? HANGUP.unreachable, rang: false };
}

function breakOff(legs: DialLeg[], plan: DialPlan, call: Call, interrupt: unknown): void {
  const bridged = legs.find(leg => leg.bridgedAt !== undefined && !leg.ended);
  const hungUp = interrupt instanceof HungUp;
  const talked = hungUp ? interrupt.hangup : HANGUP.byApi;
  const rang = hungUp ? HANGUP.callerGaveUp : HANGUP.canceledByApi;
  for (const leg of legs) leg.end(leg === bridged ? talked : rang);
  if (!hungUp || !plan.action) return;
  const result: DialResult = bridged
    ? { status: 'completed', cause: talked, rang: true, leg: bridged }
    : { status: 'cancel', cause: HANGUP.callerGaveUp, rang: true };
  call.afterHangup(() => tellAction(plan, call, result));
}

/** Where the call goes now: to the action's document, on to the next element, or to its end. */
function conclude(plan: DialPlan, call: Call, result: DialResult): Step | 'end' | undefined {
  const { action: url, actionMethod: method } = plan;
  if (url && plan.redirect)
    return { origin: 'action', url, method, fields: actionFields(call, result, 'DialAction') };
  if (url) tellAction(plan, call, result);
  return result.leg ? 'end' : undefined;
}

function tellAction(plan: DialPlan, call: Call, result: DialResult): void {
  if (!plan.action) return;
  const fields = { ...callFields(call), ...actionFields(call, result, 'Redirect') };
  call.tell({ url: plan.action, method: plan.actionMethod, fields });
}

/** Live captures name the event of an action either way; an application must not key on it. */
function actionFields(
  call: Call,
  result: DialResult,
  event: 'DialAction' | 'Redirect',
): Record<string, string> {
  return {
    Event: event,
    DialStatus: result.status,
    DialRingStatus: String(result.rang),
    DialHangupCause: result.cause.cause,
    DialALegUUID: call.uuid,
    DialBLegUUID: result.leg?.uuid ?? '',
  };
}
