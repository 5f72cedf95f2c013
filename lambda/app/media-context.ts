/**
 * What hears and speaks reaches for: streams and the sockets that carry them. Apart from `Context`, so that `stream`
 * loads nothing else, and so that a function which holds no socket does not load the client for them.
 */
import { connectionsClient, type Sockets, sockets } from '../media/socket.ts';
import { ENV } from '../platform/names.ts';
import { needed, once, type StreamsContext, streamsFromEnv } from './streams-context.ts';

export interface MediaContext extends StreamsContext {
  readonly sockets: Sockets;
}

export function mediaFromEnv(env: NodeJS.ProcessEnv): MediaContext {
  const streaming = streamsFromEnv(env);
  const socketsOnce = once(() => socketsFromEnv(env));
  return {
    get streams() {
      return streaming.streams;
    },
    get sockets() {
      return socketsOnce();
    },
    streamAddress: streaming.streamAddress,
    startSession: streaming.startSession,
    now: streaming.now,
  };
}

export function socketsFromEnv(env: NodeJS.ProcessEnv): Sockets {
  const pause = (ms: number) => new Promise<void>(resume => setTimeout(resume, ms));
  return sockets(connectionsClient(needed(env, ENV.connectionsUrl)), pause);
}
