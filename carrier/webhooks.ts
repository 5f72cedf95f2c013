/**
 * The webhooks of one call. Callbacks (what the application is merely told) leave one after the other in
 * order; documents (what it is asked) wait a moment for the callbacks before them, but never hold up a
 * later callback: a Hangup can overtake a document that is still being written.
 */
import { type Outgoing, type Reply, type Sender, send } from './http.ts';
import type { Story } from './story.ts';

export interface Webhook extends Outgoing {
  call: string;
  /** The `Event` field. */
  event: string;
  kind: 'document' | 'callback';
}

/**
 * An interceptor. `send` delivers the webhook (retries included, changed where asked) and may be called any
 * number of times, at any time. The reply that it resolves with is what the carrier sees; undefined means lost.
 */
export type Deliver = (
  webhook: Webhook,
  send: (changed?: Partial<Outgoing>) => Promise<Reply>,
) => Promise<Reply | undefined>;

/** How long a document waits for the callbacks before it, in real milliseconds. */
const PATIENCE_MS = 1_000;

const LOST: Reply = {
  status: 0,
  contentType: '',
  body: '',
  bytes: new Uint8Array(),
  problem: 'lost on the way',
};

export class Webhooks {
  readonly #call: string;
  readonly #story: Story;
  readonly #sender: Sender;
  readonly #deliver: Deliver;
  #last: Promise<unknown> = Promise.resolve();

  constructor(call: string, story: Story, sender: Sender, deliver: Deliver) {
    this.#call = call;
    this.#story = story;
    this.#sender = sender;
    this.#deliver = deliver;
  }

  /** Asks for a document (or, with `kind` callback, for an answer that nobody follows). */
  async ask(outgoing: Outgoing): Promise<Reply> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise(resolve => {
      timer = setTimeout(resolve, PATIENCE_MS);
    });
    await Promise.race([this.#last, patience]);
    clearTimeout(timer);
    return this.#send(outgoing, 'document');
  }

  /** Tells the application something, after everything told before. */
  tell(outgoing: Outgoing): void {
    this.#last = this.#last.then(() => this.#send(outgoing, 'callback'));
  }

  /** Resolves when everything told so far has been delivered or given up. */
  async flushed(): Promise<void> {
    await this.#last;
  }

  async #send(outgoing: Outgoing, kind: Webhook['kind']): Promise<Reply> {
    const { documentTimeoutMs, callbackTimeoutMs } = this.#sender.times;
    const timeoutMs = kind === 'document' ? documentTimeoutMs : callbackTimeoutMs;
    const event = outgoing.fields.Event ?? '';
    this.#story.add({ kind: 'request', event, ...outgoing });
    const started = performance.now();
    const webhook: Webhook = { ...outgoing, call: this.#call, event, kind };
    const reply =
      (await this.#deliver(webhook, changed => send({ ...outgoing, ...changed }, timeoutMs, this.#sender))) ??
      LOST;
    const { status, body, problem } = reply;
    const realMs = Math.round(performance.now() - started);
    this.#story.add({
      kind: 'reply',
      event,
      url: outgoing.url,
      status,
      realMs,
      body,
      ...(problem && { problem }),
    });
    return reply;
  }
}
