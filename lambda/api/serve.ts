/**
 * From event to answer: check the request, run the operation of its route, and make a document of whatever went
 * wrong. What a caller did wrong is told; what we did wrong is logged and answered without internals.
 */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Context } from '../app/context.ts';
import { log } from '../platform/log.ts';
import { problem } from '../platform/problem.ts';
import { StoreUnavailable } from '../store/outage.ts';
import type { Answer, Operation } from './operation.ts';
import { operations } from './operations.ts';
import { Problem } from './problem.ts';
import { requestOf } from './request.ts';

const RETRY_AFTER_SECS = '5';

export async function serve(
  context: Context,
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  try {
    return respond(await answer(context, event));
  } catch (error) {
    const { status, message, headers, members } = problemOf(error, event);
    return problem(status, message, { headers: { ...HEADERS, ...headers }, members });
  }
}

/** API Gateway has found the route already. */
function answer(context: Context, event: APIGatewayProxyEventV2): Promise<Answer> {
  const operation = (operations as Readonly<Record<string, Operation | undefined>>)[event.routeKey];
  if (!operation) throw new Error(`The route ${event.routeKey} leads here and has no operation.`);
  return operation.run(context, requestOf(event));
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
