import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { continuationUrl, verifyContinuation } from '../../lambda/vobiz/continuation.ts';

const KEY = 'webhook-key';
const PATH = '/dial-complete';
const CALL = '5401fd2e-8a2b-4c53-9d5e-0f6f1f2f3a4b';

const make = (params?: Record<string, string | number>, step: string | number = 3) =>
  continuationUrl({ publicUrl: 'https://pbx.example/', key: KEY, path: PATH, call: CALL, step, params });

const queryOf = (url: string) => url.slice(url.indexOf('?') + 1);
const verify = (query: string, path = PATH, keys: (string | undefined)[] = [KEY]) =>
  verifyContinuation({ path, query, keys });

describe('a continuation URL', () => {
  it('carries call, step, parameters and a signature of its definition', () => {
    const signingKey = createHmac('sha256', KEY).update('switchboard continuation url v1').digest();
    const sig = createHmac('sha256', signingKey)
      .update(`${PATH}?agent=%2B919876543210&call=${CALL}&offer=2&step=3`)
      .digest('base64url');
    expect(make({ offer: 2, agent: '+919876543210' })).toBe(
      `https://pbx.example${PATH}?call=${CALL}&step=3&offer=2&agent=%2B919876543210&sig=${sig}`,
    );
  });

  it('is read back as it was made, whatever the values hold', () => {
    const name = fc.string({ unit: 'grapheme' }).filter(text => !['call', 'step', 'sig'].includes(text));
    const value = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(fc.dictionary(name, value, { noNullPrototype: true }), fc.nat(), (params, step) => {
        expect(verify(queryOf(make(params, step)))).toEqual({
          ok: true,
          call: CALL,
          step: String(step),
          params,
        });
      }),
    );
  });

  it('never holds a bare plus or white space', () => {
    expect(make({ note: 'a + b' })).toContain('note=a%20%2B%20b&');
  });

  it('is still good after the carrier re-encoded or re-ordered it, or appended its fields', () => {
    const query = queryOf(make({ agent: '+919876543210' }));
    expect(verify(query.replace('%2B', '%2b')).ok).toBe(true);
    expect(verify(query.replace(`call=${CALL}&step=3`, `step=3&call=${CALL}`)).ok).toBe(true);
    expect(verify(`${query}&CallUUID=x&call=forged`)).toMatchObject({ ok: true, call: CALL });
  });

  it('is accepted under the current and the previous key', () => {
    expect(verify(queryOf(make()), PATH, ['next-key', KEY]).ok).toBe(true);
    expect(verify(queryOf(make()), PATH, ['next-key', undefined, ''])).toEqual({
      ok: false,
      reason: 'forged',
    });
    expect(verify(queryOf(make()), PATH, [])).toEqual({ ok: false, reason: 'forged' });
  });

  it('is refused on another path', () => {
    expect(verify(queryOf(make()), '/queue-voicemail')).toEqual({ ok: false, reason: 'forged' });
  });

  it('is refused without a signature', () => {
    expect(verify(`call=${CALL}&step=3`)).toEqual({ ok: false, reason: 'unsigned' });
    expect(verify(`call=${CALL}&step=3&sig=`)).toEqual({ ok: false, reason: 'unsigned' });
    expect(verify('')).toEqual({ ok: false, reason: 'unsigned' });
  });

  it('is refused when anything before the signature was added, taken or doubled', () => {
    const query = queryOf(make({ agent: 'a' }));
    expect(verify(`x=1&${query}`).ok).toBe(false);
    expect(verify(query.replace('agent=a&', '')).ok).toBe(false);
    expect(verify(query.replace('agent=a&', 'agent=a&agent=b&')).ok).toBe(false);
  });

  it('is refused after any change of a character that changes what it says', () => {
    const path = PATH;
    const original = `${path}?${queryOf(make({ agent: '+919876543210', offer: 7 }))}`;
    const meaning = (text: string) =>
      JSON.stringify([text.split('?')[0], [...new URLSearchParams(queryOf(text))]]);
    const position = fc.nat(original.length - 1);
    const character = fc.string({ minLength: 1, maxLength: 1 });
    fc.assert(
      fc.property(position, character, (at, replacement) => {
        const tampered = original.slice(0, at) + replacement + original.slice(at + 1);
        fc.pre(tampered.includes('?') && meaning(tampered) !== meaning(original));
        const [changedPath = ''] = tampered.split('?');
        expect(verify(queryOf(tampered), changedPath).ok).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses every other spelling of its signature', () => {
    const query = queryOf(make());
    const last = query.slice(-1);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const accepted = [...alphabet].filter(other => verify(query.slice(0, -1) + other).ok);
    expect(accepted).toEqual([last]);
    expect(verify(`${query}=`).ok).toBe(false);
  });

  it('cannot be made without a key or with a parameter that is reserved', () => {
    expect(() => make({ sig: 'x' })).toThrow('reserved');
    expect(() =>
      continuationUrl({ publicUrl: 'https://a', key: '', path: PATH, call: CALL, step: 1 }),
    ).toThrow('key');
  });
});
