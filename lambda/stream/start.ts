/** `start`: the socket says which call it belongs to. One that says another than its token leaves no trace. */
import type { MediaContext } from '../app/media-context.ts';
import type { Holder } from '../media/connections.ts';
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import type { Start } from '../vobiz/stream-events.ts';

/** May be repeated. @returns whether the stream is the call's */
export async function start(context: MediaContext, connection: string, event: Start): Promise<boolean> {
  const { streams, now } = context;
  const holder = await streams.connections.holder(connection);
  if (holder?.carrier_call !== event.callId) {
    await refuse(context, connection, holder);
    return false;
  }
  await Promise.all([
    streams.log.note(connection, event, now()),
    streams.connections.started(holder, event.streamId),
  ]);
  return true;
}

async function refuse(
  { streams, sockets, now }: MediaContext,
  connection: string,
  holder: Holder | undefined,
): Promise<void> {
  publish([{ name: METRICS.refusedStreams, value: 1 }], now());
  log.warn('A stream of another call than its token allows was closed', { connection });
  await sockets.close(connection);
  if (holder) await streams.connections.disown(holder);
  await streams.log.erase(connection);
}
