/** The carrier's HTTP server, on loopback only: the REST API, the recordings and the control API. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { control } from './control.ts';
import type { Network } from './network.ts';
import { answerRest } from './rest.ts';

export type Track = (done: Promise<void>) => Promise<void>;

export interface Request {
  method: string;
  url: URL;
  authId: string;
  authToken: string;
  body: unknown;
}

export interface Answer {
  status: number;
  body?: unknown;
  /** Raw bytes instead of JSON. */
  bytes?: Uint8Array;
  contentType?: string;
}

/** Listens on `port` (0: any free one). Rejects when it is taken. */
export async function startServer(network: Network, track: Track, port: number) {
  const server = createServer((incoming, response) => {
    respond(network, track, incoming, response).catch(error => {
      if (!response.headersSent) response.writeHead(500);
      response.end(`The carrier failed: ${error}\n`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        taken
          ? new Error(`The carrier's port ${port} is taken. Choose another, or 0 for any free one.`)
          : error,
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${actual}`, close };
}

async function respond(network: Network, track: Track, incoming: IncomingMessage, response: ServerResponse) {
  const request = await readRequest(incoming);
  if (request.url.pathname.startsWith('/carrier/')) return control(network, track, request, response);
  const { status, body, bytes, contentType } = answerRest(network, track, request);
  response.writeHead(status, { 'content-type': contentType ?? 'application/json' });
  response.end(bytes ?? (body === undefined ? undefined : JSON.stringify(body)));
}

async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const header = (name: string) => String(incoming.headers[name] ?? '');
  return {
    method: incoming.method ?? 'GET',
    url: new URL(incoming.url ?? '/', 'http://carrier'),
    authId: header('x-auth-id'),
    authToken: header('x-auth-token'),
    body: parseJson(Buffer.concat(chunks).toString()),
  };
}

/** Undefined for a body that is no JSON; whoever needs one says so. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
