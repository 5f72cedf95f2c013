/**
 * Sends one webhook as the carrier does: form-encoded POST or GET with a query, `User-Agent: Vobiz`, redirects
 * not followed, and every status but exactly 200 tried again with exponential back-off. Time here is real,
 * whatever the carrier's clock does: the application on the other side is real too.
 */
import { makeNonce, type SignatureVersion, signatureHeaders } from './signature.ts';

export interface HttpTimes {
  documentTimeoutMs: number;
  callbackTimeoutMs: number;
  retries: number;
  /** Pause before the first retry; doubles with each. */
  backoffMs: number;
}

export const HTTP_TIMES: HttpTimes = {
  documentTimeoutMs: 10_000,
  callbackTimeoutMs: 3_000,
  retries: 3,
  backoffMs: 500,
};

export interface Outgoing {
  method: string;
  url: string;
  fields: Record<string, string>;
}

export interface Reply {
  /** 0 when there was no answer at all. */
  status: number;
  contentType: string;
  body: string;
  bytes: Uint8Array;
  /** What went wrong, when no answer came. */
  problem?: string;
}

export interface Sender {
  authToken: string;
  sign: SignatureVersion;
  retryNonce: 'fresh' | 'same';
  times: HttpTimes;
}

/** Sends until a 200 comes or the retries are used up; resolves with the last reply, never rejects. */
export async function send(outgoing: Outgoing, timeoutMs: number, sender: Sender): Promise<Reply> {
  const nonce = makeNonce();
  for (let attempt = 0; ; attempt++) {
    const ofAttempt = attempt === 0 || sender.retryNonce === 'same' ? nonce : makeNonce();
    const headers = safely(() => signatureHeaders(outgoing.url, sender.authToken, sender.sign, ofAttempt));
    const reply = await request(outgoing, timeoutMs, headers);
    if (reply.status === 200 || attempt >= sender.times.retries) return reply;
    await new Promise(resolve => setTimeout(resolve, sender.times.backoffMs * 2 ** attempt));
  }
}

/** Fetches a sound file: one try, no signature. */
export function fetchFile(url: string, timeoutMs: number): Promise<Reply> {
  return request({ method: 'GET', url, fields: {} }, timeoutMs, {});
}

/** An address that is no URL cannot be signed; the request itself then says what is wrong with it. */
function safely(headers: () => Record<string, string>): Record<string, string> {
  try {
    return headers();
  } catch {
    return {};
  }
}

async function request(out: Outgoing, timeoutMs: number, headers: Record<string, string>): Promise<Reply> {
  try {
    const url = new URL(out.url);
    const isGet = out.method === 'GET';
    if (isGet) for (const [name, value] of Object.entries(out.fields)) url.searchParams.append(name, value);
    const response = await fetch(url, {
      method: out.method,
      headers: { 'User-Agent': 'Vobiz', ...headers },
      ...(isGet ? {} : { body: new URLSearchParams(out.fields) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const contentType = response.headers.get('content-type') ?? '';
    return { status: response.status, contentType, body: new TextDecoder().decode(bytes), bytes };
  } catch (error) {
    return { status: 0, contentType: '', body: '', bytes: new Uint8Array(), problem: explain(error) };
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause.message : '';
  return cause || error.message;
}
