/**
 * Where a call's stream is opened, and what must be there before the carrier opens it: a lease for the sessions, a
 * token for the socket, and a first session on its way, so that the greeting is ready when the stream is. The token
 * follows from the call, so that a repeated webhook gets the same document.
 */
import { createHmac } from 'node:crypto';
import type { Context } from '../app/context.ts';
import { signingKey } from '../app/urls.ts';
import { type Call, carrierId } from '../call/call.ts';
import { log } from '../platform/log.ts';

type Reserved = Pick<Call, 'id' | 'carrier_id'>;

const PURPOSE = 'switchboard stream token v1';

/** A wss URL, always the same for the same call. */
export async function streamUrl(context: Context, call: Reserved): Promise<string> {
  return `${context.streamAddress()}?token=${await tokenOf(context, call)}`;
}

/**
 * May be repeated: what is reserved already stays as it is.
 * @returns the URL of the stream
 * @throws StoreUnavailable when nothing could be reserved. A session that could not be started is no error: frames
 * without a session start one.
 */
export async function reserveStream(context: Context, call: Reserved): Promise<string> {
  const { streams, startSession, now } = context;
  const of = { call: call.id, carrier_call: carrierId(call) };
  if (await streams.reserve(await tokenOf(context, call), of, now()))
    await startSession({ call: call.id, generation: 1 }).catch(error =>
      log.error('Could not start a session; the stream will', error, { call: call.id }),
    );
  return streamUrl(context, call);
}

async function tokenOf(context: Context, { id }: Reserved): Promise<string> {
  const key = createHmac('sha256', await signingKey(context))
    .update(PURPOSE)
    .digest();
  return createHmac('sha256', key).update(id).digest('base64url');
}
