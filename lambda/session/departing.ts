/**
 * The way out of a conversation. Where the call goes is noted first, then the stream is stopped, whereupon the carrier
 * asks `/assistant-done` what comes next. A call that stays is sent there by a transfer. Only who holds the lease may
 * do any of it: whoever has lost it leaves the call to the successor.
 */
import { change } from '../app/change.ts';
import { transfer } from '../app/transfer.ts';
import { links, signingKey } from '../app/urls.ts';
import { isInTalk, noteDeparture } from '../call/assisted.ts';
import { log } from '../platform/log.ts';
import type { Departure } from '../voice/conversation.ts';
import type { Stage } from './stage.ts';

const STOP_PATIENCE_MS = 1500;

interface Means {
  /** Stops the stream; resolves to true when it is known to have ended, within the given time. */
  stop(patienceMs: number): Promise<boolean>;
  /** Resolves when the conversation is stored, or cannot be. */
  stored(): Promise<void>;
}

export async function depart(
  { context, call, n, keeping }: Stage,
  departure: Departure,
  { stop, stored }: Means,
): Promise<void> {
  const mayAct = () => context.now() < keeping.mayActUntil();
  if (!mayAct()) return;
  log.info('An assistant is done with a call', { call: call.id, to: departure.to, reason: departure.reason });
  // What the flow is told of it is read from there.
  if (departure.to === 'flow') await stored();
  try {
    await change(context, call.id, held => noteDeparture(held, departure, n));
  } catch (error) {
    log.error('Where a call goes could not be noted; it goes on as after a failure', error, {
      call: call.id,
    });
  }
  if (await stop(STOP_PATIENCE_MS)) return;
  // The word of the end may only be late: a call that has moved on is not torn away from where it is.
  const current = await context.store.calls.one(call.id);
  if (!current || !isInTalk(current, n) || !mayAct()) return;
  const alegUrl = links(context, await signingKey(context), call.id, `departed-${n}`)('/assistant-done');
  const outcome = await transfer(context, call, alegUrl);
  if (outcome.kind !== 'ok' && outcome.kind !== 'gone')
    log.error('A call did not leave its stream; it stays there until the caller hangs up', undefined, {
      call: call.id,
      reason: outcome.kind,
    });
}
