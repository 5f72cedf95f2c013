/**
 * The events that a WebSocket API sends to functions, as AWS shapes them: headers and query only with CONNECT, in the
 * client's own spelling; a body only with MESSAGE; the reason of the end with DISCONNECT. Pure.
 */
import { commonLogTime, splitUrl } from './event.ts';

/** What is known of a socket from its upgrade request on. */
export interface Upgrade {
  apiId: string;
  stage: string;
  connectionId: string;
  connectedAt: number;
  /** Path and query, undecoded. */
  url: string;
  /** Names and values in turn, as they came over the wire. */
  rawHeaders: string[];
  sourceIp: string;
}

export interface Moment {
  requestId: string;
  now: number;
}

export function connectEvent(upgrade: Upgrade, moment: Moment): object {
  const { query } = splitUrl(upgrade.url);
  return {
    ...headersOf(upgrade.rawHeaders),
    ...(query !== '' && parametersOf(new URLSearchParams(query))),
    requestContext: requestContext(upgrade, moment, '$connect', 'CONNECT'),
    isBase64Encoded: false,
  };
}

export function messageEvent(upgrade: Upgrade, moment: Moment, routeKey: string, body: string): object {
  const context = requestContext(upgrade, moment, routeKey, 'MESSAGE');
  return {
    requestContext: { ...context, messageId: moment.requestId },
    body,
    isBase64Encoded: false,
  };
}

export function disconnectEvent(upgrade: Upgrade, moment: Moment, code: number, reason: string): object {
  const context = requestContext(upgrade, moment, '$disconnect', 'DISCONNECT');
  return {
    ...headersOf(['Host', hostOf(upgrade), 'x-api-key', '', 'X-Forwarded-For', '', 'x-restapi', '']),
    requestContext: { ...context, disconnectStatusCode: code, disconnectReason: reason },
    isBase64Encoded: false,
  };
}

export function headerOf({ rawHeaders }: Upgrade, name: string): string {
  const at = rawHeaders.findIndex((each, index) => index % 2 === 0 && each.toLowerCase() === name);
  return at < 0 ? '' : (rawHeaders[at + 1] ?? '');
}

const hostOf = (upgrade: Upgrade) => headerOf(upgrade, 'host');

function requestContext(upgrade: Upgrade, { requestId, now }: Moment, routeKey: string, eventType: string) {
  return {
    routeKey,
    eventType,
    extendedRequestId: requestId,
    requestTime: commonLogTime(now),
    messageDirection: 'IN',
    stage: upgrade.stage,
    connectedAt: upgrade.connectedAt,
    requestTimeEpoch: now,
    identity: { userAgent: headerOf(upgrade, 'user-agent'), sourceIp: upgrade.sourceIp },
    requestId,
    domainName: hostOf(upgrade),
    connectionId: upgrade.connectionId,
    apiId: upgrade.apiId,
  };
}

function headersOf(raw: string[]) {
  const multiValueHeaders: Record<string, string[]> = {};
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    multiValueHeaders[name] = [...(multiValueHeaders[name] ?? []), raw[at + 1] ?? ''];
  }
  return { headers: lastOf(multiValueHeaders), multiValueHeaders };
}

function parametersOf(parameters: URLSearchParams) {
  const multiValueQueryStringParameters = Object.fromEntries(
    [...new Set(parameters.keys())].map(name => [name, parameters.getAll(name)]),
  );
  return {
    queryStringParameters: lastOf(multiValueQueryStringParameters),
    multiValueQueryStringParameters,
  };
}

const lastOf = (values: Record<string, string[]>) =>
  Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.at(-1) ?? '']));
