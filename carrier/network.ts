/** What all calls of one carrier share: its settings, its clock, its telephones, its rooms and its calls. */
import type { Call } from './call.ts';
import { type Clock, startClock } from './clock.ts';
import { HTTP_TIMES, type Sender } from './http.ts';
import type { CarrierOptions } from './options.ts';
import { bareNumber, Phones } from './phones.ts';
import { seededRandom } from './random.ts';
import { Rooms } from './rooms.ts';
import type { Deliver } from './webhooks.ts';

/** The application that inbound calls go to. */
export interface Route {
  answerUrl?: string;
  hangupUrl?: string;
  fallbackUrl?: string;
}

/** The time and the chance that a call lives by. */
export interface Pace {
  clock: Clock;
  random: () => number;
}

export class Network {
  #clock: Clock;
  readonly phones: Phones;
  readonly rooms = new Rooms();
  readonly calls = new Map<string, Call>();
  readonly recordings = new Map<string, { ms: number }>();
  readonly sender: Sender;
  readonly deliver: Deliver;
  readonly seed: number;
  readonly #watchers = new Set<(call: Call) => void>();
  route: Route;
  /** The carrier's own address, known once the REST server listens. */
  url = '';

  constructor(readonly options: CarrierOptions) {
    this.#clock = startClock(options.speed);
    this.seed = options.seed ?? 1;
    this.phones = new Phones(options.phones ?? {}, this.seed);
    this.deliver = options.deliver ?? ((_, send) => send());
    this.route = {
      ...(options.answerUrl && { answerUrl: options.answerUrl }),
      ...(options.hangupUrl && { hangupUrl: options.hangupUrl }),
      ...(options.fallbackUrl && { fallbackUrl: options.fallbackUrl }),
    };
    this.sender = {
      authToken: options.authToken,
      sign: options.sign ?? 'both',
      retryNonce: options.retryNonce ?? 'fresh',
      times: { ...HTTP_TIMES, ...options.http },
    };
  }

  get clock(): Clock {
    return this.#clock;
  }

  /** Calls that begin from now on live by `clock`, unless they bring their own; the returned function ends that. */
  keepTime(clock: Clock): () => void {
    const before = this.#clock;
    this.#clock = clock;
    return () => {
      this.#clock = before;
    };
  }

  add(call: Call): void {
    this.calls.set(call.uuid, call);
    for (const see of [...this.#watchers]) see(call);
  }

  /** Calls `see` with every call from now on, as it begins; the returned function ends that. */
  watch(see: (call: Call) => void): () => void {
    this.#watchers.add(see);
    return () => this.#watchers.delete(see);
  }

  /** A pace for the next call: the carrier's clock, and chance of its own that a seed repeats. */
  pace(clock = this.clock, seed = this.seed + this.calls.size): Pace {
    return { clock, random: seededRandom(seed) };
  }

  /** A number that somebody has called here is the account's own, as those are that it was set up with. */
  owns(number: string): boolean {
    const { ownedNumbers } = this.options;
    if (!ownedNumbers) return true;
    const called = [...this.calls.values()].filter(({ direction }) => direction === 'inbound');
    const owned = [...ownedNumbers, ...called.map(({ to }) => to)];
    return owned.some(mine => bareNumber(mine) === bareNumber(number));
  }
}
