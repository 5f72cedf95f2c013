/**
 * Keeps the lease: while it is held, this session and no other speaks. It is renewed every second; whoever could not
 * renew it in time stops speaking before it runs out, so that a successor never speaks at the same time. A successor
 * that was called in good time stands by until the lease is given up.
 */
import { randomUUID } from 'node:crypto';
import type { Context } from '../app/context.ts';
import type { SessionTask } from '../app/task.ts';
import { LEASE_MS } from '../media/lease.ts';
import { streamOf } from '../media/stream-name.ts';
import { log } from '../platform/log.ts';

const RENEW_MS = 1000;
/** Before the lease runs out, for what is being posted. */
const MARGIN_MS = 500;
const STAND_BY_MS = 40;
/** A predecessor that neither ends nor gives up: the longest it may hold on after calling its successor. */
const STAND_BY_LIMIT_MS = 150_000;

export interface Keeping {
  /** Until when something may be posted or done, epoch ms; 0 when the lease is lost. */
  mayActUntil(): number;
  /** Aborted when the lease is lost to another session. */
  lost: AbortSignal;
  /** Give it up for the successor. Never rejects. */
  release(): Promise<void>;
  end(): void;
}

/**
 * Waits until the lease is free, then takes it.
 * @returns undefined when another session has it, or the call is over
 */
export async function takeLease(
  context: Context,
  task: SessionTask,
  owner: string,
  patienceMs = STAND_BY_LIMIT_MS,
): Promise<Keeping | undefined> {
  const { leases } = context.streams;
  const stream = streamOf(task);
  const giveUpAt = context.now() + patienceMs;
  for (let saidAt = 0; ; ) {
    const lease = await leases.read(stream);
    if (!lease || lease.generation >= task.generation || context.now() > giveUpAt) return undefined;
    if (lease.released || lease.until <= context.now()) break;
    if (context.now() - saidAt >= RENEW_MS) {
      saidAt = context.now();
      await leases.standBy(stream, task.generation, saidAt);
    }
    await context.pause(STAND_BY_MS);
  }
  if (!(await leases.take(stream, task.generation, owner, context.now()))) return undefined;
  return keep(context, task, owner);
}

/**
 * Does the work while the lease is held, if it can be had.
 * @param patienceMs how long a successor stands by
 * @throws what the work throws; then the lease is given up, so that the next session need not wait until it runs out
 */
export async function whileHeld(
  context: Context,
  task: SessionTask,
  work: (keeping: Keeping) => Promise<void>,
  patienceMs?: number,
): Promise<void> {
  const keeping = await takeLease(context, task, randomUUID(), patienceMs);
  if (!keeping) return;
  try {
    await work(keeping);
  } catch (error) {
    await keeping.release();
    throw error;
  } finally {
    keeping.end();
  }
}

function keep(context: Context, task: SessionTask, owner: string): Keeping {
  const { leases } = context.streams;
  const { generation } = task;
  const stream = streamOf(task);
  let validUntil = context.now() + LEASE_MS;
  const losing = new AbortController();
  const renew = async () => {
    const asked = context.now();
    try {
      if (await leases.renew(stream, generation, owner, asked)) validUntil = asked + LEASE_MS;
      else {
        validUntil = 0;
        losing.abort();
      }
    } catch (error) {
      log.error('A lease could not be renewed; the next second tries again', error, { stream });
    }
  };
  const heartbeat = setInterval(() => void renew(), RENEW_MS);
  return {
    mayActUntil: () => Math.max(0, validUntil - MARGIN_MS),
    lost: losing.signal,
    async release() {
      clearInterval(heartbeat);
      validUntil = 0;
      await leases
        .release(stream, generation, owner)
        .catch(error => log.error('A lease could not be given up; it runs out', error, { stream }));
    },
    end() {
      clearInterval(heartbeat);
    },
  };
}
