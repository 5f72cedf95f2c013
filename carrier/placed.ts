/** The calls that the application places while a scenario is played, as many as the scenario expects. */
import type { Call } from './call.ts';
import type { Clock } from './clock.ts';
import type { Network } from './network.ts';
import { firstOf, orAborted } from './race.ts';

/** How long the application may take to place the next one, in the carrier's time. */
const PATIENCE_MS = 60_000;

export class PlacedCalls {
  readonly calls: Call[] = [];
  readonly #ends: Promise<void>[] = [];
  readonly #count: number;
  #next: () => void = () => undefined;
  readonly forget: () => void;

  /** @param begins is told of each call, in order */
  constructor(network: Network, count: number, begins: (nth: number, call: Call) => void) {
    this.#count = count;
    this.forget = network.watch(call => {
      if (call.direction !== 'outbound' || this.calls.length >= count) return;
      this.#ends.push(
        new Promise(resolve => {
          call.story.follow(({ kind }) => kind === 'done' && resolve());
        }),
      );
      begins(this.calls.push(call) - 1, call);
      this.#next();
    });
  }

  /** Resolves when all of them are over, or no more of them begin. Rejects when `stop` aborts. */
  async over(clock: Clock, stop: AbortSignal): Promise<void> {
    for (let before = -1; before < this.calls.length && this.calls.length < this.#count; ) {
      before = this.calls.length;
      const next = new Promise<void>(resolve => {
        this.#next = resolve;
      });
      await firstOf(
        stop,
        signal => orAborted(next, signal),
        signal => clock.sleep(PATIENCE_MS, signal),
      );
    }
    await orAborted(Promise.all(this.#ends), stop);
  }
}
