/**
 * From a function's result to an HTTP response, by the rules of payload 2.0: a result with a status code is a
 * response; any other JSON value is the body of a 200; what cannot be either is a 500. Pure.
 */
import type { Result } from '../functions/instance.ts';

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  cookies?: string[];
  body: string | Buffer;
}

interface Proxied {
  statusCode?: unknown;
  headers?: Record<string, string | number | boolean>;
  cookies?: string[];
  body?: unknown;
  isBase64Encoded?: boolean;
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** One of the gateway's own answers. */
export const gatewayMessage = (status: number, message: string): HttpResponse => ({
  status,
  headers: JSON_TYPE,
  body: JSON.stringify({ message }),
});

export function toResponse(result: Result): HttpResponse {
  if (!result.ok) return gatewayMessage(500, 'Internal Server Error');
  const value: unknown = JSON.parse(result.payload);
  if (typeof value !== 'object' || value === null || !('statusCode' in value)) {
    const body = typeof value === 'string' ? value : JSON.stringify(value);
    return { status: 200, headers: JSON_TYPE, body };
  }
  return toProxied(value);
}

function toProxied({ statusCode, headers = {}, cookies, body, isBase64Encoded }: Proxied): HttpResponse {
  const status = Number(statusCode);
  const wellFormed =
    Number.isInteger(status) &&
    status >= 100 &&
    status <= 599 &&
    (body === undefined || typeof body === 'string');
  if (!wellFormed) return gatewayMessage(500, 'Internal Server Error');
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    status,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...Object.fromEntries(lowerCase) },
    ...(cookies && { cookies }),
    body: isBase64Encoded ? Buffer.from(body ?? '', 'base64') : (body ?? ''),
  };
}
