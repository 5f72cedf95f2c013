/**
 * Keeps the lease: while it is held, this session and no other speaks. It is renewed every second; whoever could not
 * renew it in time stops speaking before it runs out, so that a successor never speaks at the same time. Near the end
 * of its own time the session calls its successor, which stands by until the lease is given up at a quiet moment.
 */
import type { Context } from '../app/context.ts';
import type { SessionTask } from '../app/task.ts';
import { LEASE_MS } from '../media/lease.ts';
import { log } from '../platform/log.ts';

const RENEW_MS = 1000;
/** Before the lease runs out, for what is being posted. */
const MARGIN_MS = 500;
const STAND_BY_MS = 40;
/** A predecessor that neither ends nor gives up: the longest it may hold on after calling its successor. */
const STAND_BY_LIMIT_MS = 150_000;

export interface Keeping {
  /** Whether something may be posted now. */
  mayAct(): boolean;
  /** Aborted when the lease is lost to another session. */
  lost: AbortSignal;
  /** Give it up for the successor. */
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
): Promise<Keeping | undefined> {
  const { leases } = context.streams;
  const giveUpAt = context.now() + STAND_BY_LIMIT_MS;
  for (let standing = false; ; standing = true) {
    const lease = await leases.read(task.call);
    if (!lease || lease.generation >= task.generation || context.now() > giveUpAt) return undefined;
    if (lease.released || lease.until <= context.now()) break;
    if (!standing) await leases.standBy(task.call, task.generation);
    await context.pause(STAND_BY_MS);
  }
  if (!(await leases.take(task.call, task.generation, owner, context.now()))) return undefined;
  return keep(context, task, owner);
}

function keep(context: Context, { call, generation }: SessionTask, owner: string): Keeping {
  const { leases } = context.streams;
  let validUntil = context.now() + LEASE_MS;
  const losing = new AbortController();
  const renew = async () => {
    const asked = context.now();
    try {
      if (await leases.renew(call, generation, owner, asked)) validUntil = asked + LEASE_MS;
      else {
        validUntil = 0;
        losing.abort();
      }
    } catch (error) {
      log.error('A lease could not be renewed; the next second tries again', error, { call });
    }
  };
  const heartbeat = setInterval(() => void renew(), RENEW_MS);
  return {
    mayAct: () => context.now() < validUntil - MARGIN_MS,
    lost: losing.signal,
    async release() {
      clearInterval(heartbeat);
      validUntil = 0;
      await leases.release(call, generation, owner);
    },
    end() {
      clearInterval(heartbeat);
    },
  };
}
