import { App } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { SECRET_FIELDS, type SETTINGS } from '../../lambda/platform/names.ts';
import { readSettings } from '../../lib/settings.ts';

const read = (context: Record<string, string>) => readSettings(new App({ context }).node);

const GOOD: Record<(typeof SETTINGS)[number], string> = {
  FROM_NUMBER: '+911171366880',
  AGENT_NUMBER: '+919876543210',
  HOLD_MUSIC_URL: 'https://example.com/music.mp3',
  MAX_WAIT_CYCLES: '3',
  HOLD_WAIT_SECS: '20',
  RING_TIMEOUT_SECS: '15',
  WRAP_UP_SECS: '0',
  REQUIRE_VOBIZ_SIGNATURE: 'true',
  RECORD_RETENTION_DAYS: '90',
  VOBIZ_API_URL: 'https://api.vobiz.ai/api/v1',
  HTTP_ALLOW_HOSTS: 'crm.internal:8443,hooks.internal:443',
};

test('nothing set: safe data, a month of logs, no mail, no domain', () => {
  const { authorizerCache, ...settings } = read({});
  expect(settings).toEqual({
    functionSettings: {},
    deletionProtection: true,
    logRetention: 30,
    throttle: { rateLimit: 500, burstLimit: 1000 },
    reservedConcurrency: {},
  });
  expect(authorizerCache.toSeconds()).toBe(60);
});

test('every plain setting passes to the functions exactly as given', () => {
  expect(read(GOOD).functionSettings).toEqual(GOOD);
});

test('an empty setting counts as not set', () => {
  expect(read({ AGENT_NUMBER: '', alarmEmail: '' })).not.toHaveProperty('functionSettings.AGENT_NUMBER');
});

describe('a bad setting is named with what it must be', () => {
  test.each([
    ['FROM_NUMBER', '09876543210', 'E.164'],
    ['HOLD_WAIT_SECS', '20s', 'whole number from 1 to 300'],
    ['HOLD_WAIT_SECS', '0', 'whole number from 1 to 300'],
    ['MAX_WAIT_CYCLES', '-1', 'whole number'],
    ['REQUIRE_VOBIZ_SIGNATURE', 'yes', 'true or false'],
    ['PUBLIC_URL', 'calls.example.com', 'http(s) address'],
    ['PUBLIC_URL', 'https://calls.example.com/?a=b', 'without a query'],
    ['HTTP_ALLOW_HOSTS', 'crm.example.com', 'host:port'],
    ['logRetentionDays', '31', 'must be one of'],
    ['alarmEmail', 'somebody', 'e-mail'],
    ['deletionProtection', 'no', 'true or false'],
    ['reservedConcurrency', 'webhook=5', 'webhooks, control'],
    ['throttleRate', '0', 'whole number'],
  ])('%s=%s', (name, value, must) => {
    expect(() => read({ [name]: value })).toThrow(`${name} is "${value}" but must`);
    expect(() => read({ [name]: value })).toThrow(must);
  });

  test('all of them at once', () => {
    const fault = () => read({ HOLD_WAIT_SECS: 'x', alarmEmail: 'y' });
    expect(fault).toThrow('HOLD_WAIT_SECS');
    expect(fault).toThrow('alarmEmail');
  });
});

test('a misspelt setting is refused, with the list of those that exist', () => {
  expect(() => read({ HOLD_WAIT_SEC: '20' })).toThrow(/HOLD_WAIT_SEC is not a setting.*HOLD_WAIT_SECS/);
});

test.each(Object.values(SECRET_FIELDS).flat())('%s in the context is refused and not repeated', name => {
  expect(() => read({ [name]: 'hush-hush' })).toThrow(`${name} is a secret`);
  expect(() => read({ [name]: 'hush-hush' })).not.toThrow('hush-hush');
});

test('a domain needs its certificate, and the other way round', () => {
  expect(() => read({ domainName: 'calls.example.com' })).toThrow('belong together');
  expect(() => read({ hostedZoneId: 'Z0123' })).toThrow('no use without domainName');
});

test('CDK may keep its own keys in the context', () => {
  expect(() => read({ 'aws:cdk:enable-path-metadata': 'true', '@aws-cdk/core:x': 'true' })).not.toThrow();
});
