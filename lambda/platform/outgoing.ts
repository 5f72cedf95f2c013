/**
 * Requests to addresses that customers choose. Private, loopback and link-local addresses are refused at the
 * moment of connecting, so neither a redirect (never followed) nor DNS leads into the account's own network;
 * `HTTP_ALLOW_HOSTS` (`host:port`, separated by commas) names exceptions. Bodies are signed as Standard Webhooks
 * prescribes, so that the receiver can tell who sent them with any library for it.
 */
import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns';
import { request as http, type IncomingMessage } from 'node:http';
import { request as https } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

const PATIENCE_MS = 5000;
/** As much of an answer as anybody reads. */
const LONGEST_ANSWER_BYTES = 8 * 1024;

interface SignedPost {
  url: string;
  /** Stays the same when the same news is sent again. */
  id: string;
  body: unknown;
  /** As `notificationSecret` gives it. */
  secret: string;
  allowHosts: string;
  now: number;
  /** For the answer as a whole (5000). */
  timeoutMs?: number;
}

/** @returns the status code. @throws an Error that says why nothing was delivered */
export async function postSigned(post: SignedPost): Promise<number> {
  const response = await send(post);
  response.resume();
  return response.statusCode ?? 0;
}

/** @returns the status code and the first 8 KB of the answer. @throws an Error that says why there is none */
export async function askSigned(post: SignedPost): Promise<{ status: number; text: string }> {
  const response = await send(post);
  const decoder = new TextDecoder();
  let left = LONGEST_ANSWER_BYTES;
  let text = '';
  for await (const chunk of response) {
    const bytes = (chunk as Buffer).subarray(0, left);
    left -= bytes.length;
    // What is still to come of a character that is cut off is never decoded.
    text += decoder.decode(bytes, { stream: true });
    if (left === 0) break;
  }
  return { status: response.statusCode ?? 0, text };
}

/** @returns what is wrong with an address that the deployment will not call */
export function whyNotCalled(target: URL, allowHosts: string): string | undefined {
  if (isAllowed(target, allowHosts)) return undefined;
  if (target.protocol !== 'https:') return 'Only https addresses are called.';
  const host = bare(target.hostname);
  return isIP(host) && isPrivate(host) ? 'The address is private.' : undefined;
}

async function send({ url, id, body, secret, allowHosts, now, timeoutMs = PATIENCE_MS }: SignedPost) {
  const target = new URL(url);
  const refusal = whyNotCalled(target, allowHosts);
  if (refusal) throw new Error(refusal);
  const text = JSON.stringify(body);
  const timestamp = String(Math.floor(now / 1000));
  const signature = createHmac('sha256', keyIn(secret)).update(`${id}.${timestamp}.${text}`).digest('base64');
  const lookupWith = isAllowed(target, allowHosts) ? undefined : publicLookup;
  return deliver(
    target,
    text,
    { lookupWith, timeoutMs },
    {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(text)),
      'user-agent': 'Switchboard',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    },
  );
}

/**
 * The secret that receivers verify with, `whsec_` and base64. It is derived from the webhook key, which it does not
 * reveal: who may check a notification may not call a webhook.
 */
export function notificationSecret(webhookKey: string): string {
  const key = createHmac('sha256', webhookKey).update('switchboard notifications v1').digest('base64');
  return `whsec_${key}`;
}

const keyIn = (secret: string): Buffer => Buffer.from(secret.replace(/^whsec_/, ''), 'base64');

/** The setting `HTTP_ALLOW_HOSTS` names the host and port of the address. */
export const isAllowed = (url: URL, allowHosts: string): boolean =>
  allowHosts.split(',').some(host => host.trim() === hostAndPort(url));

interface Delivery {
  lookupWith: LookupFunction | undefined;
  timeoutMs: number;
}

function deliver(
  target: URL,
  text: string,
  { lookupWith, timeoutMs }: Delivery,
  headers: Record<string, string>,
): Promise<IncomingMessage> {
  const open = target.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const request = open(
      target,
      {
        method: 'POST',
        headers,
        signal: AbortSignal.timeout(timeoutMs),
        ...(lookupWith && { lookup: lookupWith }),
      },
      resolve,
    );
    request.on('error', reject);
    request.end(text);
  });
}

const publicLookup: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, '', 0);
    const [first] = addresses;
    if (!first || addresses.some(({ address }) => isPrivate(address)))
      return done(new Error(`${hostname} leads to a private address.`), '', 0);
    if (options.all) done(null, addresses);
    else done(null, first.address, first.family);
  });
};

const PRIVATE = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv6');

/** IPv4-mapped IPv6 addresses count as what they map to. */
export function isPrivate(address: string): boolean {
  return PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

const bare = (hostname: string) => hostname.replace(/^\[|\]$/g, '');

function hostAndPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}
