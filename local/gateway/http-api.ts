/** The HTTP API on a port: routes each request to its function, past the authorizer of the route. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Lambda } from '../functions/lambda.ts';
import type { HttpApiModel } from '../template/http-api.ts';
import { Authorizers } from './authorizer.ts';
import { type HttpRequest, splitUrl, toEvent } from './event.ts';
import { gatewayMessage, type HttpResponse, toResponse } from './response.ts';
import { matchRoute } from './routes.ts';

const MAX_BODY_BYTES = 10 * 1024 * 1024;

export type Respond = (request: HttpRequest) => Promise<HttpResponse>;

/** The gateway as a function from request to response. */
export function createHttpApi(api: HttpApiModel, lambda: Lambda, now: () => number = Date.now): Respond {
  const authorizers = new Authorizers(lambda, now);
  return async request => {
    const match = matchRoute(api.routes, request.method, splitUrl(request.url).path);
    if (!match) return gatewayMessage(404, 'Not Found');
    const event = toEvent(request, match, { apiId: api.id, requestId: randomUUID(), now: now() });
    const { authorizer, integration } = match.route;
    if (authorizer) {
      const verdict = await authorizers.judge(authorizer, event);
      if ('refusal' in verdict) return verdict.refusal;
      Object.assign(event.requestContext, { authorizer: { lambda: verdict.context ?? {} } });
    }
    const invocation = lambda.invoke(integration.functionName, JSON.stringify(event));
    return within(integration.timeoutMs, invocation.then(toResponse));
  };
}

/** A function that runs on after the gateway has given up changes nothing for the caller. */
async function within(milliseconds: number, response: Promise<HttpResponse>): Promise<HttpResponse> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<HttpResponse>(resolve => {
    timer = setTimeout(() => resolve(gatewayMessage(503, 'Service Unavailable')), milliseconds);
  });
  return Promise.race([response, timeout]).finally(() => clearTimeout(timer));
}

/** Listens on a port (0: any free one) of one of the machine's addresses. */
export async function listen(respond: Respond, port: number, host: string): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    serve(respond, incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}

async function serve(respond: Respond, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = await readBody(incoming);
  const response = body
    ? await respond(toRequest(incoming, body))
    : gatewayMessage(413, 'Request Entity Too Large');
  outgoing.writeHead(response.status, {
    ...response.headers,
    'apigw-requestid': randomUUID(),
    'content-length': Buffer.byteLength(response.body),
    ...(response.cookies && { 'set-cookie': response.cookies }),
  });
  outgoing.end(response.body);
}

/** The body, or nothing when it is larger than API Gateway takes. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}

function toRequest(incoming: IncomingMessage, body: Buffer): HttpRequest {
  const headers = Object.entries(incoming.headersDistinct).map(([name, values = []]) => [
    name,
    values.join(name === 'cookie' ? '; ' : ','),
  ]);
  return {
    method: incoming.method ?? 'GET',
    url: incoming.url ?? '/',
    headers: Object.fromEntries(headers),
    body,
    sourceIp: incoming.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '',
  };
}
