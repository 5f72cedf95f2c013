/** One request to the carrier's REST API and what may come of it. Never throws. */

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export type Failure =
  /** No such call (any more). */
  | { kind: 'gone' }
  | { kind: 'no_credit' }
  | { kind: 'rate_limited'; retryAfterMs?: number }
  /** The carrier understood and said no. */
  | { kind: 'refused'; status: number; message: string }
  /** Time-out, network or a fault of the carrier: nothing is known about what was done. */
  | { kind: 'unavailable'; reason: string }
  /** No credentials: nobody was asked. */
  | { kind: 'not_configured' };

export interface Request {
  method: 'GET' | 'POST' | 'DELETE';
  /** From the base URL on; the carrier insists on trailing slashes. */
  path: string;
  body?: Record<string, unknown>;
  /** Whether sending it twice does no harm. */
  repeatable: boolean;
}

export interface VobizOptions {
  /** `https://api.vobiz.ai/api/v1`; a trailing slash does not matter. */
  baseUrl: string;
  /** Empty: every outcome is `not_configured`. */
  authId: string;
  authToken: string;
  /** For each operation as a whole, its repetition included (1500). */
  timeoutMs?: number;
  fetch?: Fetch;
  sleep?: (ms: number) => Promise<void>;
}

export type Reply = { kind: 'ok'; body: Record<string, unknown> } | Failure;

const DEFAULT_TIMEOUT_MS = 1500;
const PAUSE_BEFORE_REPEAT_MS = 100;
const LONGEST_MESSAGE = 300;

export function requester(options: VobizOptions): (request: Request) => Promise<Reply> {
  const { authId, authToken, timeoutMs = DEFAULT_TIMEOUT_MS, fetch = globalThis.fetch } = options;
  const sleep = options.sleep ?? (ms => new Promise<void>(resolve => setTimeout(resolve, ms)));
  const baseUrl = options.baseUrl.replace(/\/+$/, '');

  async function once({ method, path, body }: Request, signal: AbortSignal): Promise<Reply> {
    try {
      const response = await fetch(baseUrl + path, {
        method,
        headers: {
          'X-Auth-ID': authId,
          'X-Auth-Token': authToken,
          ...(body && { 'Content-Type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        // The token must not follow a redirect to another host.
        redirect: 'manual',
        signal,
      });
      return outcome(response, objectIn(await response.text()), authToken);
    } catch (error) {
      return {
        kind: 'unavailable',
        reason: signal.aborted ? `no reply within ${timeoutMs} ms` : cause(error),
      };
    }
  }

  return async request => {
    if (!authId || !authToken) return { kind: 'not_configured' };
    const signal = AbortSignal.timeout(timeoutMs);
    const first = await once(request, signal);
    if (first.kind !== 'unavailable' || !request.repeatable || signal.aborted) return first;
    await sleep(PAUSE_BEFORE_REPEAT_MS);
    return signal.aborted ? first : once(request, signal);
  };
}

/** More than three hours of MP3. */
const LONGEST_FILE_BYTES = 64 * 1024 * 1024;
const FILE_MS = 30_000;

export type FileReply = { kind: 'ok'; bytes: Uint8Array<ArrayBuffer>; type: string } | Failure;

/** A file of the account. The credentials go to the carrier's own hosts alone, wherever the address leads. */
export async function download(options: VobizOptions, url: string): Promise<FileReply> {
  const { authId, authToken, fetch = globalThis.fetch } = options;
  if (!authId || !authToken) return { kind: 'not_configured' };
  if (!isOurs(url, options.baseUrl))
    return { kind: 'refused', status: 0, message: 'the address is not the carrier’s' };
  try {
    const response = await fetch(url, {
      headers: { 'X-Auth-ID': authId, 'X-Auth-Token': authToken },
      redirect: 'manual',
      signal: AbortSignal.timeout(options.timeoutMs ?? FILE_MS),
    });
    if (!response.ok) return outcome(response, {}, authToken) as Failure;
    const bytes = await bytesOf(response);
    if (!bytes) return { kind: 'refused', status: 413, message: 'the file is too large' };
    return { kind: 'ok', bytes, type: response.headers.get('content-type') ?? 'application/octet-stream' };
  } catch (error) {
    return { kind: 'unavailable', reason: cause(error) };
  }
}

/** @returns undefined for more than anybody records */
async function bytesOf(response: Response): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > LONGEST_FILE_BYTES) return undefined;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function isOurs(url: string, baseUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, host } = new URL(url);
  return (protocol === 'https:' && /\.vobiz\.ai$/.test(hostname)) || host === new URL(baseUrl).host;
}

function outcome(response: Response, body: Record<string, unknown>, authToken: string): Reply {
  const { status } = response;
  if (response.ok) return { kind: 'ok', body };
  if (status === 404) return { kind: 'gone' };
  if (status === 402) return { kind: 'no_credit' };
  if (status === 429) return { kind: 'rate_limited', ...retryAfter(response, body) };
  if (status >= 500) return { kind: 'unavailable', reason: `the carrier answered ${status}` };
  return { kind: 'refused', status, message: message(body, authToken) };
}

/** `{"error": {"message"}}`, `{"error": "..."}` or `{"message": "..."}`. */
function message(body: Record<string, unknown>, authToken: string): string {
  const nested = asObject(body.error).message;
  const text = [nested, body.error, body.message].find(candidate => typeof candidate === 'string');
  if (typeof text !== 'string') return 'no message';
  return text.replaceAll(authToken, '[auth token]').slice(0, LONGEST_MESSAGE);
}

/** Seconds, in the header or in the error's details. */
function retryAfter(response: Response, body: Record<string, unknown>): { retryAfterMs?: number } {
  const inBody = asObject(asObject(body.error).details).retryAfter ?? asObject(body.details).retryAfter;
  const seconds = Number.parseFloat(response.headers.get('retry-after') ?? String(inBody));
  return Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: Math.round(seconds * 1000) } : {};
}

function objectIn(text: string): Record<string, unknown> {
  try {
    return asObject(JSON.parse(text));
  } catch {
    // A 204 has no body and a proxy's error page is no JSON: the status says enough.
    return {};
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** The system's error code; never the message, which may quote a header. */
function cause(error: unknown): string {
  const { code } = asObject(error instanceof Error ? error.cause : undefined);
  return `the carrier cannot be reached (${typeof code === 'string' ? code : 'network error'})`;
}
