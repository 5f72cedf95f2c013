/**
 * Near the end of its time a session calls its successor, which stands by; the conversation is handed over at the next
 * quiet moment after that, or at the last one possible.
 */
import type { Context } from '../app/context.ts';
import type { SessionTask } from '../app/task.ts';
import { streamOf } from '../media/stream-name.ts';
import { log } from '../platform/log.ts';

/** What must be left of the function's life when the successor is called, and when there is no more waiting. */
const CALL_AT_MS = 90_000;
const LAST_MOMENT_MS = 30_000;
const CALL_AGAIN_MS = 5000;
const LOOK_MS = 100;
/** A successor that stands by says so every second. */
const STILL_THERE_MS = 3000;

interface Surroundings {
  context: Context;
  task: SessionTask;
  remainingMs(): number;
}

/**
 * Resolves when the moment has come to give up the lease, or when `signal` is aborted.
 * @param isQuiet whether nobody speaks or is about to
 */
export async function momentToHandOver(
  { context, task, remainingMs }: Surroundings,
  isQuiet: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  const life = Math.min(remainingMs() - CALL_AT_MS, context.settings.SESSION_MAX_SECS * 1000);
  const callAt = context.now() + life;
  const lastMoment = callAt + CALL_AT_MS - LAST_MOMENT_MS;
  await pauseUntil(context, callAt, signal);
  let calledAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted && context.now() < lastMoment) {
    const ready = await isReady(context, task);
    if (ready && isQuiet()) return;
    if (!ready && context.now() - calledAt > CALL_AGAIN_MS) {
      calledAt = context.now();
      await callSuccessor(context, task);
    }
    await context.pause(LOOK_MS);
  }
}

/** A store that is away for a moment only delays the hand-over. */
async function isReady(context: Context, task: SessionTask): Promise<boolean> {
  try {
    const lease = await context.streams.leases.read(streamOf(task));
    return lease?.ready === task.generation + 1 && context.now() - (lease.ready_at ?? 0) < STILL_THERE_MS;
  } catch (error) {
    log.warn('A lease could not be read; again in a moment', reasonFor(task, error));
    return false;
  }
}

async function callSuccessor(context: Context, task: SessionTask): Promise<void> {
  try {
    await context.startSession({ ...task, generation: task.generation + 1 });
  } catch (error) {
    log.warn('A successor could not be called; again in a moment', reasonFor(task, error));
  }
}

const reasonFor = (task: SessionTask, error: unknown) => ({
  stream: streamOf(task),
  reason: (error as Error).name,
});

async function pauseUntil(context: Context, at: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && context.now() < at) await context.pause(Math.min(1000, at - context.now()));
}
