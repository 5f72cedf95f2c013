/**
 * Where a stream of a call is opened, and what must be there before the carrier opens it: a lease for the sessions, a
 * token for the socket, and a first session on its way, so that the greeting is ready when the stream is. The token
 * follows from the stream's name, so that a repeated webhook gets the same document.
 */
import { createHmac } from 'node:crypto';
import type { Context } from '../app/context.ts';
import { signingKey } from '../app/urls.ts';
import { type Call, carrierId } from '../call/call.ts';
import { log } from '../platform/log.ts';
import { sessionTask } from './stream-name.ts';

type Named = Pick<Call, 'id' | 'carrier_id'>;

const PURPOSE = 'switchboard stream token v1';

/** A wss URL, always the same for the same stream. @param stream its name; the first conversation unless given */
export async function streamUrl(context: Context, call: Named, stream = call.id): Promise<string> {
  return `${context.streamAddress()}?token=${await tokenOf(context, stream)}`;
}

/**
 * May be repeated: what is reserved already stays as it is.
 * @param stream its name; the first conversation unless given
 * @returns the URL of the stream
 * @throws StoreUnavailable when nothing could be reserved. A session that could not be started is no error: frames
 * without a session start one.
 */
export async function reserveStream(context: Context, call: Named, stream = call.id): Promise<string> {
  const { streams, startSession, now } = context;
  const of = { stream, carrier_call: carrierId(call) };
  if (await streams.reserve(await tokenOf(context, stream), of, now()))
    await startSession(sessionTask(stream, 1)).catch(error =>
      log.error('Could not start a session; the stream will', error, { stream }),
    );
  return streamUrl(context, call, stream);
}

async function tokenOf(context: Context, stream: string): Promise<string> {
  const key = createHmac('sha256', await signingKey(context))
    .update(PURPOSE)
    .digest();
  return createHmac('sha256', key).update(stream).digest('base64url');
}
