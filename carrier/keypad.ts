/** The keys a person presses, buffered until an element asks for them, as a phone network does. */
export class Keypad {
  readonly #pressed: string[] = [];
  readonly #waiting = new Set<(digit: string) => void>();

  press(digit: string): void {
    const [first] = this.#waiting;
    if (!first) this.#pressed.push(digit);
    for (const take of [...this.#waiting]) take(digit);
  }

  /** The next key; rejects with `signal.reason` when aborted. Several takers at once all get the key. */
  next(signal: AbortSignal): Promise<string> {
    const buffered = this.#pressed.shift();
    if (buffered !== undefined) return Promise.resolve(buffered);
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const cancel = () => {
        this.#waiting.delete(take);
        reject(signal.reason);
      };
      const take = (digit: string) => {
        this.#waiting.delete(take);
        signal.removeEventListener('abort', cancel);
        resolve(digit);
      };
      this.#waiting.add(take);
      signal.addEventListener('abort', cancel, { once: true });
    });
  }

  /** The first key out of `keys`; other keys are dropped. */
  async nextOf(keys: string, signal: AbortSignal): Promise<string> {
    for (;;) {
      const digit = await this.next(signal);
      if (keys.includes(digit)) return digit;
    }
  }
}
