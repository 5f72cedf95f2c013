/**
 * The events that an HTTP API sends to functions, payload format 2.0, exactly as AWS shapes them. Note what it does
 * to bodies: only text, JSON, XML and JavaScript arrive as text; everything else, HTML forms included, arrives
 * base64-encoded with `isBase64Encoded: true`. Pure.
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Match } from './routes.ts';

/** A request as it came over the wire. Header names are lower-case; repeated headers are joined by commas. */
export interface HttpRequest {
  method: string;
  /** Path and query, undecoded. */
  url: string;
  headers: Record<string, string>;
  body: Buffer;
  sourceIp: string;
}

export interface Arrival {
  apiId: string;
  requestId: string;
  now: number;
}

const TEXT = /^(text\/|application\/(json|xml|javascript)\b)/i;

export function toEvent(request: HttpRequest, match: Match, arrival: Arrival): APIGatewayProxyEventV2 {
  const { path, query } = splitUrl(request.url);
  const { cookie, ...headers } = request.headers;
  const parameters = queryParameters(query);
  const isText = TEXT.test(headers['content-type'] ?? 'text/plain');
  return {
    version: '2.0',
    routeKey: match.route.key,
    rawPath: decodePath(path),
    rawQueryString: query,
    ...(cookie !== undefined && { cookies: cookie.split(/;\s*/) }),
    headers,
    ...(parameters && { queryStringParameters: parameters }),
    ...(match.pathParameters && { pathParameters: match.pathParameters }),
    requestContext: requestContext(request, decodePath(path), match.route.key, arrival),
    ...(request.body.length > 0 && { body: request.body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: request.body.length > 0 && !isText,
  };
}

/** A REQUEST authorizer's event, format 2.0: the same request without its body, and what identifies the caller. */
export function toAuthorizerEvent(event: APIGatewayProxyEventV2, identitySource: string[]): object {
  const { body: _, isBase64Encoded: __, ...rest } = event;
  const { apiId } = event.requestContext;
  const { method, path } = event.requestContext.http;
  const routeArn = `arn:aws:execute-api:us-east-1:000000000000:${apiId}/$default/${method}${path}`;
  return { ...rest, type: 'REQUEST', routeArn, identitySource };
}

export function splitUrl(url: string): { path: string; query: string } {
  const mark = url.indexOf('?');
  return mark < 0 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

/** Decoded, and repeated parameters joined by commas. */
export function queryParameters(query: string): Record<string, string> | undefined {
  if (query === '') return undefined;
  const parameters = new URLSearchParams(query);
  return Object.fromEntries(
    [...new Set(parameters.keys())].map(name => [name, parameters.getAll(name).join(',')]),
  );
}

function requestContext(request: HttpRequest, path: string, routeKey: string, arrival: Arrival) {
  const domainName = request.headers.host ?? '';
  return {
    accountId: '000000000000',
    apiId: arrival.apiId,
    domainName,
    domainPrefix: domainName.split('.')[0] ?? '',
    http: {
      method: request.method,
      path,
      protocol: 'HTTP/1.1',
      sourceIp: request.sourceIp,
      userAgent: request.headers['user-agent'] ?? '',
    },
    requestId: arrival.requestId,
    routeKey,
    stage: '$default',
    time: commonLogTime(arrival.now),
    timeEpoch: arrival.now,
  };
}

/** `21/Nov/2026:04:26:00 +0000` */
export function commonLogTime(now: number): string {
  const [, day, month, year, time] = new Date(now).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

function decodePath(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path; // a stray percent sign is passed on as it came
  }
}
