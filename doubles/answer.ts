/** One HTTP request to a double and the ways to answer it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Ending, Fault } from './script.ts';

export interface Exchange {
  url: URL;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
  /** As it came. */
  bytes: Buffer;
  response: ServerResponse;
}

export async function readExchange(incoming: IncomingMessage, response: ServerResponse): Promise<Exchange> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  return {
    url: new URL(incoming.url ?? '/', 'http://double'),
    headers: incoming.headers,
    body: objectIn(bytes.toString()),
    bytes,
    response,
  };
}

export function answerJson(
  response: ServerResponse,
  { status, body }: { status: number; body: unknown },
): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** Notes how a request ends: as told, or `aborted` if the client goes away before. */
export function ending(response: ServerResponse, request: { ended?: Ending; ended_at?: number }) {
  const end = (ended: Ending): void => {
    Object.assign(request, { ended, ended_at: Date.now() });
  };
  response.once('close', () => {
    if (!request.ended) end('aborted');
  });
  return end;
}

/** The key behind `Bearer` or `Token`. */
export const keyOf = (headers: IncomingMessage['headers']): string =>
  /^(?:bearer|token)\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';

export const pause = (ms: number): Promise<void> =>
  ms > 0 ? new Promise(resolve => setTimeout(resolve, ms)) : Promise.resolve();

/**
 * Writes the pieces as they come, and says how it went. A `close` or `stall` takes effect once `after` units are
 * out, of which a piece has `size`.
 */
export async function stream(
  response: ServerResponse,
  pieces: AsyncIterable<{ data: string | Uint8Array; size: number }>,
  fault: Fault | undefined,
): Promise<Ending> {
  let gone = response.destroyed;
  response.once('close', () => {
    gone = true;
  });
  const breaking = fault?.kind === 'close' || fault?.kind === 'stall';
  let sent = 0;
  for await (const { data, size } of pieces) {
    if (gone) return 'aborted';
    if (breaking && sent >= (fault.after ?? 0)) break;
    response.write(data);
    sent += size;
  }
  if (gone) return 'aborted';
  if (!breaking) {
    response.end();
    return 'complete';
  }
  // What was written goes out before the connection breaks.
  await pause(5);
  if (fault.kind === 'close') {
    response.destroy();
    return 'fault';
  }
  await new Promise(resolve => response.once('close', resolve));
  return 'aborted';
}

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    // Each endpoint says in its provider's words which field it misses.
    return {};
  }
}
