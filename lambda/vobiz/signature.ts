/**
 * The carrier's signature on a webhook (docs.vobiz.ai/concepts/validating-callbacks).
 *
 *     V3: base64(HMAC-SHA256(auth token, base URL + "." + nonce))        V2: the same without the dot
 *
 * The base URL has no query, so neither query nor body nor method is signed: the signature tells who called, not
 * what was said. The newest version present decides alone (V3, else V2); a wrong V3 is not saved by a good V2, or
 * an attacker could choose the weaker one. V1 (SHA-1, input undocumented) counts as absent. The `-MA-` variants
 * are keyed with the parent account's token; any accepted token may match any header of its version.
 */
import { createHmac } from 'node:crypto';
import { sameText } from '../platform/constant-time.ts';

type SignatureCheck =
  | { kind: 'absent' }
  | { kind: 'valid'; nonce: string }
  | { kind: 'invalid'; reason: 'mismatch' | 'no_nonce' | 'no_token' };

interface SignedRequest {
  /** What the carrier called: the configured public URL with the path. A query is ignored. */
  url: string;
  /** In any case; several signatures may stand in one header, separated by commas. */
  headers: Readonly<Record<string, string | undefined>>;
  /** Auth tokens accepted now: the account's, its predecessor's during a rotation, the parent account's. */
  tokens: readonly string[];
}

const VERSIONS = [
  { version: 'V3', separator: '.' },
  { version: 'V2', separator: '' },
] as const;

export function checkSignature({ url, headers, tokens }: SignedRequest): SignatureCheck {
  const header = caseless(headers);
  for (const { version, separator } of VERSIONS) {
    const own = header(`X-Vobiz-Signature-${version}`);
    const parent = header(`X-Vobiz-Signature-MA-${version}`);
    if (own === undefined && parent === undefined) continue;
    const nonce = header(`X-Vobiz-Signature-${version}-Nonce`);
    if (!nonce) return { kind: 'invalid', reason: 'no_nonce' };
    const keys = tokens.filter(token => token !== '');
    if (keys.length === 0) return { kind: 'invalid', reason: 'no_token' };
    const message = url.replace(/[?#].*$/s, '') + separator + nonce;
    const signatures = [own, parent].flatMap(list => list?.split(',') ?? []).map(text => text.trim());
    const valid = keys.some(key => signatures.some(signature => sameText(signature, mac(key, message))));
    return valid ? { kind: 'valid', nonce } : { kind: 'invalid', reason: 'mismatch' };
  }
  return { kind: 'absent' };
}

function mac(token: string, message: string): string {
  return createHmac('sha256', token).update(message).digest('base64');
}

function caseless(headers: SignedRequest['headers']): (name: string) => string | undefined {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return name => byName.get(name.toLowerCase());
}
