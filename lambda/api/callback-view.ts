/** A callback as people read it. */
import * as z from 'zod/mini';
import { CALL_STATES } from '../call/call.ts';
import { CALLBACK_RESULTS, type CallbackCall, resultOf, UNREACHED } from '../call/callback.ts';
import { iso, isoOrNull, named, time } from './fields.ts';

export const callbackSchema = named(
  'Callback',
  z.strictObject({
    callback_id: z.string(),
    number: z.string(),
    from: z.string(),
    queue: z.string(),
    state: z.enum(CALL_STATES),
    result: z.nullable(z.enum(CALLBACK_RESULTS)),
    priority: z.int(),
    joined_at: time,
    requested_at: time,
    expires_at: time,
    not_before: z.nullable(time),
    failed_attempts: z.array(z.strictObject({ at: time, result: z.enum(UNREACHED) })),
    refusal: z.nullable(z.strictObject({ status: z.nullable(z.int()), detail: z.string() })),
    asked_in: z.nullable(z.string()),
    agent: z.nullable(z.string()),
    connected_at: z.nullable(time),
    ended_at: z.nullable(time),
  }),
);

export function callbackView(call: CallbackCall): z.infer<typeof callbackSchema> {
  const { callback } = call;
  const { refusal } = callback;
  return {
    callback_id: call.id,
    number: call.to,
    from: call.from,
    queue: call.queue,
    state: call.state,
    result: resultOf(call) ?? null,
    priority: call.priority,
    joined_at: iso(call.joined_at),
    requested_at: iso(callback.requested_at),
    expires_at: iso(callback.expires_at),
    not_before: isoOrNull(callback.not_before),
    failed_attempts: callback.tries.map(({ at, result }) => ({ at: iso(at), result })),
    refusal: refusal ? { status: refusal.status ?? null, detail: refusal.detail } : null,
    asked_in: callback.asked_in ?? null,
    agent: call.agent ?? null,
    connected_at: isoOrNull(call.connected_at),
    ended_at: isoOrNull(call.ended_at),
  };
}
