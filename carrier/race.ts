/**
 * Structured waiting: of several tasks the first to settle wins, the others are told to stop, and nobody is
 * left running when the caller of the race goes on.
 */

/** The reason a task is stopped with when another one won. */
export class Beaten extends Error {}

/** Runs `tasks` at once. Resolves or rejects as the first of them does; aborts and awaits the rest. */
export async function firstOf<T>(
  signal: AbortSignal,
  ...tasks: ((signal: AbortSignal) => Promise<T>)[]
): Promise<T> {
  signal.throwIfAborted();
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const running = tasks.map(task => task(either));
  try {
    return await Promise.race(running);
  } finally {
    stop.abort(new Beaten('Another task was first.'));
    await Promise.allSettled(running);
  }
}

/** A promise that only ends by being aborted: for a phone that nobody answers, a room nobody leaves. */
export function forever(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Waits for `promise`, but no longer than until `signal` aborts; the work behind the promise goes on. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const stop = new AbortController();
  return Promise.race([promise, forever(AbortSignal.any([signal, stop.signal]))]).finally(() => stop.abort());
}
