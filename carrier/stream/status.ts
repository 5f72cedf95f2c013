/** The status callbacks of a stream: told in order, form-encoded, their answers waited for by nobody. */
import type { Call } from '../call.ts';
import { bareNumber } from '../phones.ts';
import { utcMicros } from '../times.ts';
import type { StreamPlan } from './plan.ts';

export type StreamStatus =
  | 'StartStream'
  | 'PlayedStream'
  | 'ClearedAudio'
  | 'DegradedStream'
  | 'DroppedStream'
  | 'StopStream';

const SECONDS = 'YYYY-MM-DD HH:mm:ss'.length;

/** @param more `Name`, `ServiceURL` or `Error`, where the event has one */
export function tellStatus(
  call: Call,
  plan: StreamPlan,
  stream: string,
  event: StreamStatus,
  more: Record<string, string> = {},
): void {
  if (!plan.status) return;
  const { url, method } = plan.status;
  const fields = {
    From: bareNumber(call.from),
    To: bareNumber(call.to),
    CallUUID: call.uuid,
    Event: event,
    StreamID: stream,
    ParentAuthID: call.network.options.authId,
    status_callback_url: url,
    status_callback_method: method,
    Timestamp: utcMicros(call.clock.now()).slice(0, SECONDS),
    Error: '',
    ...plan.extra,
    ...more,
  };
  call.tell({ url, method, fields });
}
