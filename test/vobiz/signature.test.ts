import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { keyMatches, sameText } from '../../lambda/platform/constant-time.ts';
import { checkSignature } from '../../lambda/vobiz/signature.ts';

const URL = 'https://pbx.example/answer';
const NONCE = '12345678901234567890';
const TOKEN = 'account-token';

const hmac = (token: string, message: string) => createHmac('sha256', token).update(message).digest('base64');
const v3 = (token = TOKEN, url = URL, nonce = NONCE) => hmac(token, `${url}.${nonce}`);
const v2 = (token = TOKEN, url = URL, nonce = NONCE) => hmac(token, url + nonce);

const check = (headers: Record<string, string | undefined>, tokens = [TOKEN], url = URL) =>
  checkSignature({ url, headers, tokens });

const signed = (signature: string, version = 'V3', variant = '') => ({
  [`X-Vobiz-Signature-${variant}${version}`]: signature,
  [`X-Vobiz-Signature-${version}-Nonce`]: NONCE,
});

const VALID = { kind: 'valid', nonce: NONCE };
const MISMATCH = { kind: 'invalid', reason: 'mismatch' };

describe('a signature', () => {
  it('is the one that other software computes', () => {
    // printf '%s' 'https://pbx.example/answer.12345678901234567890' | openssl dgst -sha256 -hmac account-token -binary | base64
    expect(check(signed('hdrW9PzWs0h4p0IS0a3TM1sZtq1FBz1DMwriyYsFFMA='))).toEqual(VALID);
    // The same without the dot.
    expect(check(signed('no6Cn/bq6u4azHZXzj0iP43asadJ2Z+YoAbk+e1pGNk=', 'V2'))).toEqual(VALID);
  });

  it('is valid in version 3 and version 2, with the account or the parent account', () => {
    expect(check(signed(v3()))).toEqual(VALID);
    expect(check(signed(v2(), 'V2'))).toEqual(VALID);
    expect(check(signed(v3('parent'), 'V3', 'MA-'), ['parent'])).toEqual(VALID);
    expect(check(signed(v2('parent'), 'V2', 'MA-'), [TOKEN, 'parent'])).toEqual(VALID);
  });

  it('does not cover the query', () => {
    expect(check(signed(v3()), [TOKEN], `${URL}?key=secret`)).toEqual(VALID);
  });

  it('is found whatever the case of the header', () => {
    expect(check({ 'x-vobiz-signature-v3': v3(), 'X-VOBIZ-SIGNATURE-V3-NONCE': NONCE })).toEqual(VALID);
  });

  it('may be one of several', () => {
    expect(check(signed(`${v3('other')}, ${v3()}`))).toEqual(VALID);
    expect(check(signed(`${v3('other')},${v3('another')}`))).toEqual(MISMATCH);
  });

  it('may be made with any accepted token', () => {
    expect(check(signed(v3('old')), [TOKEN, 'old'])).toEqual(VALID);
    expect(check(signed(v3('older')), [TOKEN, 'old'])).toEqual(MISMATCH);
  });

  it('is absent without a header, and in version 1', () => {
    expect(check({})).toEqual({ kind: 'absent' });
    expect(check({ 'X-Vobiz-Signature': 'legacy', 'X-Vobiz-Signature-V3-Nonce': NONCE })).toEqual({
      kind: 'absent',
    });
  });

  it.each([
    ['another path', v3(TOKEN, 'https://pbx.example/hangup')],
    ['another nonce', v3(TOKEN, URL, '99999999999999999999')],
    ['the other version', v2()],
    ['nothing', ''],
    ['a prefix', v3().slice(0, 20)],
  ])('is invalid when it is that of %s', (_what, signature) => {
    expect(check(signed(signature))).toEqual(MISMATCH);
  });

  it('in version 3 decides alone', () => {
    expect(check({ ...signed('wrong'), ...signed(v2(), 'V2') })).toEqual(MISMATCH);
    expect(check({ ...signed(v3()), ...signed('wrong', 'V2') })).toEqual(VALID);
  });

  it('is invalid without its nonce', () => {
    expect(check({ 'X-Vobiz-Signature-V3': v3() })).toEqual({ kind: 'invalid', reason: 'no_nonce' });
    expect(
      check({ 'X-Vobiz-Signature-V3': hmac(TOKEN, `${URL}.`), 'X-Vobiz-Signature-V3-Nonce': '' }),
    ).toEqual({
      kind: 'invalid',
      reason: 'no_nonce',
    });
  });

  it('is invalid when there is no token to check it with', () => {
    expect(check(signed(hmac('', `${URL}.${NONCE}`)), [''])).toEqual({ kind: 'invalid', reason: 'no_token' });
    expect(check(signed(v3()), [])).toEqual({ kind: 'invalid', reason: 'no_token' });
  });
});

describe('a key', () => {
  it.each([
    ['new', true],
    ['old', true],
    ['New', false],
    ['ne', false],
    ['', false],
    [undefined, false],
  ])('%s among new and old: %s', (given, accepted) => {
    expect(keyMatches(given, ['new', 'old'])).toBe(accepted);
  });

  it('is never accepted where none is configured', () => {
    expect(keyMatches('', ['', undefined])).toBe(false);
    expect(keyMatches('undefined', [undefined])).toBe(false);
  });

  it('is compared character by character', () => {
    expect(sameText('ä', 'ä')).toBe(true);
    expect(sameText('abc', 'abcd')).toBe(false);
  });
});
