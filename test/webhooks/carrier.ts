/** The carrier's side of a webhook: requests as API Gateway hands them over, and what the documents say. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Context } from '../../lambda/app/context.ts';
import { serve } from '../../lambda/webhooks/serve.ts';

export const LINE = '+918000000000';
export const CALLER = '+919876543210';

/** @returns the document, or `status 503` where there is none */
export async function post(context: Context, url: string, fields: Record<string, string> = {}) {
  const { pathname, search } = new URL(url, 'https://switchboard.test');
  const result = await serve(context, {
    version: '2.0',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers: {},
    requestContext: { http: { method: 'POST', path: pathname } },
    isBase64Encoded: false,
    body: new URLSearchParams(fields).toString(),
  } as unknown as APIGatewayProxyEventV2);
  return result.statusCode === 200 ? String(result.body) : `status ${result.statusCode}`;
}

/** A call comes in. */
export const arrive = (context: Context & { keys: string[] }, id: string, fields = {}) =>
  post(context, `/answer?key=${context.keys[0]}`, {
    CallUUID: id,
    From: CALLER,
    To: LINE,
    Direction: 'inbound',
    Event: 'StartApp',
    ...fields,
  });

export const hangUp = (context: Context & { keys: string[] }, id: string, fields = {}) =>
  post(context, `/hangup?key=${context.keys[0]}`, { CallUUID: id, Event: 'Hangup', ...fields });
