/**
 * The part of `Context` on which the media path runs, apart so that the `stream` function loads nothing else. Each
 * member reads its part of the environment when it is first used, since no function has all of it.
 */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { framesTable } from '../media/frames-table.ts';
import { connectionsClient, type Sockets, sockets } from '../media/socket.ts';
import { type Streams, streams } from '../media/streams.ts';
import { ENV } from '../platform/names.ts';
import { documentClient } from '../store/table.ts';
import type { SessionTask } from './task.ts';

export interface MediaContext {
  readonly streams: Streams;
  readonly sockets: Sockets;
  /** Where the carrier opens its stream: a wss address without a query. */
  streamAddress(): string;
  /** Start a session in the background; it is started once, or not at all. */
  startSession(task: SessionTask): Promise<void>;
  now(): number;
}

const INVOKE_MS = 1000;

export function mediaFromEnv(env: NodeJS.ProcessEnv): MediaContext {
  const pause = (ms: number) => new Promise<void>(resume => setTimeout(resume, ms));
  const streamsOnce = once(() => streams(framesTable(documentClient(), needed(env, ENV.framesTable))));
  const socketsOnce = once(() => sockets(connectionsClient(needed(env, ENV.connectionsUrl)), pause));
  const lambda = once(() => new LambdaClient({ maxAttempts: 2 }));
  return {
    get streams() {
      return streamsOnce();
    },
    get sockets() {
      return socketsOnce();
    },
    streamAddress: () => needed(env, ENV.streamUrl),
    async startSession(task) {
      const FunctionName = needed(env, ENV.sessionFunction);
      const request = { FunctionName, InvocationType: 'Event', Payload: JSON.stringify(task) } as const;
      await lambda().send(new InvokeCommand(request), { abortSignal: AbortSignal.timeout(INVOKE_MS) });
    },
    now: Date.now,
  };
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** @throws an Error that names the variable */
export function needed(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set; the stack sets it on every function that needs it.`);
  return value;
}
