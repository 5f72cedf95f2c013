/** Everything that the media path keeps, by kind. */
import { type Connections, connections } from './connections.ts';
import { type FrameLog, frameLog } from './frame-log.ts';
import type { FramesTable } from './frames-table.ts';
import { type Leases, leases, openLease } from './lease.ts';
import { issueToken, type Reserved, type Tokens, tokens } from './tokens.ts';

export interface Streams {
  log: FrameLog;
  leases: Leases;
  connections: Connections;
  tokens: Tokens;
  /** A lease and a token, both or none. @returns false when the stream has them already, which stay as they are */
  reserve(token: string, of: Reserved, now: number): Promise<boolean>;
}

export const streams = (table: FramesTable): Streams => ({
  log: frameLog(table),
  leases: leases(table),
  connections: connections(table),
  tokens: tokens(table),
  reserve: (token, of, now) =>
    table.transact([openLease(table.name, of.stream, now), issueToken(table.name, token, of, now)]),
});
