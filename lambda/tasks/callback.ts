/** Tells a queue's webhook what has become of a callback, once it is over. */
import { change } from '../app/change.ts';
import { type Context, queueOf } from '../app/context.ts';
import { notify } from '../app/send-signed.ts';
import { attemptsOf, type CallbackCall, isCallback, resultOf } from '../call/callback.ts';
import { log } from '../platform/log.ts';

/** @throws an Error when the webhook has not taken it: it is told again */
export async function tellOfCallback(context: Context, id: string): Promise<void> {
  const call = await context.store.calls.one(id);
  if (!call || !isCallback(call) || call.state !== 'ended' || call.callback.told_at !== undefined) return;
  const { callback_webhook_url: url } = await queueOf(context, call.queue);
  if (url !== '' && !isStale(call, context.now()))
    await notify(context, { url, id: `callback-${id}`, body: newsOf(call) });
  await change(context, id, (held, _queue, now) =>
    isCallback(held.call)
      ? { ...held, call: { ...held.call, callback: { ...held.call.callback, told_at: now } } }
      : held,
  );
  log.info('A callback is over', { call: id, queue: call.queue, result: resultOf(call) });
}

/** A webhook that has taken nothing for a day will hardly take this. */
const PATIENCE_MS = 86_400_000;

const isStale = ({ ended_at = 0 }: CallbackCall, now: number) => now - ended_at > PATIENCE_MS;

function newsOf(call: CallbackCall) {
  const { callback, agent, connected_at, ended_at } = call;
  return {
    type: 'callback.ended',
    callback_id: call.id,
    asked_in: callback.asked_in ?? null,
    queue: call.queue,
    number: call.to,
    result: resultOf(call),
    attempts: attemptsOf(callback),
    agent: agent ?? null,
    requested_at: iso(callback.requested_at),
    connected_at: connected_at === undefined ? null : iso(connected_at),
    ended_at: iso(ended_at ?? callback.requested_at),
  };
}

const iso = (ms: number) => new Date(ms).toISOString();
