/**
 * The tokens that open a socket. Only a digest is stored. A token is good for one stream: the first socket within a
 * minute, and a few more when the carrier connects again after a loss.
 *
 *   socket A: reads token, used 0 times ─ burn(0→1) + connection A ─ committed
 *   socket B: reads token, used 0 times ─ burn(0→1) + connection B ─ refused: used once
 */
import { createHash } from 'node:crypto';
import type { TransactItem } from '../store/table.ts';
import { type Holder, openConnection } from './connections.ts';
import { CALL_SECS, expiresAfter, type FrameKey, type FramesTable } from './frames-table.ts';
import { readStreamName } from './stream-name.ts';

export interface Token {
  /** Its name, see `stream-name.ts`. */
  stream: string;
  /** The carrier's name of its call. */
  carrier_call: string;
  issued_at: number;
  uses: number;
}

/** What a token is issued for. */
export type Reserved = Pick<Token, 'stream' | 'carrier_call'>;

/** The carrier opens the stream as soon as it has read the document. */
const FIRST_USE_MS = 60_000;
/** One, and the three repetitions that the document asks of the carrier. A transcript begins again after every transfer. */
const MAX_USES = { talk: 4, transcript: 100 };

const keyOf = (token: string): FrameKey => ({
  pk: `TOKEN#${createHash('sha256').update(token).digest('hex')}`,
  sk: 0,
});

/** As part of a transaction: a token that nobody has used. */
export function issueToken(
  table: string,
  token: string,
  { stream, carrier_call }: Reserved,
  now: number,
): TransactItem {
  const issued: Token = { stream, carrier_call, issued_at: now, uses: 0 };
  return {
    Put: {
      TableName: table,
      Item: { ...keyOf(token), ...issued, ttl: expiresAfter(now, CALL_SECS) },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

export type Tokens = ReturnType<typeof tokens>;

export function tokens(table: FramesTable) {
  return {
    /** @returns undefined for a token that is unknown, too old or used up */
    async find(token: string, now: number): Promise<Token | undefined> {
      const item = await table.get(keyOf(token));
      if (!item) return undefined;
      const { pk: _pk, sk: _sk, ttl: _ttl, ...fields } = item;
      const found = fields as unknown as Token;
      const tooOld = found.uses === 0 && now - found.issued_at > FIRST_USE_MS;
      return tooOld || found.uses >= MAX_USES[readStreamName(found.stream).kind] ? undefined : found;
    },

    /** Use it once more, for a connection opened at `now` (epoch ms, later than any before). @returns false when another socket was faster */
    burn: (token: string, found: Token, connection: string, now: number): Promise<boolean> => {
      const holder: Holder = {
        connection,
        stream: found.stream,
        carrier_call: found.carrier_call,
        opened_at: now,
      };
      const burned = {
        TableName: table.name,
        Key: keyOf(token),
        UpdateExpression: 'SET uses = :next',
        ConditionExpression: 'uses = :read',
        ExpressionAttributeValues: { ':read': found.uses, ':next': found.uses + 1 },
      };
      return table.transact([{ Update: burned }, ...openConnection(table.name, holder)]);
    },
  };
}
