/**
 * A socket opens and closes. It opens for a valid token only, and while the stream has no other socket that lives: a
 * token that comes again is the carrier's new attempt after a loss, of which the platform may not know for minutes;
 * so a socket that has been silent, which a living one never is, gives way. That a socket closes is a note for the
 * session; the platform does its best to tell us, and no more.
 */
import type { MediaContext } from '../app/media-context.ts';
import type { Connection } from '../media/connections.ts';
import { readStreamName, sessionTask } from '../media/stream-name.ts';

/** A living socket brings a frame every 20 ms. */
const SILENT_MS = 2000;

/** @returns why not, or undefined for a socket that may open and is known from here on */
export async function connect(
  context: MediaContext,
  connection: string,
  token: string,
): Promise<'bad_token' | 'connected' | 'raced' | undefined> {
  const { streams } = context;
  const at = context.now();
  const found = await streams.tokens.find(token, at);
  if (!found) return 'bad_token';
  const newest = (await streams.connections.ofStream(found.stream)).at(-1);
  const unclosed = newest?.closed_at === undefined ? newest : undefined;
  if (unclosed && (await isAlive(context, unclosed, at))) return 'connected';
  const openedAt = Math.max(at, (newest?.opened_at ?? 0) + 1);
  if (!(await streams.tokens.burn(token, found, connection, openedAt))) return 'raced';
  if (unclosed) await giveWay(context, found.stream, unclosed, at);
  return undefined;
}

async function isAlive({ streams, sockets }: MediaContext, one: Connection, now: number): Promise<boolean> {
  if (!(await sockets.isOpen(one.connection))) return false;
  const lastSign = (await streams.log.lastFrameAt(one.connection)) ?? one.opened_at;
  return now - lastSign < SILENT_MS;
}

async function giveWay(
  { streams, sockets }: MediaContext,
  stream: string,
  { connection, opened_at }: Connection,
  now: number,
): Promise<void> {
  await Promise.all([sockets.close(connection), streams.connections.closed({ stream, opened_at }, now)]);
}

export async function disconnect(context: MediaContext, connection: string): Promise<void> {
  const { streams, now } = context;
  const holder = await streams.connections.holder(connection);
  if (!holder) return;
  await Promise.all([
    streams.log.note(connection, { event: 'closed' }, now()),
    streams.connections.closed(holder, now()),
  ]);
  if (readStreamName(holder.stream).kind === 'transcript') await callSuccessor(context, holder.stream);
}

/**
 * The last words of a call are written down and told when it is over, when no frame will say that a session has died.
 * So a successor stands by for a while; where all went well it finds nothing to do.
 */
async function callSuccessor({ streams, startSession }: MediaContext, stream: string): Promise<void> {
  const lease = await streams.leases.read(stream);
  if (lease) await startSession(sessionTask(stream, lease.generation + 1));
}
