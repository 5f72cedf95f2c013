/**
 * Placing a call: its record first, then the request to the carrier, so that no phone rings that nobody knows of. A
 * refusal ends the record. Where it is not known whether the carrier took the call, nothing is repeated: its webhooks
 * tell, or the sweeper ends it. An order whose id is known has been placed: whoever repeats it gets its record.
 */
import type { Call } from '../call/call.ts';
import { measure } from '../call/measure.ts';
import * as move from '../call/outbound.ts';
import { isTarget } from '../flow/flow.ts';
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';
import { mask } from '../platform/numbers.ts';
import type { NewCall, VobizClient } from '../vobiz/rest.ts';
import { askCarrier } from './ask-carrier.ts';
import { change } from './change.ts';
import type { Context } from './context.ts';
import { flowOf } from './flows.ts';
import { asksForMachines } from './machines.ts';
import { links, signingKey } from './urls.ts';

export interface Order extends move.Order {
  /** A machine that answers is hung up on; a flow that asks for machines (`amd`) is told of it instead. */
  detectMachines: boolean;
}

/** Parameter `machines` of the answer URL: a machine that answers is news for the flow, not the end of the call. */
export const TELL_MACHINES = 'tell';

type Placed = Awaited<ReturnType<VobizClient['makeCall']>>;

/** @returns the record as it stands when the carrier has answered, or has not in time */
export async function placeCall(context: Context, order: Order): Promise<Call> {
  const { detectMachines: _, ...terms } = order;
  const call = move.place({ ...terms, ...(await followedBy(context, order)) }, context.now());
  const stored = await context.store.commit({ call: { before: undefined, after: call }, agents: [] });
  if (!stored) return (await context.store.calls.one(order.id)) ?? call;
  publish(measure(undefined, stored), context.now());
  const { id, from, to } = stored;
  log.info('A call is placed', { call: id, from: mask(from), to: mask(to), assistant: stored.assistant });

  const placed = await ask(context, order);
  if (placed.kind === 'unavailable')
    log.warn('It is not known whether the carrier took a call', { call: id, reason: placed.reason });
  try {
    const changed = await change(context, id, (held, _queue, now) => learn(held, placed, now));
    return changed?.call ?? stored;
  } catch (error) {
    // Whoever gets an error may ask again, and a second phone would ring.
    log.error('What the carrier said of a call could not be noted; its webhooks or the sweeper will', error, {
      call: id,
    });
    return stored;
  }
}

function learn(held: Parameters<typeof move.named>[0], placed: Placed, now: number) {
  if (placed.kind === 'ok') return move.named(held, placed.callId);
  return placed.kind === 'unavailable' ? held : move.refused(held, refusal(placed), now);
}

async function ask(context: Context, order: Order): Promise<Placed> {
  const to = links(context, await signingKey(context), order.id, 'placed');
  const machines = await detection(context, order);
  const answered: Record<string, string> = machines === 'true' ? { machines: TELL_MACHINES } : {};
  const request = {
    from: order.from,
    to: order.to,
    answerUrl: to('/call-answered', answered),
    fallbackUrl: to('/call-answered', { ...answered, fallback: 'yes' }),
    hangupUrl: to('/call-ended'),
    ringUrl: to('/call-ringing'),
    ringTimeoutSecs: order.ring_timeout_secs,
    ...(machines && { machineDetection: machines }),
  };
  return askCarrier(context, client => client.makeCall(request));
}

/** Where nobody answers nobody will look for it. */
async function followedBy(context: Context, { flow }: Order): Promise<Pick<move.Order, 'on_complete'>> {
  const found = flow?.id === undefined ? undefined : await flowOf(context, flow.id);
  const { on_complete_flow_id: id, version = 0 } = found ?? {};
  return isTarget(id) ? { on_complete: { flow: id, version } } : {};
}

async function detection(
  context: Context,
  { flow, detectMachines }: Order,
): Promise<NewCall['machineDetection']> {
  if (flow && (await asksForMachines(context, flow))) return 'true';
  return detectMachines ? 'hangup' : undefined;
}

export function refusal(placed: Exclude<Placed, { kind: 'ok' } | { kind: 'unavailable' }>): move.Refusal {
  switch (placed.kind) {
    case 'refused':
      return { status: placed.status, detail: placed.message };
    case 'no_credit':
      return { status: 402, detail: 'The account has no credit.' };
    case 'rate_limited':
      return { status: 429, detail: 'Too many calls at a time for the account; try again later.' };
    case 'gone':
      return { status: 404, detail: 'The carrier knows no such account; check VOBIZ_AUTH_ID.' };
    case 'not_configured':
      return { detail: 'VOBIZ_AUTH_ID and VOBIZ_AUTH_TOKEN are not set.' };
  }
}
