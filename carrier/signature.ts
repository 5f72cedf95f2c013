/**
 * Signs a webhook as Vobiz documents it: HMAC-SHA256 of the URL without its query and a random nonce of twenty
 * digits. Body, query and method are not covered, and the credentials travel along in plain text: both are
 * the real carrier's weaknesses, and an application must live with them.
 */
import { createHmac, randomInt } from 'node:crypto';

export type SignatureVersion = 'v2' | 'v3' | 'both' | 'none';

export function makeNonce(): string {
  return Array.from({ length: 20 }, () => randomInt(10)).join('');
}

export function signatureHeaders(
  url: string,
  authToken: string,
  version: SignatureVersion,
  nonce: string,
): Record<string, string> {
  if (version === 'none') return {};
  const { protocol, host, pathname } = new URL(url);
  const base = `${protocol}//${host}${pathname}`;
  const hmac = (text: string) => createHmac('sha256', authToken).update(text).digest('base64');
  const headers: Record<string, string> = { 'auth-token': authToken };
  if (version !== 'v3') {
    headers['X-Vobiz-Signature-V2'] = hmac(base + nonce);
    headers['X-Vobiz-Signature-V2-Nonce'] = nonce;
  }
  if (version !== 'v2') {
    headers['X-Vobiz-Signature-V3'] = hmac(`${base}.${nonce}`);
    headers['X-Vobiz-Signature-V3-Nonce'] = nonce;
  }
  return headers;
}
