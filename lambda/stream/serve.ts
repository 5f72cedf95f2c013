/**
 * Every event of a media stream. The carrier would take an error frame for a message of ours, so whatever goes wrong,
 * a message is answered with 200; only a socket without a valid token gets 403. What could not be stored is counted,
 * and concealed when it is missed.
 */
import type { MediaContext } from '../app/media-context.ts';
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import { connect, disconnect } from './connect.ts';
import { type Receiving, receive, receiving } from './receive.ts';

/** What is used of an event of a WebSocket API. */
export interface StreamRequest {
  requestContext: {
    routeKey: string;
    connectionId: string;
    /** When the message reached API Gateway, epoch ms. */
    requestTimeEpoch?: number;
  };
  /** Of `$connect`. */
  queryStringParameters?: Record<string, string | undefined> | null;
  body?: string | null;
}

export interface StreamReply {
  statusCode: 200 | 403;
  /** What became of it, in a word; the carrier does not see it. */
  body: string;
}

export type ServeStream = (request: StreamRequest) => Promise<StreamReply>;

/** One per container: what it remembers and counts spans invocations. */
export function createServe(context: MediaContext): ServeStream {
  const container = receiving(context);
  return ({ requestContext, queryStringParameters, body }) => {
    const { routeKey, connectionId, requestTimeEpoch: at = context.now() } = requestContext;
    if (routeKey === '$connect') return opened(context, connectionId, queryStringParameters?.token ?? '');
    if (routeKey === '$disconnect') return closed(context, connectionId);
    return received(container, connectionId, body ?? '', at);
  };
}

async function opened(context: MediaContext, connection: string, token: string): Promise<StreamReply> {
  const why = await connect(context, connection, token).catch(error => {
    log.error('A token could not be checked', error, { connection });
    return 'unchecked';
  });
  if (why === undefined) return { statusCode: 200, body: 'opened' };
  publish([{ name: METRICS.refusedStreams, value: 1 }], context.now());
  log.warn('A stream was refused', { connection, reason: why });
  return { statusCode: 403, body: why };
}

async function closed(context: MediaContext, connection: string): Promise<StreamReply> {
  try {
    await disconnect(context, connection);
    return { statusCode: 200, body: 'closed' };
  } catch (error) {
    log.error('The end of a stream could not be noted; the session will miss its frames', error, {
      connection,
    });
    return { statusCode: 200, body: 'unnoted' };
  }
}

async function received(
  container: Receiving,
  connection: string,
  body: string,
  at: number,
): Promise<StreamReply> {
  const { tally } = container;
  try {
    return { statusCode: 200, body: await receive(container, connection, body, at) };
  } catch (error) {
    tally.count(METRICS.framesLost);
    tally.failed('A message of a stream was lost', error);
    return { statusCode: 200, body: 'lost' };
  } finally {
    tally.say();
  }
}
