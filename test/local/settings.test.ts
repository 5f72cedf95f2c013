import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SECRET_FIELDS, SETTINGS } from '../../lambda/platform/names.ts';
import { loadEnvironment, readLocalSettings } from '../../local/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'switchboard-settings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the settings of a laptop', () => {
  it('have defaults', () => {
    expect(readLocalSettings({})).toEqual({
      httpHost: '127.0.0.1',
      httpPort: 8000,
      carrierPort: 8001,
      context: {},
      secrets: {},
    });
  });

  it('are told apart: ports, product settings, secrets', () => {
    const settings = readLocalSettings({
      HTTP_HOST: '0.0.0.0',
      HTTP_PORT: '9000',
      HOLD_WAIT_SECS: '30',
      API_KEY: 'k'.repeat(20),
      PUBLIC_URL: 'https://calls.example.com/',
      PATH: '/bin',
    });
    expect(settings).toEqual({
      httpHost: '0.0.0.0',
      httpPort: 9000,
      carrierPort: 9001,
      publicUrl: 'https://calls.example.com',
      context: { HOLD_WAIT_SECS: '30' },
      secrets: { API_KEY: 'k'.repeat(20) },
    });
  });

  it('take the account that Vobiz signs for, its token of before and that of its parent included', () => {
    const secrets = {
      VOBIZ_AUTH_ID: 'SA_X',
      VOBIZ_AUTH_TOKEN: 'new',
      VOBIZ_AUTH_TOKEN_PREVIOUS: 'old',
      VOBIZ_PARENT_AUTH_TOKEN: 'parent',
    };
    expect(readLocalSettings(secrets).secrets).toEqual(secrets);
  });

  it('count as not set when empty, as in a copy of .env.example', () => {
    expect(readLocalSettings({ HTTP_PORT: '', API_KEY: ' ', HOLD_WAIT_SECS: '' })).toEqual(
      readLocalSettings({}),
    );
  });

  it.each([
    ['HTTP_PORT', 'eighty', /HTTP_PORT is "eighty" but must be a port number/],
    ['HTTP_PORT', '70000', /must be a port number/],
    ['PUBLIC_URL', 'example.com', /PUBLIC_URL .* must be an address such as https/],
    ['API_KEY', 'short', /API_KEY must be at least 8/],
    ['VOBIZ_AUTH_ID', 'MA_X', /belong together/],
    ['VOBIZ_PARENT_AUTH_TOKEN', 'parent', /only add to VOBIZ_AUTH_ID/],
  ])('that are wrong are named with a cure: %s=%s', (name, value, message) => {
    expect(() => readLocalSettings({ [name]: value })).toThrow(message);
  });

  it('that are wrong are all named at once, and a key is not repeated', () => {
    const wrong = () => readLocalSettings({ HTTP_PORT: 'x', API_KEY: 'tiny!secret' });
    expect(wrong).toThrow(/HTTP_PORT[\s\S]*API_KEY/);
    expect(wrong).not.toThrow(/tiny!secret/);
  });

  it('come from the environment before the file, and unknown names in the file are pointed out', () => {
    const file = join(folder, '.env');
    writeFileSync(file, 'HTTP_PORT=9000\nHOLD_WAIT_SEC=5\nMAX_WAIT_CYCLES=4\n');
    const { values, warnings } = loadEnvironment({ HTTP_PORT: '9100' }, file);
    expect(values).toMatchObject({ HTTP_PORT: '9100', MAX_WAIT_CYCLES: '4' });
    expect(warnings).toEqual([expect.stringContaining('HOLD_WAIT_SEC, which is not a setting')]);
  });
});

describe('.env.example', () => {
  const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  it.each([...SETTINGS, ...Object.values(SECRET_FIELDS).flat()])('lists %s, unset', name => {
    expect(example).toMatch(new RegExp(`^${name}=$`, 'm'));
  });
});
