/**
 * The queue's numbers, from the call records and nothing else. Totals are sums, so hours add up to days; every
 * figure in the report has its formula beside it in `definitions`.
 */
import type { Call, Outcome } from '../call/call.ts';

/** A record, or what the index holds of it, which says of a callback only that it is one. */
export type Counted = Pick<Call, 'outcome' | 'joined_at' | 'connected_at' | 'ended_at'> & {
  is_callback?: boolean;
  callback?: unknown;
};

export interface Totals {
  total_calls: number;
  connected: number;
  /** Of them, callbacks: nobody was on the line while they waited, so no wait of theirs counts. */
  called_back: number;
  abandoned: number;
  voicemails: number;
  callbacks: number;
  overflows: number;
  rejected: number;
  failed: number;
  waiting: number;
  short_abandons: number;
  answered_in_time: number;
  wait_ms: number;
  longest_wait_ms: number;
  talks: number;
  talk_ms: number;
}

export interface Thresholds {
  service_level_secs: number;
  short_abandon_secs: number;
}

const COLUMN: Record<Outcome, keyof Totals> = {
  connected: 'connected',
  abandoned: 'abandoned',
  voicemail: 'voicemails',
  callback: 'callbacks',
  overflow: 'overflows',
  rejected: 'rejected',
  failed: 'failed',
};

export const NOTHING: Readonly<Totals> = {
  total_calls: 0,
  connected: 0,
  called_back: 0,
  abandoned: 0,
  voicemails: 0,
  callbacks: 0,
  overflows: 0,
  rejected: 0,
  failed: 0,
  waiting: 0,
  short_abandons: 0,
  answered_in_time: 0,
  wait_ms: 0,
  longest_wait_ms: 0,
  talks: 0,
  talk_ms: 0,
};

/** One call's share of the totals. */
export function totalsOf(call: Counted, limits: Thresholds, now: number): Totals {
  const { outcome, joined_at: joined, connected_at: answered, ended_at: ended } = call;
  const column = outcome ? COLUMN[outcome] : 'waiting';
  const isConnected = outcome === 'connected' && answered !== undefined;
  const isCallback = call.is_callback === true || call.callback !== undefined;
  const hasWaited = isConnected && !isCallback;
  return {
    ...NOTHING,
    total_calls: 1,
    [column]: 1,
    called_back: Number(outcome === 'connected' && isCallback),
    short_abandons: Number(
      outcome === 'abandoned' && (ended ?? now) - joined < limits.short_abandon_secs * 1000,
    ),
    answered_in_time: Number(hasWaited && answered - joined <= limits.service_level_secs * 1000),
    wait_ms: hasWaited ? answered - joined : 0,
    longest_wait_ms: isCallback ? 0 : waited(call, now),
    talks: Number(isConnected && ended !== undefined),
    talk_ms: isConnected && ended !== undefined ? ended - answered : 0,
  };
}

export function add(a: Totals, b: Totals): Totals {
  const sum = { ...a };
  for (const key of Object.keys(sum) as (keyof Totals)[])
    sum[key] = key === 'longest_wait_ms' ? Math.max(a[key], b[key]) : a[key] + b[key];
  return sum;
}

export function report(totals: Totals, { service_level_secs, short_abandon_secs }: Thresholds) {
  const { total_calls, connected, called_back, abandoned, waiting, short_abandons } = totals;
  const { wait_ms, talk_ms, talks } = totals;
  const inPerson = connected - called_back;
  return {
    total_calls,
    connected,
    called_back,
    abandoned,
    voicemails: totals.voicemails,
    callbacks: totals.callbacks,
    overflows: totals.overflows,
    rejected: totals.rejected,
    failed: totals.failed,
    waiting,
    short_abandons,
    abandonment_rate_pct: percent(abandoned, total_calls - waiting),
    service_level_pct: percent(totals.answered_in_time, inPerson + abandoned - short_abandons),
    avg_wait_secs: seconds(inPerson === 0 ? 0 : wait_ms / inPerson),
    longest_wait_secs: seconds(totals.longest_wait_ms),
    avg_talk_secs: seconds(talks === 0 ? 0 : talk_ms / talks),
    definitions: definitions(service_level_secs, short_abandon_secs),
  };
}

function waited({ outcome, joined_at: joined, connected_at, ended_at }: Counted, now: number): number {
  if (outcome === 'connected') return (connected_at ?? joined) - joined;
  if (outcome === 'abandoned') return (ended_at ?? joined) - joined;
  return outcome === undefined ? now - joined : 0;
}

/** Percent with one decimal; 0 of 0 is 0. */
const percent = (part: number, whole: number) => (whole === 0 ? 0 : Math.round((part / whole) * 1000) / 10);

const seconds = (ms: number) => Math.round(ms / 100) / 10;

function definitions(serviceLevel: number, shortAbandon: number): Record<string, string> {
  return {
    total_calls:
      'calls that joined the queue in [from, to) = connected + abandoned + voicemails + callbacks + overflows + rejected + failed + waiting',
    connected: 'calls that an agent answered',
    called_back: 'callbacks among them, of which no wait counts: nobody was on the line',
    abandoned: 'calls hung up by the caller before an agent answered or a message was left',
    voicemails: 'calls that left a message',
    callbacks:
      'calls that asked to be called back; the callback is a call of its own, which joined when they did',
    overflows: 'calls turned away by a limit of the queue (full, or waited too long) without voicemail',
    rejected: 'calls refused before they joined the line',
    failed: 'calls that broke on the carrier or on our side, and callbacks that came to nothing',
    waiting: 'calls without an outcome yet: greeted, in line, ringing an agent, or at the voicemail prompt',
    short_abandons: `abandoned within ${shortAbandon} s of joining`,
    abandonment_rate_pct: '100 × abandoned ÷ (total_calls − waiting)',
    service_level_pct: `100 × connected within ${serviceLevel} s of joining, no callbacks, ÷ (connected − called_back + abandoned − short_abandons)`,
    avg_wait_secs: 'mean over connected calls, without callbacks, of (answered − joined)',
    longest_wait_secs:
      'longest wait among connected (answered − joined), abandoned (hung up − joined) and waiting (now − joined) calls, without callbacks',
    avg_talk_secs: 'mean over connected calls that have ended of (ended − answered)',
  };
}
