/**
 * The pulse of a stream: once a second the frames themselves look whether a session listens. Where none does, one of
 * the instances that notice gets the right to start the next one; if none of several takes the lease, or one after
 * the other dies, the stream is stopped, and the call goes on without it. So no caller speaks to nobody for long.
 */
import type { MediaContext } from '../app/media-context.ts';
import { type Lease, MAX_RECOVERIES, MAX_STARTS, START_MS } from '../media/lease.ts';
import { readStreamName, sessionTask } from '../media/stream-name.ts';
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import { stopStream } from '../vobiz/stream-commands.ts';
import type { StreamOf } from './stream-of.ts';

/** Frames between two looks: a second. Frames without a number hit it by chance, once a second on average. */
export const PULSE_FRAMES = 50;
/** So long the carrier has to follow `stop` before its socket is closed. */
const STOP_MS = 5000;

export type Pulse = (connection: string) => Promise<void>;

export function createPulse(context: MediaContext, streamOf: StreamOf): Pulse {
  return async connection => {
    const stream = await streamOf(connection);
    if (stream === undefined) return context.sockets.close(connection);
    const lease = await context.streams.leases.read(stream);
    const now = context.now();
    if (lease && now < lease.until && !lease.released) return;
    if (lease && mayStart(lease)) return startNext(context, lease, now);
    const startFailedAt = (lease?.started_at ?? 0) + START_MS;
    if (now < startFailedAt) return;
    await giveUp(context, stream, connection, now - Math.max(startFailedAt, lease?.until ?? 0));
  };
}

const mayStart = ({ starts, recoveries }: Lease): boolean =>
  starts < MAX_STARTS && recoveries < MAX_RECOVERIES;

async function startNext(context: MediaContext, { stream, generation }: Lease, now: number): Promise<void> {
  const next = generation + 1;
  if (!(await context.streams.leases.claimStart(stream, next, now))) return;
  publish([{ name: METRICS.sessionRecoveries, value: 1 }], now);
  log.warn('A stream had no session; one is started', { stream, generation: next });
  await context
    .startSession(sessionTask(stream, next))
    .catch(error =>
      log.error('Could not start a session; the next attempt comes in two seconds', error, { stream }),
    );
}

/**
 * A stream that only listens takes no commands: its socket is closed.
 * @param forMs how long the carrier has been told
 */
async function giveUp(
  { streams, sockets, now }: MediaContext,
  stream: string,
  connection: string,
  forMs: number,
): Promise<void> {
  if (readStreamName(stream).kind === 'transcript') {
    publish([{ name: METRICS.transcriptionFailures, value: 1 }], now());
    log.warn('No session takes a stream: nothing more of it is transcribed, and its call goes on', {
      stream,
    });
    return sockets.close(connection);
  }
  const found = (await streams.connections.ofStream(stream)).find(one => one.connection === connection);
  log.warn('No session takes a stream: it is stopped, and its call goes on without it', { stream });
  if (found?.stream_id === undefined || forMs >= STOP_MS) await sockets.close(connection);
  else await sockets.post(connection, stopStream(found.stream_id));
}
