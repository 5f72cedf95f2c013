/**
 * A client of the App API in process: it sends events as API Gateway does and holds every answer to the OpenAPI
 * document, which it fetches from the API itself.
 */
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { expect } from 'vitest';
import { serve } from '../../lambda/api/serve.ts';
import type { Context } from '../../lambda/app/context.ts';
import { CONTROL_ROUTES, OPEN_ROUTES } from '../../lambda/platform/routes.ts';

export interface Reply {
  status: number;
  headers: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: JSON, checked against the document before a test sees it
  body: any;
}

interface Sent {
  body?: unknown;
  /** Instead of `body`, as it stands. */
  raw?: string | Buffer;
  type?: string;
}

interface Documented {
  paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, unknown> }> }>>;
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });

/** @returns a function that sends `METHOD /path?query` and gives the checked answer */
export async function apiClient(context: Context) {
  const fetched = await send(context, 'GET /openapi.json', {});
  const document = fetched.body as Documented;
  if (!ajv.getSchema('api')) ajv.addSchema(document as AnySchema, 'api');

  return async (request: string, sent: Sent = {}): Promise<Reply> => {
    const reply = await send(context, request, sent);
    holdToDocument(document, request, reply);
    return reply;
  };
}

export async function send(context: Context, request: string, sent: Sent): Promise<Reply> {
  const result = await serve(context, eventOf(request, sent));
  return {
    status: Number(result.statusCode),
    headers: result.headers ?? {},
    body: result.body === undefined ? undefined : JSON.parse(result.body),
  };
}

/** A body goes out as base64, which is how API Gateway hands over most of them. */
function eventOf(request: string, { body, raw, type = 'application/json' }: Sent): APIGatewayProxyEventV2 {
  const [method = '', target = ''] = request.split(' ');
  const [path = '', query = ''] = target.split('?');
  const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  return {
    version: '2.0',
    ...routed(method, path),
    rawPath: path,
    rawQueryString: query,
    headers: text === undefined ? {} : { 'content-type': type },
    requestContext: { http: { method, path } },
    isBase64Encoded: text !== undefined,
    ...(text !== undefined && { body: Buffer.from(text).toString('base64') }),
  } as unknown as APIGatewayProxyEventV2;
}

/** The route that API Gateway finds, and the parameters of its path, decoded where they can be. */
function routed(method: string, path: string): Pick<APIGatewayProxyEventV2, 'routeKey' | 'pathParameters'> {
  const parts = path.split('/');
  const routeKey = [...CONTROL_ROUTES, ...OPEN_ROUTES].find(
    route => route.startsWith(`${method} `) && fits(route.slice(method.length + 1), parts),
  );
  if (!routeKey) throw new Error(`${method} ${path} would not reach the control function.`);
  const parameters = routeKey
    .split(' ')[1]
    ?.split('/')
    .flatMap((part, at) => {
      const name = /^{(\w+)}$/.exec(part)?.[1];
      return name ? [[name, decoded(parts[at] ?? '')]] : [];
    });
  return { routeKey, pathParameters: Object.fromEntries(parameters ?? []) };
}

const fits = (template: string, parts: string[]) => {
  const wanted = template.split('/');
  return (
    wanted.length === parts.length && wanted.every((part, at) => part.startsWith('{') || part === parts[at])
  );
};

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function holdToDocument(document: Documented, request: string, reply: Reply): void {
  const [method = '', target = ''] = request.split(' ');
  const [, template = ''] = routed(method, target.split('?')[0] ?? '').routeKey.split(' ');
  const operation = document.paths[template]?.[method.toLowerCase()];
  const answer = operation?.responses[reply.status];
  expect(answer, `the document knows no ${reply.status} for ${request}`).toBeDefined();
  const type = String(reply.headers['content-type']);
  if (!answer?.content) {
    expect(reply.body).toBeUndefined();
    return;
  }
  expect(Object.keys(answer.content)).toContain(type);
  const pointer = [
    'paths',
    template,
    method.toLowerCase(),
    'responses',
    reply.status,
    'content',
    type,
    'schema',
  ]
    .map(part => encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
  const isValid = ajv.validate({ $ref: `api#/${pointer}` }, reply.body);
  expect(isValid, `${request}: ${ajv.errorsText()} in ${JSON.stringify(reply.body)}`).toBe(true);
}
