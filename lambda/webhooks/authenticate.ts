/**
 * Who is calling. Entry URLs carry the webhook key, continuations our own signature, and a carrier's signature is
 * checked whenever it is there (and demanded where the settings say so). A key that does not fit is compared once
 * more with freshly read secrets, so that a rotated key works at once.
 */

import type { Context } from '../app/context.ts';
import { keyMatches } from '../platform/constant-time.ts';
import { type Continuation, verifyContinuation } from '../vobiz/continuation.ts';
import { checkSignature } from '../vobiz/signature.ts';
import type { Request } from './request.ts';

export type Authentication = { ok: true; continuation?: Continuation } | { ok: false; reason: string };

const ENTRIES: readonly string[] = ['/answer', '/fallback', '/hangup'];

/** Fetched by the carrier's media servers, which sign nothing. */
const FILES: readonly string[] = ['/hold-music.wav', '/flow/sound.wav'];

export async function authenticate(context: Context, request: Request): Promise<Authentication> {
  const known = (await byUrl(context, request, false)) ?? (await byUrl(context, request, true));
  if (!known)
    return { ok: false, reason: ENTRIES.includes(request.path) ? 'wrong key' : 'forged or unsigned URL' };
  if (FILES.includes(request.path)) return known;
  const complaint = await complaintAboutSignature(context, request);
  return complaint ? { ok: false, reason: complaint } : known;
}

async function byUrl(
  context: Context,
  { path, query }: Request,
  fresh: boolean,
): Promise<Extract<Authentication, { ok: true }> | undefined> {
  const keys = await context.webhookKeys(fresh);
  if (ENTRIES.includes(path)) {
    const given = new URLSearchParams(query).get('key') ?? undefined;
    return keyMatches(given, keys) ? { ok: true } : undefined;
  }
  const check = verifyContinuation({ path, query, keys });
  return check.ok ? { ok: true, continuation: check } : undefined;
}

async function complaintAboutSignature(context: Context, request: Request): Promise<string | undefined> {
  const url = context.settings.PUBLIC_URL + request.path;
  const checkWith = (tokens: string[]) => checkSignature({ url, headers: request.headers, tokens });
  let check = checkWith([]);
  if (check.kind !== 'absent') check = checkWith(await context.vobizTokens());
  if (check.kind === 'invalid') check = checkWith(await context.vobizTokens(true));
  if (check.kind === 'invalid') return `carrier signature: ${check.reason}`;
  if (check.kind === 'absent')
    return context.settings.REQUIRE_VOBIZ_SIGNATURE === 'true' ? 'carrier signature missing' : undefined;
  if (!ENTRIES.includes(request.path)) return undefined;
  const { method, path, query, body } = request;
  const print = [method, path, query, body].join('\n');
  const first = await context.store.nonces.claim(check.nonce, print, context.now());
  return first ? undefined : 'carrier signature used before for another request';
}
