/** A webhook as it came through API Gateway (HTTP API, payload 2.0; form bodies arrive base64-encoded). */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { readWebhook, type Webhook, type WebhookResult } from '../vobiz/webhook.ts';

export interface Request {
  method: string;
  path: string;
  /** Still encoded, without the question mark. */
  query: string;
  headers: Record<string, string | undefined>;
  body: string;
}

export function decode(event: APIGatewayProxyEventV2): Request {
  const { body = '', isBase64Encoded } = event;
  return {
    method: event.requestContext.http.method.toUpperCase(),
    path: event.rawPath,
    query: event.rawQueryString,
    headers: event.headers,
    body: isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
  };
}

/** The fields as far as they can be read; on a continuation the signed URL already says which call it is. */
export function fieldsOf(request: Request): Partial<Webhook> {
  const result: WebhookResult = readWebhook(request);
  return result.ok ? result.webhook : {};
}
