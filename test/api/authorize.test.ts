import { describe, expect, it } from 'vitest';
import { authorize } from '../../lambda/api/authorize.ts';
import type { Secret, SecretFields } from '../../lambda/platform/secrets.ts';

/** A secret as a container has it cached, and as it is now. */
function secretOf(cached: SecretFields, now = cached): Secret {
  return { read: async () => cached, fresh: async () => now };
}

const ask = (apiKey: Secret, authorization?: string) =>
  authorize(apiKey, { headers: authorization === undefined ? {} : { authorization } });

const KEYS = secretOf({ API_KEY: 'key-now', API_KEY_PREVIOUS: 'key-before' });

describe('the authorizer', () => {
  it.each([
    'Bearer key-now',
    'bearer key-now',
    'BEARER  key-now',
    'Bearer key-before',
  ])('lets in who sends "%s"', async header => {
    expect(await ask(KEYS, header)).toEqual({ isAuthorized: true });
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer key',
    'Bearer key-nowx',
    'Bearer key-now key-now',
    'Basic key-now',
    'key-now',
    'Bearer undefined',
  ])('keeps out who sends "%s"', async header => {
    expect(await ask(KEYS, header)).toEqual({ isAuthorized: false });
  });

  it.each<SecretFields>([
    {},
    { API_KEY: '' },
    { API_KEY: '', API_KEY_PREVIOUS: '' },
  ])('keeps everybody out while no key is configured: %j', async fields => {
    expect(await ask(secretOf(fields), 'Bearer key-now')).toEqual({ isAuthorized: false });
    expect(await ask(secretOf(fields), 'Bearer ')).toEqual({ isAuthorized: false });
  });

  it('knows a rotated key at once', async () => {
    const rotated = secretOf({ API_KEY: 'key-now' }, { API_KEY: 'key-next', API_KEY_PREVIOUS: 'key-now' });
    expect(await ask(rotated, 'Bearer key-next')).toEqual({ isAuthorized: true });
  });

  it('reads the secret again only for a key that does not fit', async () => {
    let reads = 0;
    const fresh = async () => {
      reads++;
      return { API_KEY: 'key-now' };
    };
    const counted: Secret = { ...KEYS, fresh };
    await ask(counted, 'Bearer key-now');
    await ask(counted, 'Basic wrong');
    expect(reads).toBe(0);
    await ask(counted, 'Bearer wrong');
    expect(reads).toBe(1);
  });

  it('keeps everybody out, and does not throw, while the secret cannot be read', async () => {
    const away: Secret = { read: () => Promise.reject(new Error('away')), fresh: KEYS.fresh };
    expect(await ask(away, 'Bearer key-now')).toEqual({ isAuthorized: false });
  });

  it('finds the header whatever its case, and bears an event without headers', async () => {
    expect(await authorize(KEYS, { headers: { Authorization: 'Bearer key-now' } })).toEqual({
      isAuthorized: true,
    });
    expect(await authorize(KEYS, {})).toEqual({ isAuthorized: false });
  });
});
