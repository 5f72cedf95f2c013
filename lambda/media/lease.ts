/**
 * The lease: which session serves a stream. Its generation fences: whoever holds an older one can neither renew
 * nor release, so of any number of sessions started for a stream one serves it.
 *
 *   session A: take(1) ─ held ─ renew(1) ─ (dies)                         ─ renew(1) ─ refused: generation is 2
 *   pulse:                       nobody's ─ claimStart(2) ─ starts B
 *   pulse, too:                  nobody's ─ claimStart(2) ─ refused: started a moment ago
 *   session B, started twice:                        take(2) ─ held
 *                                                    take(2) ─ refused: generation is 2, owner another
 */

import type { TransactItem } from '../store/table.ts';
import { CALL_SECS, expiresAfter, type FrameKey, type FramesTable, type Update } from './frames-table.ts';

export interface Lease {
  stream: string;
  /** 0: no session has taken it yet. */
  generation: number;
  owner?: string;
  /** Epoch ms; from then on the lease is nobody's. */
  until: number;
  /** Given up for a successor: from then on nobody's, too. */
  released?: true;
  /** Generation of a successor that stands by. */
  ready?: number;
  /** When that one last said so, epoch ms. */
  ready_at?: number;
  /** Sessions started since one last took the lease. */
  starts: number;
  started_at?: number;
  /** Sessions started because none was there, as long as the stream has lasted. */
  recoveries: number;
}

/** Renewed every second. */
export const LEASE_MS = 3000;
/** So long a started session has to take the lease before another is started. */
export const START_MS = 2000;
/** Sessions that may be started without one taking the lease. */
export const MAX_STARTS = 3;
/** A stream whose sessions keep dying is better given up. */
export const MAX_RECOVERIES = 8;

const keyOf = (stream: string): FrameKey => ({ pk: `STREAM#${stream}`, sk: 0 });

export type Leases = ReturnType<typeof leases>;

/** As part of a transaction: a lease that nobody holds, of a stream whose first session is about to be started. */
export function openLease(table: string, stream: string, now: number): TransactItem {
  const lease: Lease = { stream, generation: 0, until: now, starts: 1, started_at: now, recoveries: 0 };
  return {
    Put: {
      TableName: table,
      Item: { ...keyOf(stream), ...lease, ttl: expiresAfter(now, CALL_SECS) },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

export function leases(table: FramesTable) {
  return {
    async read(stream: string): Promise<Lease | undefined> {
      const item = await table.get(keyOf(stream));
      if (!item) return undefined;
      const { pk: _pk, sk: _sk, ttl: _ttl, ...lease } = item;
      return lease as unknown as Lease;
    },

    /** @returns false unless the lease was free and of an older generation; true again for a repetition */
    take: (stream: string, generation: number, owner: string, now: number): Promise<boolean> =>
      table.update(keyOf(stream), taken(generation, owner, now)),

    /** @returns false when another has taken it, or it was given up: speak no more */
    renew: (stream: string, generation: number, owner: string, now: number): Promise<boolean> =>
      table.update(keyOf(stream), renewed(generation, owner, now)),

    /** For a successor; should none come, the lease runs out by itself. @returns false when another has taken it */
    release: (stream: string, generation: number, owner: string): Promise<boolean> =>
      table.update(keyOf(stream), released(generation, owner)),

    /**
     * Say that a successor is ready to take over, and again while it is. Once that or a later one has the lease, this
     * changes nothing.
     */
    async standBy(stream: string, generation: number, now: number): Promise<void> {
      await table.update(keyOf(stream), awaited(generation, now));
    },

    /** The right to start the next session of a stream that has none. @returns false when another has just got it */
    claimStart: (stream: string, generation: number, now: number): Promise<boolean> =>
      table.update(keyOf(stream), started(generation, now)),
  };
}

const NAMES = { '#owner': 'owner', '#until': 'until' };

/** Free and of an older generation, or this very owner's, whose first answer got lost. */
const taken = (generation: number, owner: string, now: number): Update => ({
  UpdateExpression:
    'SET generation = :generation, #owner = :owner, #until = :until, starts = :none REMOVE released, ready, ready_at, started_at',
  ConditionExpression:
    '(generation < :generation AND (released = :yes OR #until <= :now)) OR (generation = :generation AND #owner = :owner)',
  ExpressionAttributeNames: NAMES,
  ExpressionAttributeValues: {
    ':generation': generation,
    ':owner': owner,
    ':until': now + LEASE_MS,
    ':none': 0,
    ':yes': true,
    ':now': now,
  },
});

/** Held by this owner, even if it has run out meanwhile: nobody else has taken it. */
const renewed = (generation: number, owner: string, now: number): Update => ({
  UpdateExpression: 'SET #until = :until',
  ConditionExpression: 'generation = :generation AND #owner = :owner AND attribute_not_exists(released)',
  ExpressionAttributeNames: NAMES,
  ExpressionAttributeValues: { ':generation': generation, ':owner': owner, ':until': now + LEASE_MS },
});

const released = (generation: number, owner: string): Update => ({
  UpdateExpression: 'SET released = :yes',
  ConditionExpression: 'generation = :generation AND #owner = :owner',
  ExpressionAttributeNames: { '#owner': NAMES['#owner'] },
  ExpressionAttributeValues: { ':generation': generation, ':owner': owner, ':yes': true },
});

const awaited = (generation: number, now: number): Update => ({
  UpdateExpression: 'SET ready = :generation, ready_at = :now',
  ConditionExpression: 'generation < :generation',
  ExpressionAttributeValues: { ':generation': generation, ':now': now },
});

/** Nobody's, with a start left, and none that was made a moment ago. */
const started = (generation: number, now: number): Update => ({
  UpdateExpression: 'SET starts = starts + :one, recoveries = recoveries + :one, started_at = :now',
  ConditionExpression:
    'generation = :before AND (released = :yes OR #until <= :now) AND starts < :most AND recoveries < :limit AND (attribute_not_exists(started_at) OR started_at <= :recent)',
  ExpressionAttributeNames: { '#until': NAMES['#until'] },
  ExpressionAttributeValues: {
    ':before': generation - 1,
    ':yes': true,
    ':now': now,
    ':one': 1,
    ':most': MAX_STARTS,
    ':limit': MAX_RECOVERIES,
    ':recent': now - START_MS,
  },
});
