/**
 * What somebody on the line is about to say: streams take it frame by frame; in between there is silence. Streams that
 * run beside one another take the same frame at the same time.
 */
export class Mouth {
  readonly #queue: { pcm: Int16Array; said: () => void }[] = [];
  #latest: { slot: number; frame: Int16Array } = { slot: -1, frame: new Int16Array(0) };

  get isSpeaking(): boolean {
    return this.#queue.length > 0;
  }

  /** Speaks after what is being said; resolves when all of it has left. @param pcm at 8 kHz */
  say(pcm: Int16Array): Promise<void> {
    return new Promise(said => void this.#queue.push({ pcm, said }));
  }

  /** What is said in a slot of time, the length of a frame; whoever asks first in a slot moves on. */
  during(slot: number, samples: number): Int16Array {
    if (slot > this.#latest.slot) this.#latest = { slot, frame: this.#next(samples) };
    return this.#latest.frame;
  }

  /** The next `samples`, silence where nothing is said. */
  #next(samples: number): Int16Array {
    const frame = new Int16Array(samples);
    for (let at = 0; at < samples; ) {
      const [first] = this.#queue;
      if (!first) break;
      const part = first.pcm.subarray(0, samples - at);
      frame.set(part, at);
      at += part.length;
      first.pcm = first.pcm.subarray(part.length);
      if (first.pcm.length > 0) break;
      this.#queue.shift();
      first.said();
    }
    return frame;
  }
}
