/**
 * What the local doubles of AWS services share: a parsed request, the error shape that the SDK understands, and
 * a loopback HTTP server. Callers are known by the access key id in the signature's Credential; signatures
 * themselves are not verified, for nothing but this machine can reach the port.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

/** One call of an AWS API: JSON protocols name the operation in `target` (`DynamoDB_20120810.PutItem`). */
export interface AwsRequest {
  method: string;
  path: string;
  target: string;
  headers: Record<string, string>;
  body: Buffer;
  /** The access key id that signed the request, empty when unsigned. */
  caller: string;
}

export interface AwsReply {
  status?: number;
  headers?: Record<string, string>;
  body: string | Buffer;
}

export type AwsHandler = (request: AwsRequest) => Promise<AwsReply>;

/** An error that the service answers with; `details` become further fields of its JSON body. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
    readonly status = 400,
  ) {
    super(message);
    this.name = code;
  }
}

/** Thrown where the caller must see its connection break instead of an answer. */
export class LostReply extends Error {}

export interface AwsServer {
  endpoint: string;
  stop(): Promise<void>;
}

/** Serves `handler` on a loopback port (0 = any free one). */
export async function serveAws(handler: AwsHandler, port = 0): Promise<AwsServer> {
  const server = createServer((request, response) => {
    answer(handler, request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${bound}`, stop: () => closeServer(server) };
}

/** Stops listening and breaks what is still open; calling it twice is harmless. */
export function closeServer(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function answer(
  handler: AwsHandler,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reply = await handler(await parse(incoming)).catch(toErrorReply);
  response.writeHead(reply.status ?? 200, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': randomUUID(),
    ...reply.headers,
  });
  response.end(reply.body);
}

async function parse(incoming: IncomingMessage): Promise<AwsRequest> {
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  return {
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    target: headers['x-amz-target'] ?? '',
    headers,
    body: await buffer(incoming),
    caller: /Credential=([^/,\s]+)/.exec(headers.authorization ?? '')?.[1] ?? '',
  };
}

function toErrorReply(error: unknown): AwsReply {
  if (error instanceof LostReply) throw error;
  const known =
    error instanceof AwsError ? error : new AwsError('InternalServerError', String(error), {}, 500);
  return {
    status: known.status,
    headers: { 'x-amzn-errortype': known.code },
    body: JSON.stringify({ __type: known.code, message: known.message, ...known.details }),
  };
}
