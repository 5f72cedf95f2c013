/**
 * The carrier's own time. A fast clock lets a twenty-second hold pass in a fraction of a second while HTTP
 * stays real. Who sleeps until a moment wakes at that moment by this clock, however late the machine was: time
 * stands still for a sleeper's turn and never runs past one who has not woken yet. So chains of waits add up
 * exactly, nothing drifts, and what is due first happens first. Every wait can be cancelled.
 */
export interface Clock {
  /** Carrier milliseconds per real millisecond. */
  readonly speed: number;
  /** Carrier time, epoch milliseconds. */
  now(): number;
  /** Resolves when `ms` of carrier time have passed; rejects with `signal.reason` when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

interface Sleeper {
  due: number;
  wake: () => void;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A clock that runs `speed` times as fast as the wall clock, starting now. */
export function startClock(speed = 1): Clock {
  if (!(speed > 0)) throw new RangeError(`The clock's speed must be a positive number, not ${speed}.`);
  const epoch = Date.now();
  const origin = performance.now();
  const sleepers: Sleeper[] = [];
  let turn: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  const wall = () => epoch + (performance.now() - origin) * speed;
  const now = () => turn ?? Math.floor(Math.min(wall(), sleepers[0]?.due ?? Number.POSITIVE_INFINITY));

  const arm = () => {
    clearTimeout(timer);
    const [first] = sleepers;
    if (!first || turn !== undefined) return;
    timer = setTimeout(ring, Math.min(Math.max(0, (first.due - wall()) / speed), LONGEST_TIMER_MS));
  };
  const ring = () => {
    const [first] = sleepers;
    if (!first || wall() < first.due) return arm();
    turn = first.due;
    first.wake();
    setImmediate(() => {
      turn = undefined;
      arm();
    });
  };
  const remove = (sleeper: Sleeper) => {
    sleepers.splice(sleepers.indexOf(sleeper), 1);
    arm();
  };
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const cancel = () => {
        remove(sleeper);
        reject(signal?.reason);
      };
      const wake = () => {
        signal?.removeEventListener('abort', cancel);
        remove(sleeper);
        resolve();
      };
      const sleeper = { due: now() + Math.ceil(ms), wake };
      signal?.addEventListener('abort', cancel, { once: true });
      const after = sleepers.findIndex(({ due }) => due > sleeper.due);
      sleepers.splice(after < 0 ? sleepers.length : after, 0, sleeper);
      arm();
    });
  return { speed, now, sleep };
}
