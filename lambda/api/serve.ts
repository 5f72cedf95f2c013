/**
 * From event to answer: find the operation, check the request, run it, and make a document of whatever went
 * wrong. What a caller did wrong is told; what we did wrong is logged and answered without internals.
 */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Context } from '../app/context.ts';
import { log } from '../platform/log.ts';
import { StoreUnavailable } from '../store/table.ts';
import type { Answer } from './operation.ts';
import { operations } from './operations.ts';
import { notFound, Problem } from './problem.ts';
import { requestOf } from './request.ts';

const RETRY_AFTER_SECS = '5';

export async function serve(
  context: Context,
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  try {
    return respond(await answer(context, event));
  } catch (error) {
    const problem = problemOf(error, event);
    return {
      statusCode: problem.status,
      headers: { ...HEADERS, ...problem.headers, 'content-type': 'application/problem+json' },
      body: JSON.stringify(problem.document()),
    };
  }
}

function answer(context: Context, event: APIGatewayProxyEventV2): Promise<Answer> {
  const request = requestOf(event);
  const { operation, path } = route(request.method, request.path);
  return operation.run(context, { path, query: request.query, body: request.body });
}

interface Route {
  method: string;
  /** `/agents/{number}` as its parts. */
  parts: string[];
  operation: (typeof operations)[keyof typeof operations];
}

const routes: Route[] = Object.entries(operations).map(([key, operation]) => {
  const [method = '', path = ''] = key.split(' ');
  return { method, parts: path.split('/'), operation };
});

function route(method: string, path: string) {
  const given = path.split('/');
  const here = routes.flatMap(({ parts, ...rest }) => {
    const parameters = fit(parts, given);
    return parameters ? [{ ...rest, path: parameters }] : [];
  });
  const found = here.find(one => one.method === method);
  if (found) return found;
  if (here.length === 0)
    throw notFound('There is nothing at this path. GET /openapi.json lists everything there is.');
  const allow = here.map(one => one.method).join(', ');
  throw new Problem(405, `${method} is not possible here; use ${allow}.`, { headers: { allow } });
}

/** The parameters of a path that has the form of `parts`. */
function fit(parts: string[], given: string[]): Record<string, string> | undefined {
  if (parts.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [at, part] of parts.entries()) {
    const value = given[at] ?? '';
    const name = /^{(\w+)}$/.exec(part)?.[1];
    if (name) parameters[name] = decoded(value);
    else if (part !== value) return undefined;
  }
  return parameters;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Problem(
      400,
      'The path holds a percent sign that encodes nothing; write %25 for the sign itself.',
    );
  }
}

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

function respond({ status, body }: Answer): APIGatewayProxyStructuredResultV2 {
  if (body === undefined) return { statusCode: status, headers: HEADERS };
  const headers = { ...HEADERS, 'content-type': 'application/json' };
  return { statusCode: status, headers, body: JSON.stringify(body) };
}

function problemOf(error: unknown, event: APIGatewayProxyEventV2): Problem {
  if (error instanceof Problem) return error;
  log.error('The App API could not answer', error, { route: event.routeKey });
  if (error instanceof StoreUnavailable)
    return new Problem(
      503,
      `The store does not answer right now. Try again in ${RETRY_AFTER_SECS} seconds.`,
      {
        headers: { 'retry-after': RETRY_AFTER_SECS },
      },
    );
  return new Problem(500, 'Something is wrong on our side; the log of the control function says what.');
}
