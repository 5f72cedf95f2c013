/**
 * One HTTP request to a provider whose answer is streamed. Nothing is repeated. Whatever goes wrong is a
 * `ProviderError` with a text of our own: no key, no prompt and none of the caller's words can be in it. When the
 * caller's signal is aborted the connection is closed and the signal's reason is thrown.
 */
import { ProviderError } from './provider.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The header that shows a key; none for an endpoint that asks for no key. */
export function credentials(scheme: 'Bearer' | 'Token', key: string): Record<string, string> {
  const word = key.trim();
  return word === '' ? {} : { authorization: `${scheme} ${word}` };
}

/** Statuses that may be better next time. */
const PASSING = [408, 409, 425, 429];
/** OpenAI's code for an account without money, which comes as a 429. */
const NO_CREDIT = 'insufficient_quota';
const LONGEST_ERROR = 10_000;

export class Exchange {
  private readonly impatience = new AbortController();
  private readonly signal: AbortSignal;
  private left = 0;

  /** @param provider as messages name it @param caller its abortion ends the exchange */
  constructor(
    private readonly provider: string,
    private readonly caller: AbortSignal,
    private readonly fetch: Fetch = globalThis.fetch,
  ) {
    this.signal = AbortSignal.any([caller, this.impatience.signal]);
  }

  /** From here on the provider may keep us waiting this long in all, until the next `allow`; our own time is free. */
  allow(ms: number): void {
    this.left = ms;
  }

  /** JSON. @param shown `credentials` @throws ProviderError also for every status but 2xx */
  post(url: string, shown: Record<string, string>, body: unknown): Promise<Response> {
    return this.send(url, { ...shown, 'content-type': 'application/json' }, JSON.stringify(body));
  }

  /** Any content. @throws as `post` */
  async send(
    url: string,
    headers: Record<string, string>,
    body: string | Uint8Array<ArrayBuffer>,
  ): Promise<Response> {
    const response = await this.wait(
      this.fetch(url, {
        method: 'POST',
        headers,
        body,
        // The key must not follow a redirect to another host.
        redirect: 'manual',
        signal: this.signal,
      }),
    );
    if (response.ok) return response;
    throw this.refusal(response.status, errorCode((await this.text(response)).slice(0, LONGEST_ERROR)));
  }

  text(response: Response): Promise<string> {
    return this.wait(response.text());
  }

  /** The answer's bytes. Leaving the loop early closes the connection. */
  async *chunks(response: Response): AsyncGenerator<Uint8Array, void> {
    const reader = response.body?.getReader();
    if (!reader) return;
    try {
      for (;;) {
        const { done, value } = await this.wait(reader.read());
        if (done) return;
        yield value;
      }
    } finally {
      // Of a stream that has failed there is nothing left to cancel.
      await reader.cancel().catch(() => undefined);
    }
  }

  fault(kind: ProviderError['kind'], what: string): ProviderError {
    return new ProviderError(kind, `${this.provider} ${what}.`);
  }

  private async wait<T>(answer: Promise<T>): Promise<T> {
    const since = performance.now();
    const late = () => this.impatience.abort(this.fault('timeout', 'took too long'));
    const timer = setTimeout(late, Math.max(0, this.left));
    try {
      return await answer;
    } catch (error) {
      if (this.caller.aborted) throw this.caller.reason;
      throw error instanceof ProviderError
        ? error
        : this.fault('unavailable', `failed (${systemCode(error)})`);
    } finally {
      clearTimeout(timer);
      this.left -= performance.now() - since;
    }
  }

  private refusal(status: number, code: string): ProviderError {
    const passing = status >= 500 || (PASSING.includes(status) && code !== NO_CREDIT);
    return this.fault(passing ? 'unavailable' : 'refused', `answered ${status}${code && ` (${code})`}`);
  }
}

/** OpenAI's `error.code` or `error.type`, Deepgram's `err_code`: a word, never a sentence, which may quote the request. */
export function errorCode(text: string): string {
  const { error, err_code } = objectIn(text);
  const { code, type } = asObject(error);
  return [code, type, err_code].find(isWord) ?? '';
}

const isWord = (value: unknown): value is string => typeof value === 'string' && /^[\w-]{1,40}$/.test(value);

/** Undefined fields for what is no JSON object. */
export function objectIn(text: string): Record<string, unknown> {
  try {
    return asObject(JSON.parse(text));
  } catch {
    // A proxy's error page, or half of an event: it has no fields.
    return {};
  }
}

export const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** Never the message, which may quote a header. */
function systemCode(error: unknown): string {
  const { code, cause } = asObject(error);
  const word = asObject(cause).code ?? code;
  return typeof word === 'string' ? word : 'network error';
}
