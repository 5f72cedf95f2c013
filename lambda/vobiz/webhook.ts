/**
 * A carrier's webhook, typed. What the carrier left out or left empty is undefined here; `fields` keeps every
 * field as it came. Reading never throws: whatever arrives is a webhook or one of three reasons why not.
 *
 * Mind that the body is not signed (see `signature.ts`): these are claims about the call that the URL names.
 */
import { fromIst, fromUtc } from './carrier-time.ts';
import { type Fields, type FormRequest, readForm } from './form.ts';
import { phoneNumber } from './phone-number.ts';

export interface Webhook {
  fields: Fields;
  /** CallUUID of the A-leg. */
  callId: string;
  /** `StartApp`, `Hangup`, `Redirect`, `RecordStop`, `DialConnected` ...; a Dial action's is not reliable. */
  event?: string;
  direction?: 'inbound' | 'outbound';
  /** E.164 with the plus, or whatever else the carrier knows the party by. */
  from?: string;
  to?: string;
  forwardedFrom?: string;
  callerName?: string;
  callStatus?: string;
  /** Result of a Dial: `completed`, `busy`, `failed`, `cancel`, `timeout`, `no-answer`; never `answer`. */
  dialStatus?: string;
  dialHangupCause?: string;
  bLeg?: BLeg;
  hangup?: Hangup;
  recording?: Recording;
  /** Of a Gather. */
  digits?: string;
  speech?: string;
  /** Epoch ms. */
  sessionStartedAt?: number;
  startedAt?: number;
  answeredAt?: number;
  endedAt?: number;
  /** From the answer. */
  durationSecs?: number;
}

/** The other side of a Dial, from its callbacks and its action. */
export interface BLeg {
  id?: string;
  /** `answer` or `connected`: what a leg is, not how the Dial ended. */
  status?: string;
  from?: string;
  to?: string;
  /** 1 to n among numbers rung at once. */
  position?: number;
  durationSecs?: number;
  hangupCause?: string;
  hangupCauseCode?: number;
}

export interface Hangup {
  cause?: string;
  code?: number;
  name?: string;
  source?: string;
}

interface Recording {
  id?: string;
  url?: string;
  durationMs?: number;
  startedAt?: number;
  endedAt?: number;
  endReason?: string;
}

export type WebhookResult =
  | { ok: true; webhook: Webhook }
  | { ok: false; reason: 'too_large' | 'unparsable' | 'no_call_id' };

/** A CallUUID is a UUID; anything made of other characters is no call, and would not belong into a URL. */
const CALL_ID = /^[\w-]{1,128}$/;

export function readWebhook(request: FormRequest): WebhookResult {
  const form = readForm(request);
  if (!form.ok) return form;
  const field = reader(form.fields);
  const callId = field('CallUUID', 'call_uuid');
  if (!callId || !CALL_ID.test(callId)) return { ok: false, reason: 'no_call_id' };
  return { ok: true, webhook: { fields: form.fields, callId, ...callOf(field), ...eventOf(field) } };
}

/** The first of the named fields that is there and not empty. */
type Field = (...names: string[]) => string | undefined;

function reader(fields: Fields): Field {
  return (...names) => names.map(name => fields.get(name)?.trim()).find(Boolean);
}

function callOf(field: Field) {
  return {
    event: field('Event'),
    direction: oneOf(field('Direction')?.toLowerCase(), 'inbound', 'outbound'),
    from: number(field('From')),
    to: number(field('To')),
    forwardedFrom: number(field('ForwardedFrom')),
    callerName: field('CallerName'),
    callStatus: field('CallStatus'),
    sessionStartedAt: fromUtc(field('SessionStart')),
    startedAt: fromIst(field('StartTime')),
    answeredAt: fromIst(field('AnswerTime')),
    endedAt: fromIst(field('EndTime')),
    durationSecs: amount(field('Duration')),
  };
}

function eventOf(field: Field) {
  return {
    dialStatus: field('DialStatus'),
    dialHangupCause: field('DialHangupCause'),
    bLeg: unlessEmpty(bLegOf(field)),
    hangup: unlessEmpty(hangupOf(field)),
    recording: unlessEmpty(recordingOf(field)),
    digits: field('Digits'),
    speech: field('Speech'),
  };
}

function bLegOf(field: Field): BLeg {
  return {
    id: field('DialBLegUUID'),
    status: field('DialBLegStatus'),
    from: number(field('DialBLegFrom')),
    to: number(field('DialBLegTo')),
    position: amount(field('DialBLegPosition')),
    durationSecs: amount(field('DialBLegDuration')),
    hangupCause: field('DialBLegHangupCause'),
    hangupCauseCode: amount(field('DialBLegHangupCauseCode')),
  };
}

function hangupOf(field: Field): Hangup {
  return {
    cause: field('HangupCause'),
    code: amount(field('HangupCauseCode')),
    name: field('HangupCauseName'),
    source: field('HangupSource'),
  };
}

/** From `<Record>` (either of two names for the file) or, in snake case, from a recording begun by REST. */
function recordingOf(field: Field): Recording {
  const seconds = amount(field('RecordingDuration', 'recording_duration'));
  return {
    id: field('RecordingID', 'recording_id'),
    url: field('RecordUrl', 'RecordFile', 'record_url'),
    durationMs:
      amount(field('RecordingDurationMs', 'recording_duration_ms')) ??
      (seconds === undefined ? undefined : seconds * 1000),
    startedAt: amount(field('RecordingStartMs', 'recording_start_ms')),
    endedAt: amount(field('RecordingEndMs', 'recording_end_ms')),
    endReason: field('RecordingEndReason', 'recording_end_reason'),
  };
}

function number(text: string | undefined): string | undefined {
  return text === undefined ? undefined : phoneNumber(text);
}

/** A number that is not negative; the carrier writes -1 for "not yet". */
function amount(text: string | undefined): number | undefined {
  const value = Number(text);
  return text !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function oneOf<T extends string>(text: string | undefined, ...known: T[]): T | undefined {
  return known.find(word => word === text);
}

function unlessEmpty<T extends object>(group: T): T | undefined {
  return Object.values(group).some(value => value !== undefined) ? group : undefined;
}
