/**
 * The carrier's own time. A fast clock lets a twenty-second hold pass in a fraction of a second while HTTP
 * stays real. Every wait is measured against `now()` and not against the timer that woke it, so waits do not
 * drift, and every wait can be cancelled: an aborted sleep rejects with the signal's reason.
 */
export interface Clock {
  /** Carrier milliseconds per real millisecond. */
  readonly speed: number;
  /** Carrier time, epoch milliseconds. */
  now(): number;
  /** Resolves when `ms` of carrier time have passed; rejects with `signal.reason` when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A clock that runs `speed` times as fast as the wall clock, starting now. */
export function startClock(speed = 1): Clock {
  if (!(speed > 0)) throw new RangeError(`The clock's speed must be a positive number, not ${speed}.`);
  const epoch = Date.now();
  const origin = performance.now();
  const now = () => epoch + (performance.now() - origin) * speed;
  return {
    speed,
    now: () => Math.floor(now()),
    sleep: (ms, signal) => sleepUntil(now, now() + ms, speed, signal),
  };
}

function sleepUntil(now: () => number, due: number, speed: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    let timer: NodeJS.Timeout;
    const cancel = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const check = () => {
      const left = (due - now()) / speed;
      if (left > 0) {
        timer = setTimeout(check, Math.min(Math.ceil(left), LONGEST_TIMER_MS));
      } else {
        signal?.removeEventListener('abort', cancel);
        resolve();
      }
    };
    signal?.addEventListener('abort', cancel, { once: true });
    check();
  });
}
