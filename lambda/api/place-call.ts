/** Calls that we place: a phone rings, and whoever answers meets an assistant or waits in a queue. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { Context } from '../app/context.ts';
import { placeCall as place } from '../app/place-call.ts';
import { e164 } from '../platform/numbers.ts';
import { requireAssistant } from './assistants.ts';
import { callSchema, callView } from './call-view.ts';
import { eitherOr, named, slug, whole } from './fields.ts';
import { operation } from './operation.ts';
import { invalid } from './problem.ts';
import { requireQueues } from './queues.ts';

const RING_TIMEOUT_SECS = 45;

const later = z.optional(z.never('is not available in this version; name a queue or an assistant'));

const variables = z
  .record(
    z.string().check(z.regex(/^\w{1,64}$/, 'must be 1 to 64 letters, digits or underscores')),
    z.string().check(z.maxLength(1000)),
  )
  .check(z.refine(given => Object.keys(given).length <= 50, 'must have at most 50 entries'));

const order = named(
  'NewCall',
  z
    .strictObject({
      to: e164,
      from: z.optional(e164),
      assistant: z.optional(slug),
      queue: z.optional(slug),
      flow: later,
      variables: z.optional(variables),
      ring_timeout_secs: z.optional(whole(5, 120)),
      machine_detection: z.optional(z.enum(['hangup', 'off'])),
    })
    .check(...eitherOr),
);

export const placeCall = operation({
  id: 'placeCall',
  summary: 'Ring a phone and connect whoever answers',
  description:
    '`from` must be a number of the account; FROM_NUMBER if it is left out. With `machine_detection` at its default `hangup`, a machine that answers is hung up on. The answer is the record, at once; what becomes of the call is told there: GET /calls/{id}. A refusal by the carrier is an outcome of the record too.',
  body: order,
  answers: { 201: callSchema },
  async handle(context, { body }) {
    const { to, assistant, queue, variables } = body;
    const from = lineFor(context, to, body.from);
    if (assistant !== undefined) await requireAssistant(context, assistant);
    if (queue !== undefined) await requireQueues(context, [{ field: 'queue', id: queue }]);
    const call = await place(context, {
      id: randomUUID(),
      from,
      to,
      ...(assistant !== undefined && { assistant }),
      ...(queue !== undefined && { queue }),
      ...(variables !== undefined && { variables }),
      ring_timeout_secs: body.ring_timeout_secs ?? RING_TIMEOUT_SECS,
      detectMachines: body.machine_detection !== 'off',
    });
    return { status: 201, body: callView(call, undefined, context.now()) };
  },
});

/** @throws a 400 problem when there is no line to call from, or it would call itself */
function lineFor({ settings }: Context, to: string, given: string | undefined): string {
  const from = given ?? settings.FROM_NUMBER;
  if (from === '')
    throw invalid([
      { field: 'from', message: 'is missing, and the setting FROM_NUMBER names no line to call from' },
    ]);
  if (from === to) throw invalid([{ field: 'to', message: 'is the line itself; it cannot call itself' }]);
  return from;
}
