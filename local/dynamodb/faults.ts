/**
 * Faults on demand, for tests: what AWS does to a program on a bad day, one request at a time.
 *
 * throttle: refused, the SDK retries. error: 500, the SDK retries. conflict: another transaction held the item.
 * delay: answered late. lost_reply: carried out, but the connection breaks before the answer. `crashAfter` is the
 * death of the process once the n-th write from now is on disk: no answer, no further write, and a callback.
 */
export type Fault =
  | { kind: 'throttle' | 'error' | 'conflict' | 'lost_reply' }
  | { kind: 'delay'; milliseconds: number };

/** A request as a matcher sees it. `caller` is the access key id, which on the host names the function. */
export interface Subject {
  operation: string;
  tables: string[];
  caller: string;
}

export interface Matcher {
  operation?: string;
  table?: string;
  caller?: string;
  /** How many matching requests meet the fault; default 1. */
  times?: number;
}

export class Faults {
  #planned: { matcher: Matcher; fault: Fault; left: number }[] = [];
  #crash?: { writesLeft: number; callback: () => void };

  /** Plans a fault for the next matching requests. */
  inject(matcher: Matcher, fault: Fault): void {
    this.#planned.push({ matcher, fault, left: matcher.times ?? 1 });
  }

  /** The n-th committed write from now (1 = the next) is the last; then `callback` runs, to kill the host. */
  crashAfter(writes: number, callback: () => void): void {
    this.#crash = { writesLeft: writes, callback };
  }

  clear(): void {
    this.#planned = [];
    this.#crash = undefined;
  }

  /** The fault that this request meets, if any; each use counts. */
  take(subject: Subject): Fault | undefined {
    const plan = this.#planned.find(({ matcher, left }) => left > 0 && matches(matcher, subject));
    if (plan) plan.left -= 1;
    return plan?.fault;
  }

  /** Told of every committed write; true when this one was the fatal one. */
  written(): boolean {
    if (!this.#crash || --this.#crash.writesLeft > 0) return false;
    const { callback } = this.#crash;
    this.#crash = undefined;
    callback();
    return true;
  }
}

function matches(matcher: Matcher, subject: Subject): boolean {
  return (
    (matcher.operation === undefined || matcher.operation === subject.operation) &&
    (matcher.table === undefined || subject.tables.includes(matcher.table)) &&
    (matcher.caller === undefined || matcher.caller === subject.caller)
  );
}
