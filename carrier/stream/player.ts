/**
 * What the application gave to be played and the caller has not heard yet: audio and checkpoints, in order. No clock:
 * whoever owns it takes a frame when one is due. A checkpoint is met when the audio before it has been played to its
 * end, and only if there was any since the last clear.
 */
export class Player {
  readonly #queue: (Int16Array | string)[] = [];
  #given = false;

  add(pcm: Int16Array): void {
    if (pcm.length === 0) return;
    this.#queue.push(pcm);
    this.#given = true;
  }

  checkpoint(name: string): void {
    if (this.#given) this.#queue.push(name);
  }

  /** Forgets everything, pending checkpoints included. */
  clear(): void {
    this.#queue.length = 0;
    this.#given = false;
  }

  /** The checkpoints met by now, then the next `samples` to be heard, silence where there is nothing. */
  take(samples: number): { met: string[]; pcm: Int16Array } {
    const met = this.#meet();
    const pcm = new Int16Array(samples);
    for (let at = 0; at < samples; ) {
      const [first] = this.#queue;
      if (first === undefined) break;
      this.#queue.shift();
      if (typeof first === 'string') {
        met.push(first);
        continue;
      }
      const part = first.subarray(0, samples - at);
      pcm.set(part, at);
      at += part.length;
      if (part.length < first.length) this.#queue.unshift(first.subarray(part.length));
    }
    return { met, pcm };
  }

  #meet(): string[] {
    const end = this.#queue.findIndex(item => typeof item !== 'string');
    return this.#queue.splice(0, end < 0 ? this.#queue.length : end) as string[];
  }
}
