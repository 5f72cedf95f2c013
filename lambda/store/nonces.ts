/**
 * Nonces of signed webhooks. The carrier's signature covers neither body nor time, so a captured one would
 * authorise anything on its path; remembered together with what it came with, it authorises only its repetition.
 */
import { createHash } from 'node:crypto';
import type { Key, Table } from './table.ts';

const REMEMBERED_SECS = 24 * 3600;

export type Nonces = ReturnType<typeof nonces>;

export function nonces(table: Table) {
  return {
    /** @returns false when the nonce was seen before with another request */
    async claim(nonce: string, request: string, now: number): Promise<boolean> {
      const key: Key = { pk: `NONCE#${digest(nonce)}`, sk: 'NONCE' };
      const print = digest(request);
      const ttl = Math.ceil(now / 1000) + REMEMBERED_SECS;
      return table.put(
        { ...key, print, ttl },
        {
          ConditionExpression: 'attribute_not_exists(pk) OR print = :print',
          ExpressionAttributeValues: { ':print': print },
        },
      );
    },
  };
}

const digest = (text: string) => createHash('sha256').update(text).digest('base64url');
