/**
 * The phone of a callback's attempt: the agent's, or the caller's, as the offer says that was stored before. It is
 * asked for once: where it is not known whether the carrier took it, its webhooks tell, or the sweeper.
 */
import type { CallbackCall } from '../call/callback.ts';
import { legNamed, legOf, legRefused } from '../call/calling-back.ts';
import { log } from '../platform/log.ts';
import type { Queue } from '../queue/queue.ts';
import type { NewCall } from '../vobiz/rest.ts';
import { askCarrier } from './ask-carrier.ts';
import { change } from './change.ts';
import { type Context, queueOf } from './context.ts';
import { refusal } from './place-call.ts';
import { links, signingKey } from './urls.ts';

/** From the reservation to the request. */
const PATIENCE_MS = 5000;
const TOO_LATE = { kind: 'too_late', detail: 'The request was delayed and was not sent.' } as const;

/** @returns queues in which an agent has become available again, because the carrier would not ring */
export async function ringForCallback(context: Context, call: CallbackCall): Promise<string[]> {
  const { id, offers } = call;
  const request = await requestFor(context, call, await queueOf(context, call.queue));
  const placed = await askCarrier(context, async client =>
    (await isInTime(context, call)) ? client.makeCall(request) : TOO_LATE,
  );
  if (placed.kind !== 'ok')
    log.warn('The carrier has not taken a call for a callback', { call: id, reason: placed.kind });
  if (placed.kind === 'unavailable') return [];
  const changed = await change(context, id, (held, queue, now) =>
    placed.kind === 'ok'
      ? legNamed(held, offers, placed.callId)
      : legRefused(held, offers, placed.kind === 'too_late' ? placed : refusal(placed), queue, now),
  ).catch(error => {
    log.error(
      'What the carrier said of a callback could not be noted; its webhooks or the sweeper will',
      error,
      {
        call: id,
      },
    );
  });
  return changed?.freed ?? [];
}

/** The process may have been halted in between, for a minute or an hour. */
async function isInTime(context: Context, { id, offers, offer }: CallbackCall): Promise<boolean> {
  const call = await context.store.calls.one(id);
  const isLate = context.now() - (offer?.offered_at ?? 0) > PATIENCE_MS;
  return call !== undefined && legOf(call, offers) !== undefined && !isLate;
}

async function requestFor(context: Context, call: CallbackCall, queue: Queue): Promise<NewCall> {
  const { id, from, to, offers: offer } = call;
  const url = links(context, await signingKey(context), id, `placed-${offer}`);
  const toCaller = call.callback.leg?.rings === 'caller';
  return {
    from,
    to: toCaller ? to : (call.offer?.agents[0] ?? ''),
    answerUrl: url('/callback-answered', { offer }),
    fallbackUrl: url('/callback-answered', { offer }),
    hangupUrl: url('/callback-event', { offer, of: 'leg' }),
    ringUrl: url('/callback-event', { offer, of: 'leg' }),
    ringTimeoutSecs: toCaller ? queue.callback_ring_secs : queue.ring_timeout_secs,
    ...(toCaller && { machineDetection: 'hangup' as const }),
  };
}
