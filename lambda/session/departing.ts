/**
 * The way out of a conversation. Where the call goes is noted first, then the stream is stopped, whereupon the carrier
 * asks `/assistant-done` what comes next. A call that stays is sent there by a transfer. Only who holds the lease may
 * do any of it: whoever has lost it leaves the call to the successor.
 */
import { change } from '../app/change.ts';
import { transfer } from '../app/transfer.ts';
import { links, signingKey } from '../app/urls.ts';
import { noteDeparture } from '../call/assisted.ts';
import { log } from '../platform/log.ts';
import type { Departure } from '../voice/conversation.ts';
import type { Stage } from './stage.ts';

const STOP_PATIENCE_MS = 1500;

/** @param stop stops the stream; resolves to true when it is known to have ended, within the given time */
export async function depart(
  { context, call, keeping }: Stage,
  departure: Departure,
  stop: (patienceMs: number) => Promise<boolean>,
): Promise<void> {
  const mayAct = () => context.now() < keeping.mayActUntil();
  if (!mayAct()) return;
  log.info('An assistant is done with a call', { call: call.id, to: departure.to, reason: departure.reason });
  try {
    await change(context, call.id, held => noteDeparture(held, departure));
  } catch (error) {
    log.error('Where a call goes could not be noted; it will go to people', error, { call: call.id });
  }
  if (await stop(STOP_PATIENCE_MS)) return;
  // The word of the end may only be late: a call that has moved on is not torn away from where it is.
  const current = await context.store.calls.one(call.id);
  if (current?.state !== 'assisted' || !mayAct()) return;
  const alegUrl = links(context, await signingKey(context), call.id, 'departed')('/assistant-done');
  const outcome = await transfer(context, call, alegUrl);
  if (outcome.kind !== 'ok' && outcome.kind !== 'gone')
    log.error('A call did not leave its stream; it stays there until the caller hangs up', undefined, {
      call: call.id,
      reason: outcome.kind,
    });
}
