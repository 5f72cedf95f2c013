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
  return new CarrierClock(speed);
}

class CarrierClock implements Clock {
  readonly speed: number;
  readonly #epoch = Date.now();
  readonly #origin = performance.now();
  /** Who is due first comes first. */
  readonly #sleepers: Sleeper[] = [];
  /** The moment at which time stands still, while a sleeper has the turn. */
  #turn: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(speed: number) {
    this.speed = speed;
  }

  now(): number {
    return (
      this.#turn ?? Math.floor(Math.min(this.#wall(), this.#sleepers[0]?.due ?? Number.POSITIVE_INFINITY))
    );
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const cancel = () => {
        this.#remove(sleeper);
        reject(signal?.reason);
      };
      const wake = () => {
        signal?.removeEventListener('abort', cancel);
        this.#remove(sleeper);
        resolve();
      };
      const sleeper = { due: this.now() + Math.ceil(ms), wake };
      signal?.addEventListener('abort', cancel, { once: true });
      this.#add(sleeper);
    });
  }

  #wall(): number {
    return this.#epoch + (performance.now() - this.#origin) * this.speed;
  }

  #add(sleeper: Sleeper): void {
    const after = this.#sleepers.findIndex(({ due }) => due > sleeper.due);
    this.#sleepers.splice(after < 0 ? this.#sleepers.length : after, 0, sleeper);
    this.#arm();
  }

  #remove(sleeper: Sleeper): void {
    this.#sleepers.splice(this.#sleepers.indexOf(sleeper), 1);
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const [first] = this.#sleepers;
    if (!first || this.#turn !== undefined) return;
    const ms = Math.min(Math.max(0, (first.due - this.#wall()) / this.speed), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => this.#ring(), ms);
  }

  #ring(): void {
    const [first] = this.#sleepers;
    if (!first || this.#wall() < first.due) {
      this.#arm();
      return;
    }
    this.#turn = first.due;
    first.wake();
    setImmediate(() => {
      this.#turn = undefined;
      this.#ring(); // whoever is due by now has waited long enough
    });
  }
}
