/**
 * The way out of a conversation. Where the call goes is noted first, then the stream is stopped, whereupon the carrier
 * asks `/assistant-done` what comes next. A carrier that does not react is sent there by a transfer.
 */
import { change } from '../app/change.ts';
import type { Context } from '../app/context.ts';
import { links, signingKey } from '../app/urls.ts';
import { noteDeparture } from '../call/assisted.ts';
import { type Call, carrierId } from '../call/call.ts';
import { log } from '../platform/log.ts';
import type { Departure } from '../voice/conversation.ts';

const STOP_PATIENCE_MS = 1500;

/** @param stop stops the stream; resolves to true when it is known to have ended, within the given time */
export async function depart(
  context: Context,
  call: Call,
  departure: Departure,
  stop: (patienceMs: number) => Promise<boolean>,
): Promise<void> {
  log.info('An assistant is done with a call', { call: call.id, to: departure.to, reason: departure.reason });
  try {
    await change(context, call.id, held => noteDeparture(held, departure));
  } catch (error) {
    log.error('Where a call goes could not be noted; it will go to people', error, { call: call.id });
  }
  if (await stop(STOP_PATIENCE_MS)) return;
  const key = await signingKey(context);
  const alegUrl = links(context, key, call.id, 'departed')('/assistant-done');
  const outcome = await (await context.carrier()).transfer(carrierId(call), { alegUrl });
  if (outcome.kind !== 'ok' && outcome.kind !== 'gone')
    log.error('A call did not leave its stream; it stays there until the caller hangs up', undefined, {
      call: call.id,
      reason: outcome.kind,
    });
}
