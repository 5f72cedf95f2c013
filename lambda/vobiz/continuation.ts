/**
 * Continuation URLs: where the carrier goes on with a call. Each names its call and the step (the document) it
 * stands in, and is signed, so nobody can forge a step of somebody else's call.
 *
 *     {public URL}{path}?call=..&step=..&..&sig=base64url(HMAC-SHA256(derived key, path?sorted parameters))
 *
 * `sig` covers the path and every parameter before it. What follows it was appended by the carrier (GET webhooks
 * carry their fields in the query) and is no part of the continuation. A URL is not secret from its own caller
 * and does not expire; the call's state decides whether a step still means anything.
 */
import { createHmac } from 'node:crypto';
import { sameText } from '../platform/constant-time.ts';

export interface Continuation {
  /** CallUUID. */
  call: string;
  step: string;
  /** Further parameters, none of them named `call`, `step` or `sig`. */
  params: Readonly<Record<string, string>>;
}

interface ContinuationTarget {
  /** Scheme and host as the carrier reaches us; a trailing slash does not matter. */
  publicUrl: string;
  /** The webhook key; the signing key is derived from it. */
  key: string;
  /** With a leading slash, without a query. */
  path: string;
  call: string;
  step: string | number;
  params?: Readonly<Record<string, string | number>>;
}

type ContinuationCheck =
  | ({ ok: true } & Continuation)
  | { ok: false; reason: 'unsigned' | 'incomplete' | 'forged' };

const RESERVED = ['call', 'step', 'sig'];

export function continuationUrl({
  publicUrl,
  key,
  path,
  call,
  step,
  params = {},
}: ContinuationTarget): string {
  const taken = RESERVED.find(name => name in params);
  if (taken) throw new Error(`A continuation's parameter cannot be named "${taken}": that name is reserved.`);
  if (!key) throw new Error('Continuation URLs cannot be signed without a webhook key.');
  const query = new URLSearchParams({ call, step: String(step), ...texts(params) });
  return `${publicUrl.replace(/\/+$/, '')}${path}?${encode(query)}&sig=${sign(key, path, query)}`;
}

/** @param keys webhook keys accepted now: the current one and, during a rotation, its predecessor */
export function verifyContinuation(request: {
  path: string;
  /** As received, still encoded, without the question mark. */
  query: string;
  keys: readonly (string | undefined)[];
}): ContinuationCheck {
  const entries = [...new URLSearchParams(request.query)];
  const end = entries.findIndex(([name]) => name === 'sig');
  const given = entries[end]?.[1];
  if (!given) return { ok: false, reason: 'unsigned' };
  const signed = new URLSearchParams(entries.slice(0, end));
  if (!request.keys.some(key => key && sameText(given, sign(key, request.path, signed))))
    return { ok: false, reason: 'forged' };
  const { call, step, ...params } = Object.fromEntries(signed);
  return call && step ? { ok: true, call, step, params } : { ok: false, reason: 'incomplete' };
}

function sign(webhookKey: string, path: string, query: URLSearchParams): string {
  const sorted = new URLSearchParams(query);
  sorted.sort();
  return createHmac('sha256', signingKey(webhookKey))
    .update(`${path}?${encode(sorted)}`)
    .digest('base64url');
}

/** A key of its own, so that a signature can never double as anything else made with the webhook key. */
function signingKey(webhookKey: string): Buffer {
  return createHmac('sha256', webhookKey).update('switchboard continuation url v1').digest();
}

/** Percent-encoded throughout: a plus is %2B and a space %20, whatever a carrier's decoder takes "+" for. */
function encode(query: URLSearchParams): string {
  return query.toString().replaceAll('+', '%20');
}

function texts(params: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
}
