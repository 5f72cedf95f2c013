/** What a move means for the metrics: pure, from the call before and after, so that nothing is counted twice. */

import type { Measurement } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import type { Call, Outcome } from './call.ts';

const COUNTED: Partial<Record<Outcome, string>> = {
  connected: METRICS.answers,
  abandoned: METRICS.abandons,
  voicemail: METRICS.voicemails,
  overflow: METRICS.overflows,
  failed: METRICS.failures,
};

export function measure(before: Call | undefined, after: Call): Measurement[] {
  const { queue } = after;
  const count = (name: string, happened: boolean): Measurement[] =>
    happened ? [{ name, value: 1, queue }] : [];
  const outcome = after.outcome !== before?.outcome && after.outcome ? COUNTED[after.outcome] : undefined;
  const { connected_at: answered, ended_at: ended } = after;
  return [
    ...count(METRICS.callsJoined, before === undefined),
    ...count(METRICS.offers, after.offers > (before?.offers ?? 0)),
    ...count(METRICS.missedRings, missed(after) > (before ? missed(before) : 0)),
    ...(outcome ? [{ name: outcome, value: 1, queue }] : []),
    ...(answered !== undefined && before?.connected_at === undefined
      ? [{ name: METRICS.waitMs, value: answered - after.joined_at, queue }]
      : []),
    ...(answered !== undefined && ended !== undefined && before?.ended_at === undefined
      ? [{ name: METRICS.talkMs, value: ended - answered, queue }]
      : []),
  ];
}

const missed = (call: Call) =>
  call.rings.filter(({ result }) => result === 'no_answer' || result === 'busy' || result === 'failed')
    .length;
