/** Somebody on the line of the carrier that runs elsewhere, steered through its control API. */
import { resolve } from 'node:path';
import type { Stack } from '../stack.ts';
import type { Say } from '../voice/says.ts';

export class RemoteCaller {
  readonly #stack: Stack;
  readonly #url: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(stack: Stack, call: string) {
    this.#stack = stack;
    this.#url = `${stack.carrierUrl}/carrier/calls/${call}`;
  }

  /** In the order of the calls. When the phone call is over it changes nothing. */
  say(say: Say): Promise<void> {
    const body = JSON.stringify(say.wav === undefined ? say : { ...say, wav: resolve(say.wav) });
    const done = this.#last.then(async () => {
      const response = await fetch(`${this.#url}/say`, { method: 'POST', headers: this.#headers, body });
      if (!response.ok && response.status !== 404) throw new Error(await response.text());
    });
    this.#last = done.catch(() => undefined); // told to whoever asked
    return done;
  }

  /** Both sides as a WAV file. */
  async sound(): Promise<Uint8Array> {
    const response = await fetch(`${this.#url}/sound.wav`, { headers: this.#headers });
    if (!response.ok) throw new Error(`The carrier has no sound of the call: ${await response.text()}`);
    return new Uint8Array(await response.arrayBuffer());
  }

  get #headers() {
    return { 'x-auth-token': this.#stack.carrierToken, 'content-type': 'application/json' };
  }
}
