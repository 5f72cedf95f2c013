/**
 * The telephones that `<Dial>` and outbound calls ring. A phone has one line: while it rings or talks it is
 * busy to everybody else, and every attempt to ring it then is kept in `collisions`, because an application
 * that offers one agent to two callers is what a queue must never do.
 */
import type { CallerScript } from './caller.ts';
import { draw, type Range, seededRandom } from './random.ts';

export interface Manner {
  /** `voicemail` picks up like a person; only machine detection can tell. */
  does: 'answer' | 'voicemail' | 'busy' | 'reject' | 'fail' | 'ignore';
  /** Seconds of ringing before it does so. Default 2; voicemail 12. */
  after?: Range;
  /** Seconds of talk, then `hangsUp` ends it. Default 10; `forever` leaves it to the other side. */
  talks?: Range | 'forever';
  hangsUp?: 'agent' | 'caller';
  /** Keys pressed when a confirm key is asked for; a person presses what is asked, a voicemail nothing. */
  presses?: string;
  /** What is said once they talk, each so many seconds after the one before; streams of the caller carry it. */
  says?: { text: string; after?: Range }[];
  /** What the person does whom an outbound call reaches, as a caller would. */
  acts?: Omit<CallerScript, 'from' | 'to'>;
  /** The share of attempts (0 to 1) that are ignored instead. */
  misses?: number;
}

/** Behaviour by number (`+` optional); a list is taken attempt by attempt, its last one repeats. */
export type Manners = Record<string, Manner | Manner[]>;

/** What a phone will do on this one attempt. */
export interface Attempt {
  does: 'answer' | 'busy' | 'reject' | 'fail' | 'ignore';
  afterMs: number;
  talkMs: number;
  hangsUp: 'agent' | 'caller';
  isMachine: boolean;
  says: { text: string; afterMs: number }[];
  acts: Omit<CallerScript, 'from' | 'to'>;
  /** Undefined: whatever is asked for. */
  presses: string | undefined;
}

export const bareNumber = (number: string) => number.replace(/^\+/, '');
const digitsOf = (number: string) => BigInt(`0${number.replace(/\D/g, '')}`);

const DEFAULT: Manner = { does: 'answer' };

export class Phones {
  /** Attempts to ring a phone that was already ringing or talking. */
  readonly collisions: { to: string; at: number }[] = [];
  readonly #manners = new Map<string, Manner[]>();
  readonly #attempts = new Map<string, number>();
  readonly #engaged = new Set<string>();
  /** Each phone has chance of its own, so that the order in which phones are rung changes nothing. */
  readonly #chance = new Map<string, () => number>();

  #seed: number;

  constructor(manners: Manners, seed: number) {
    this.#seed = seed;
    this.teach(manners);
  }

  /** Replaces the behaviour of the numbers named, and starts all sequences anew. The result undoes it. */
  teach(manners: Manners, seed = this.#seed): () => void {
    const before = new Map(this.#manners);
    this.#chance.clear();
    for (const [number, manner] of Object.entries(manners)) {
      this.#manners.set(bareNumber(number), Array.isArray(manner) ? manner : [manner]);
    }
    this.#attempts.clear();
    this.#seed = seed;
    return () => {
      for (const number of Object.keys(manners).map(bareNumber)) {
        const manner = before.get(number);
        if (manner) this.#manners.set(number, manner);
        else this.#manners.delete(number);
      }
    };
  }

  /** Takes the phone's line and says what it will do; `free` gives the line back. */
  ring(to: string, at: number): { attempt: Attempt; collides: boolean; free: () => void } {
    const number = bareNumber(to);
    if (this.#engaged.has(number)) {
      this.collisions.push({ to, at });
      return {
        attempt: this.#attempt(number, { does: 'busy', after: 0 }),
        collides: true,
        free: () => undefined,
      };
    }
    this.#engaged.add(number);
    const attempt = this.#attempt(number, this.#next(number));
    return { attempt, collides: false, free: () => this.#engaged.delete(number) };
  }

  #next(number: string): Manner {
    const manners = this.#manners.get(number) ?? this.#manners.get('any') ?? [DEFAULT];
    const count = this.#attempts.get(number) ?? 0;
    this.#attempts.set(number, count + 1);
    return manners[Math.min(count, manners.length - 1)] ?? DEFAULT;
  }

  #attempt(number: string, manner: Manner): Attempt {
    const random =
      this.#chance.get(number) ?? seededRandom(this.#seed + Number(BigInt.asUintN(31, digitsOf(number))));
    this.#chance.set(number, random);
    const missed = manner.misses !== undefined && random() < manner.misses;
    const does = missed ? 'ignore' : manner.does === 'voicemail' ? 'answer' : manner.does;
    const after = manner.after ?? (manner.does === 'voicemail' ? 12 : 2);
    const talks = manner.talks ?? 10;
    return {
      does,
      afterMs: draw(after, random) * 1000,
      talkMs: talks === 'forever' ? Number.POSITIVE_INFINITY : draw(talks, random) * 1000,
      hangsUp: manner.hangsUp ?? 'agent',
      isMachine: manner.does === 'voicemail',
      says: (manner.says ?? []).map(({ text, after: pause = 1 }) => ({
        text,
        afterMs: draw(pause, random) * 1000,
      })),
      acts: manner.acts ?? {},
      presses: manner.does === 'voicemail' ? '' : manner.presses,
    };
  }
}
