/** Calls that we place: a phone rings, and whoever answers meets an assistant, waits in a queue or is led by a flow. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { Context } from '../app/context.ts';
import { placeCall as place } from '../app/place-call.ts';
import { e164 } from '../platform/numbers.ts';
import { requireAssistant } from './assistants.ts';
import { callSchema, callView } from './call-view.ts';
import { named, oneTarget, target, whole } from './fields.ts';
import { firstVariables } from './first-variables.ts';
import { requireFlow } from './known-flow.ts';
import { operation } from './operation.ts';
import { invalid } from './problem.ts';
import { requireQueues } from './queues.ts';

const RING_TIMEOUT_SECS = 45;

const order = named(
  'NewCall',
  z
    .strictObject({
      to: e164,
      from: z.optional(e164),
      ...target,
      variables: z.optional(firstVariables),
      ring_timeout_secs: z.optional(whole(5, 120)),
      machine_detection: z.optional(z.enum(['hangup', 'off'])),
    })
    .check(...oneTarget),
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
    const flow = body.flow === undefined ? undefined : await requireFlow(context, body.flow);
    if (queue !== undefined) await requireQueues(context, [{ field: 'queue', id: queue }]);
    const call = await place(context, {
      id: randomUUID(),
      from,
      to,
      ...(assistant !== undefined && { assistant }),
      ...(queue !== undefined && { queue }),
      ...(flow !== undefined && { flow: { id: flow.id } }),
      ...(variables !== undefined && { variables }),
      ring_timeout_secs: body.ring_timeout_secs ?? RING_TIMEOUT_SECS,
      detectMachines: body.machine_detection !== 'off',
    });
    return { status: 201, body: callView(call, {}, context.now()) };
  },
});

/** @throws a 400 problem when there is no line to call from, or it would call itself, named by `field` */
export function lineFor({ settings }: Context, to: string, given: string | undefined, field = 'to'): string {
  const from = given ?? settings.FROM_NUMBER;
  if (from === '')
    throw invalid([
      { field: 'from', message: 'is missing, and the setting FROM_NUMBER names no line to call from' },
    ]);
  if (from === to) throw invalid([{ field, message: 'is the line itself; it cannot call itself' }]);
  return from;
}
