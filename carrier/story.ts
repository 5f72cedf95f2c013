/**
 * What happened on one call, in order and typed, so that a test can state it and a terminal can tell it.
 * `at` is carrier time in milliseconds since the call began. Sounds are entered when they start, with the
 * length they are meant to have; a `cut` says how much of the last one was heard when something broke it off.
 */
import type { Hangup } from './hangup.ts';

export type PhoneDid =
  | 'answered'
  | 'busy'
  | 'rejected'
  | 'failed'
  | 'no-answer'
  | 'lost the race'
  | 'cancelled'
  | 'not confirmed';

export type Event =
  | { kind: 'calls'; call: string; from: string; to: string; direction: string }
  | { kind: 'request'; event: string; method: string; url: string; fields: Record<string, string> }
  | {
      kind: 'reply';
      event: string;
      url: string;
      status: number;
      realMs: number;
      body: string;
      problem?: string;
    }
  | { kind: 'answered' }
  /** `language`: where the document names one. */
  | { kind: 'says'; text: string; ms: number; language?: string }
  | { kind: 'plays'; url: string; ms: number }
  | { kind: 'waits'; ms: number }
  | { kind: 'cut'; ms: number }
  | { kind: 'skips'; element: string; reason: string }
  | { kind: 'rings'; to: string; leg: string; position: number }
  | { kind: 'collides'; to: string }
  | { kind: 'phone'; to: string; leg: string; did: PhoneDid }
  | { kind: 'whispers'; to: string; text: string }
  | { kind: 'bridged'; to: string; leg: string }
  | { kind: 'unbridged'; to: string; leg: string; ms: number; by: string }
  /** `session`: the call from there on, and no message. */
  | { kind: 'records'; recording: string; session: boolean }
  | { kind: 'recorded'; recording: string; session: boolean; ms: number; reason: string }
  | { kind: 'streams'; stream: string; url: string }
  | { kind: 'unstreamed'; stream: string }
  | { kind: 'loses'; stream: string; reason: string }
  /** What is said into a stream, entered when it begins. */
  | { kind: 'speaks'; text: string; ms: number /** Absent: the caller. */; who?: string }
  /** A word that a stream played, entered when it is over; `from` is when it began. */
  | { kind: 'hears'; text: string; from: number }
  | { kind: 'played'; name: string }
  | { kind: 'cleared' }
  /** What the application did wrong on a stream. */
  | { kind: 'complains'; reason: string }
  | { kind: 'machine'; machine: boolean }
  | { kind: 'digits'; digits: string }
  /** For keys, from now on. */
  | { kind: 'listens' }
  | { kind: 'tones'; digits: string }
  | { kind: 'conference'; name: string; did: 'enters' | 'leaves' }
  | { kind: 'transferred'; url: string }
  | ({ kind: 'hangup' } & Hangup)
  | { kind: 'done' };

export type Kind = Event['kind'];
export type Entry<K extends Kind = Kind> = { at: number } & Extract<Event, { kind: K }>;

export class Story {
  readonly entries: Entry[] = [];
  readonly #listeners = new Set<(entry: Entry) => void>();
  readonly #elapsed: () => number;

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  add(event: Event): Entry {
    const entry = { at: this.#elapsed(), ...event } as Entry;
    this.entries.push(entry);
    for (const listener of [...this.#listeners]) listener(entry);
    return entry;
  }

  /** Calls `listener` with every entry from now on; the returned function ends that. */
  follow(listener: (entry: Entry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  of<K extends Kind>(kind: K): Entry<K>[] {
    return this.entries.filter((entry): entry is Entry<K> => entry.kind === kind);
  }

  /** Everything that was said to the caller. */
  heard(): string[] {
    return this.of('says').map(entry => entry.text);
  }

  /** The webhooks in the order they were sent, by their `Event` field. */
  events(): string[] {
    return this.of('request').map(entry => entry.event);
  }

  /** Milliseconds of files that were really played, cuts taken off. */
  musicMs(): number {
    return this.sounds()
      .filter(sound => sound.kind === 'plays')
      .reduce((sum, sound) => sum + sound.heardMs, 0);
  }

  /** The longest time an answered caller heard nothing at all, with nobody bridged and no stream, and when it began. */
  longestSilence(): { at: number; ms: number } {
    const sounds = this.sounds().filter(sound => sound.kind !== 'waits');
    const filled = [
      ...sounds.map(({ at, heardMs }) => ({ at, ms: heardMs })),
      ...this.#rings(),
      ...this.#talks(),
      ...this.#streams(),
    ];
    filled.sort((a, b) => a.at - b.at);
    let quietSince = this.of('answered')[0]?.at ?? Number.POSITIVE_INFINITY;
    let longest = { at: 0, ms: 0 };
    const end = this.of('hangup')[0]?.at ?? this.#elapsed();
    for (const { at, ms } of [...filled, { at: end, ms: 0 }]) {
      if (at - quietSince > longest.ms) longest = { at: quietSince, ms: at - quietSince };
      quietSince = Math.max(quietSince, at + ms);
    }
    return longest;
  }

  sounds(): { kind: Kind; at: number; heardMs: number }[] {
    const sounds: { kind: Kind; at: number; heardMs: number }[] = [];
    for (const entry of this.entries) {
      if (entry.kind === 'says' || entry.kind === 'plays' || entry.kind === 'waits') {
        sounds.push({ kind: entry.kind, at: entry.at, heardMs: entry.ms });
      } else if (entry.kind === 'cut') {
        const last = sounds.at(-1);
        if (last) last.heardMs = entry.ms;
      }
    }
    return sounds;
  }

  /** A caller hears the ringing tone for as long as any phone rings. */
  #rings() {
    return this.of('rings').map(({ at, leg }) => {
      const end = this.of('phone').find(entry => entry.leg === leg)?.at ?? this.#elapsed();
      return { at, ms: end - at };
    });
  }

  #streams() {
    return this.of('streams').map(({ at, stream }) => {
      const end = this.of('unstreamed').find(entry => entry.stream === stream)?.at ?? this.#elapsed();
      return { at, ms: end - at };
    });
  }

  #talks() {
    return this.of('bridged').map(({ at, leg }) => {
      const end = this.of('unbridged').find(entry => entry.leg === leg)?.at ?? this.#elapsed();
      return { at, ms: end - at };
    });
  }
}
