/** What a move means for the metrics: pure, from the call before and after, so that nothing is counted twice. */

import type { Measurement } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import type { Departure } from '../voice/conversation.ts';
import type { Call, Outcome } from './call.ts';
import { isCallback, resultOf } from './callback.ts';
import type { Visit } from './flow-run.ts';

const COUNTED: Partial<Record<Outcome, string>> = {
  connected: METRICS.answers,
  abandoned: METRICS.abandons,
  voicemail: METRICS.voicemails,
  overflow: METRICS.overflows,
  failed: METRICS.failures,
};

export function measure(before: Call | undefined, after: Call): Measurement[] {
  const inQueue = after.queue === '' ? [] : measureQueue(before, after);
  return [
    ...inQueue,
    ...measureVisits(before, after),
    ...measureDial(before, after),
    ...measureAssistant(before, after),
    ...measureFlow(before, after),
  ];
}

function measureQueue(before: Call | undefined, after: Call): Measurement[] {
  const { queue, joined_at } = after;
  const isNew = before?.queue !== queue || before.joined_at !== joined_at;
  const count = (name: string, happened: boolean): Measurement[] =>
    happened ? [{ name, value: 1, queue }] : [];
  const outcome = after.outcome === before?.outcome ? undefined : countedAs(after);
  const { connected_at: answered, ended_at: ended } = after;
  return [
    ...count(after.callback ? METRICS.callbacksRequested : METRICS.callsJoined, isNew),
    ...count(METRICS.offers, after.offers > (before?.offers ?? 0)),
    ...count(METRICS.missedRings, missed(after) > (before ? missed(before) : 0)),
    ...(outcome ? [{ name: outcome, value: 1, queue }] : []),
    ...(answered !== undefined && before?.connected_at === undefined && !after.callback
      ? [{ name: METRICS.waitMs, value: answered - after.joined_at, queue }]
      : []),
    ...(answered !== undefined && ended !== undefined && before?.ended_at === undefined
      ? [{ name: METRICS.talkMs, value: ended - answered, queue }]
      : []),
  ];
}

/** Who called a callback off has not been missed by anybody; whoever was reached and left the line counts as any other. */
function countedAs(call: Call): string | undefined {
  if (!isCallback(call)) return call.outcome && COUNTED[call.outcome];
  if (call.outcome === 'connected') return METRICS.callbacksReached;
  if (call.outcome !== 'failed') return call.outcome && COUNTED[call.outcome];
  const isMissed = !['cancelled', 'called_in'].includes(resultOf(call) ?? '');
  return isMissed ? METRICS.callbacksFailed : undefined;
}

/** Queues that a flow's caller has just left, or of which late word has come. */
function measureVisits(before: Call | undefined, { visits = [] }: Call): Measurement[] {
  return visits.flatMap((visit, at) => {
    const earlier = before?.visits?.[at];
    return visit === earlier ? [] : measureVisit(earlier ?? before, visit, earlier === undefined);
  });
}

/** @param before the call in that queue, or the visit as it was known */
function measureVisit(
  before: (Pick<Visit, 'connected_at'> & { outcome?: Outcome | undefined }) | undefined,
  { queue, outcome, joined_at, connected_at: answered, left_at }: Visit,
  hasJustLeft: boolean,
): Measurement[] {
  const count = (name: string, value: number) => ({ name, value, queue });
  const counted = before?.outcome === outcome ? undefined : COUNTED[outcome];
  const isAnswered = answered !== undefined && before?.connected_at === undefined;
  return [
    ...(counted ? [count(counted, 1)] : []),
    ...(isAnswered ? [count(METRICS.waitMs, answered - joined_at)] : []),
    ...(hasJustLeft && answered !== undefined ? [count(METRICS.talkMs, left_at - answered)] : []),
  ];
}

/** Outbound: how many are placed, and how many reach no person. */
function measureDial(before: Call | undefined, { direction, dial, assistant }: Call): Measurement[] {
  if (direction !== 'outbound' || !dial) return [];
  const unanswered = dial.result !== before?.dial?.result && dial.result !== 'answered';
  return [
    ...(before === undefined ? [{ name: METRICS.outboundCalls, value: 1, ...by(assistant) }] : []),
    ...(unanswered ? [{ name: METRICS.outboundUnanswered, value: 1, ...by(assistant) }] : []),
  ];
}

function measureAssistant(before: Call | undefined, after: Call): Measurement[] {
  const { state, departure, assistant } = after;
  if (assistant === undefined) return [];
  const begins = state === 'assisted' && before?.state !== 'assisted';
  const fails = before?.departure === undefined && departure?.reason === 'failed';
  const isLeft = before?.state === 'assisted' && state !== 'assisted';
  const transfers = isLeft && (state === 'greeting' ? departure?.reason !== 'failed' : isTransfer(departure));
  return [
    ...(begins ? [{ name: METRICS.assistantCalls, value: 1, assistant }] : []),
    ...(fails ? [{ name: METRICS.assistantFailures, value: 1, assistant }] : []),
    ...(transfers ? [{ name: METRICS.assistantTransfers, value: 1, assistant }] : []),
  ];
}

/** A flow has been told that the caller wants a person. */
const isTransfer = (departure: Departure | undefined) =>
  departure?.to === 'flow' && (departure.reason === 'asked' || departure.reason === 'key');

function measureFlow(before: Call | undefined, { flow }: Call): Measurement[] {
  if (!flow) return [];
  const name = flow.flow === '' ? {} : { flow: flow.flow };
  const fell = flow.state.fell_back !== undefined && before?.flow?.state.fell_back === undefined;
  return [
    ...(before?.flow || flow.state.executed === 0 ? [] : [{ name: METRICS.flowCalls, value: 1, ...name }]),
    ...(fell ? [{ name: METRICS.flowFailures, value: 1, ...name }] : []),
  ];
}

const by = (assistant: string | undefined) => (assistant === undefined ? {} : { assistant });

const missed = (call: Call) =>
  call.rings.filter(({ result }) => result === 'no_answer' || result === 'busy' || result === 'failed')
    .length;
