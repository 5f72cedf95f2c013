/**
 * A socket opens and closes. It opens for a valid token only, and while the call has no other socket: a token that
 * comes again is the carrier's new attempt after a loss. That it closes is a note for the session; the platform does
 * its best to tell us, and no more.
 */
import type { MediaContext } from '../app/media-context.ts';

/** @returns why not, or undefined for a socket that may open and is known from here on */
export async function connect(
  { streams, sockets, now }: MediaContext,
  connection: string,
  token: string,
): Promise<'bad_token' | 'connected' | 'raced' | undefined> {
  const at = now();
  const found = await streams.tokens.find(token, at);
  if (!found) return 'bad_token';
  const newest = (await streams.connections.ofCall(found.call)).at(-1);
  if (newest && newest.closed_at === undefined && (await sockets.isOpen(newest.connection)))
    return 'connected';
  const openedAt = Math.max(at, (newest?.opened_at ?? 0) + 1);
  return (await streams.tokens.burn(token, found, connection, openedAt)) ? undefined : 'raced';
}

export async function disconnect({ streams, now }: MediaContext, connection: string): Promise<void> {
  const holder = await streams.connections.holder(connection);
  if (!holder) return;
  await Promise.all([
    streams.log.note(connection, { event: 'closed' }, now()),
    streams.connections.closed(holder, now()),
  ]);
}
