/**
 * What a waiting flow is told. Each event carries the step that it answers; `hung_up` alone may come at any time.
 * Results of effects are told when the carrier asks for the next document, so that there is somebody to hear it.
 */
import * as z from 'zod/mini';

export const CONNECT_RESULTS = ['answered', 'busy', 'noanswer', 'failed', 'canceled'] as const;
export type ConnectResult = (typeof CONNECT_RESULTS)[number];

export const QUEUE_RESULTS = ['connected', 'voicemail', 'callback', 'overflow', 'left'] as const;
export type QueueResult = (typeof QUEUE_RESULTS)[number];

const step = z.int().check(z.minimum(0));
const variables = z.optional(z.record(z.string(), z.string()));

const SCHEMAS = [
  /** The carrier has come to the end of the document; the action that the cursor stands on begins. */
  z.strictObject({ type: z.literal('continued'), step }),
  /** Keys pressed; empty: none in time. */
  z.strictObject({
    type: z.literal('digits'),
    step,
    digits: z.string().check(z.regex(/^[0-9A-D*#]*$/, 'must be keys out of 0-9, A-D, * and #')),
  }),
  /** The bridge is over, or there was none. `by`: the number that answered. */
  z.strictObject({
    type: z.literal('dialed'),
    step,
    result: z.enum(CONNECT_RESULTS),
    by: z.optional(z.string()),
  }),
  /** The caller has finished speaking. */
  z.strictObject({
    type: z.literal('recorded'),
    step,
    id: z.optional(z.string()),
    secs: z.optional(z.number()),
    ended_by: z.optional(z.string()),
  }),
  /** The answer of an HTTP effect; without a status there was none. */
  z.strictObject({
    type: z.literal('answered'),
    step,
    status: z.optional(z.int()),
    body: z.optional(z.string()),
  }),
  /** The flow that was asked for; its library has it now. Absent: there is none of that id or name. */
  z.strictObject({
    type: z.literal('flow_loaded'),
    step,
    flow: z.optional(z.strictObject({ id: z.string(), version: z.int() })),
  }),
  /** The caller is back from the queue. */
  z.strictObject({ type: z.literal('queue_left'), step, result: z.enum(QUEUE_RESULTS), variables }),
  /** The caller is back from the assistant. `status`: an outcome that was offered, or how it ended. */
  z.strictObject({ type: z.literal('conversed'), step, status: z.string(), variables }),
  /** The callback stands in line. `known`: it did so before. */
  z.strictObject({
    type: z.literal('callback_requested'),
    step,
    status: z.enum(['requested', 'known']),
    id: z.string(),
    number: z.string(),
  }),
  /** The caller has left the conference. */
  z.strictObject({ type: z.literal('room_left'), step }),
  /** The effect that the flow waits for cannot be had: no such queue, no such assistant, an address refused. */
  z.strictObject({ type: z.literal('failed'), step, why: z.string() }),
  /** The call is over. */
  z.strictObject({ type: z.literal('hung_up') }),
] as const;

export const eventSchema = z.discriminatedUnion('type', SCHEMAS);

export type FlowEvent = z.output<typeof eventSchema>;

export type EventOf<T extends FlowEvent['type']> = Extract<FlowEvent, { type: T }>;

/** What a flow can wait for. After a document that hangs up it is `hung_up`. */
export type Awaited = Exclude<FlowEvent['type'], 'failed'>;
