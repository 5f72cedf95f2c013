/**
 * What the webhooks of a call say about it, field by field as live captures of Vobiz show: numbers without
 * their `+`, `SessionStart` in UTC and the other times of the same payload in Indian time.
 */
import type { Call } from './call.ts';
import { bareNumber } from './phones.ts';
import { indianTime, utcMicros } from './times.ts';

/** Seconds a pulse lasts; billing rounds up to it. */
const PULSE_SECS = 60;

export function billedSecs(secs: number): number {
  return Math.ceil(secs / PULSE_SECS) * PULSE_SECS;
}

/** The parameters common to every voice webhook. */
export function callFields(call: Call): Record<string, string> {
  return {
    CallUUID: call.uuid,
    ALegUUID: call.uuid,
    RequestUUID: call.uuid,
    ...(call.direction === 'outbound' && { ALegRequestUUID: call.uuid }),
    From: bareNumber(call.from),
    To: bareNumber(call.to),
    CallerName: bareNumber(call.from),
    Direction: call.direction,
    CallStatus: callStatus(call),
    ParentAuthID: call.network.options.authId,
    SessionStart: utcMicros(call.startedAt),
    BillRate: '0.00000',
    RouteType: 'Not_Domestic',
    CountryCode: '',
    STIRVerification: 'Not Applicable',
  };
}

/** The 24 fields of the Hangup webhook. */
export function hangupFields(call: Call): Record<string, string> {
  const { CallerName, STIRVerification, ALegRequestUUID, ...common } = callFields(call);
  const ended = call.endedAt ?? call.clock.now();
  const secs = call.answeredAt === undefined ? 0 : Math.round((ended - call.answeredAt) / 1000);
  return {
    ...common,
    Event: 'Hangup',
    stir_verification: STIRVerification ?? '',
    TotalCost: '0.00000',
    StartTime: indianTime(call.startedAt),
    AnswerTime: call.answeredAt === undefined ? '' : indianTime(call.answeredAt),
    EndTime: indianTime(ended),
    Duration: String(secs),
    BillDuration: String(billedSecs(secs)),
    HangupCause: call.ended?.cause ?? '',
    HangupCauseCode: String(call.ended?.code ?? 0),
    HangupCauseName: call.ended?.name ?? '',
    HangupSource: call.ended?.source ?? '',
  };
}

function callStatus(call: Call): string {
  if (call.isRinging) return 'ringing';
  if (call.isInProgress) return 'in-progress';
  if (call.answeredAt !== undefined) return 'completed';
  const byCause: Record<string, string> = {
    USER_BUSY: 'busy',
    NO_ANSWER: 'no-answer',
    ORIGINATOR_CANCEL: 'cancel',
  };
  return byCause[call.ended?.cause ?? ''] ?? 'failed';
}
