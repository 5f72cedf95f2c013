/**
 * The part of `Context` that knows the streams of calls and starts their sessions. Each member reads its part of the
 * environment when it is first used, since no function has all of it.
 */
import { framesTable } from '../media/frames-table.ts';
import { type Streams, streams } from '../media/streams.ts';
import { invokeFromEnv } from '../platform/invoke.ts';
import { ENV } from '../platform/names.ts';
import { documentClient } from '../store/table.ts';
import type { SessionTask } from './task.ts';

export interface StreamsContext {
  readonly streams: Streams;
  /** Where the carrier opens its stream: a wss address without a query. */
  streamAddress(): string;
  /** Start a session in the background; it is started once, or not at all. */
  startSession(task: SessionTask): Promise<void>;
  now(): number;
}

export function streamsFromEnv(env: NodeJS.ProcessEnv): StreamsContext {
  const streamsOnce = once(() => streams(framesTable(documentClient(), needed(env, ENV.framesTable))));
  const invoke = invokeFromEnv(env);
  return {
    get streams() {
      return streamsOnce();
    },
    streamAddress: () => needed(env, ENV.streamUrl),
    startSession: async task => invoke(needed(env, ENV.sessionFunction), task),
    now: Date.now,
  };
}

export function once<T extends object>(make: () => T): () => T {
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
