/**
 * The sockets of a stream, one after another as the carrier opens them again.
 *
 *   STREAM#<stream>          <opened at>  a connection of the stream
 *   CONNECTION#<connection>  0            whose it is
 */
import type { TransactItem } from '../store/table.ts';
import { CALL_SECS, expiresAfter, type FrameKey, type FramesTable } from './frames-table.ts';

export interface Connection {
  connection: string;
  /** Epoch ms. */
  opened_at: number;
  closed_at?: number;
  /** From `start`. */
  stream_id?: string;
}

/** Whose a connection is. */
export interface Holder {
  connection: string;
  /** Its name, see `stream-name.ts`. */
  stream: string;
  /** The carrier's name of its call, which its `start` must say. */
  carrier_call: string;
  opened_at: number;
}

/** Where the stream's lease is: before its connections. */
const LEASE = 0;

type Place = Pick<Holder, 'stream' | 'opened_at'>;

const keyOf = ({ stream, opened_at }: Place): FrameKey => ({ pk: `STREAM#${stream}`, sk: opened_at });

const holderKey = (connection: string): FrameKey => ({ pk: `CONNECTION#${connection}`, sk: 0 });

export type Connections = ReturnType<typeof connections>;

/** As part of a transaction: a new connection, by both of its names. */
export function openConnection(table: string, holder: Holder): TransactItem[] {
  const { connection, opened_at } = holder;
  const ttl = expiresAfter(opened_at, CALL_SECS);
  const isNew = { ConditionExpression: 'attribute_not_exists(pk)' };
  return [
    { Put: { TableName: table, Item: { ...keyOf(holder), connection, opened_at, ttl }, ...isNew } },
    { Put: { TableName: table, Item: { ...holderKey(connection), ...holder, ttl } } },
  ];
}

export function connections(table: FramesTable) {
  return {
    /** Newest last. */
    async ofStream(stream: string): Promise<Connection[]> {
      const items = await table.query({
        KeyConditionExpression: 'pk = :pk AND sk > :after',
        ExpressionAttributeValues: { ':pk': `STREAM#${stream}`, ':after': LEASE },
      });
      return items.map(
        ({ pk: _pk, sk: _sk, ttl: _ttl, ...connection }) => connection as unknown as Connection,
      );
    },

    async holder(connection: string): Promise<Holder | undefined> {
      const item = await table.get(holderKey(connection));
      if (!item) return undefined;
      const { pk: _pk, sk: _sk, ttl: _ttl, ...holder } = item;
      return holder as unknown as Holder;
    },

    /** @returns false when that stream was known, or the connection is not */
    started: (holder: Holder, streamId: string): Promise<boolean> =>
      table.update(keyOf(holder), {
        UpdateExpression: 'SET stream_id = :stream',
        ConditionExpression:
          'attribute_exists(pk) AND (attribute_not_exists(stream_id) OR stream_id <> :stream)',
        ExpressionAttributeValues: { ':stream': streamId },
      }),

    /** @returns false when it was known, or the connection is not */
    closed: (holder: Place, now: number): Promise<boolean> =>
      table.update(keyOf(holder), {
        UpdateExpression: 'SET closed_at = :now',
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(closed_at)',
        ExpressionAttributeValues: { ':now': now },
      }),

    /** A connection that should never have been: the stream knows nothing of it. */
    async disown(holder: Holder): Promise<void> {
      await Promise.all([table.remove(keyOf(holder)), table.remove(holderKey(holder.connection))]);
    },
  };
}
