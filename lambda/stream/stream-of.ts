/** Whose stream a connection is, as a container remembers it. */
import type { MediaContext } from '../app/media-context.ts';
import { remembered } from './remembered.ts';

/** @returns the stream's name; undefined for a connection that nobody knows */
export type StreamOf = (connection: string) => Promise<string | undefined>;

export function streamByConnection(context: MediaContext): StreamOf {
  const known = remembered<string>();
  return async connection => {
    const stream = known.get(connection);
    if (stream !== undefined) return stream;
    const holder = await context.streams.connections.holder(connection);
    if (!holder) return undefined;
    known.set(connection, holder.stream);
    return holder.stream;
  };
}
