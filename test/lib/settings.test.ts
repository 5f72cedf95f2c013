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
  AGENT_SYSTEM_PROMPT: 'You sell tea.\nBe brief.',
  OPENAI_TTS_VOICE: 'nova',
  OPENAI_MODEL: 'meta-llama/Llama-3.1-8B:free',
  OPENAI_BASE_URL: 'http://10.0.0.5:8080/v1',
  DEEPGRAM_URL: 'wss://api.eu.deepgram.com/v1/listen',
  DEEPGRAM_SPEAK_URL: 'https://api.eu.deepgram.com/v1/speak',
  TRANSCRIPT_WEBHOOK_URL: 'https://hooks.example.com/transcripts?tenant=7',
  MESSAGE_WEBHOOK_URL: 'http://hooks.internal:443/messages',
  PLAY_FRAME_MS: '60',
  SESSION_MAX_SECS: '300',
};

test('nothing set: safe data, a month of logs, no mail, no domain', () => {
  const { authorizerCache, ...settings } = read({});
  expect(settings).toEqual({
    functionSettings: {},
    deletionProtection: true,
    logRetention: 30,
    throttle: { rateLimit: 500, burstLimit: 1000 },
    streamThrottle: { rateLimit: 5000, burstLimit: 2500 },
    streamAccessLog: false,
    reservedConcurrency: {},
  });
  expect(authorizerCache.toSeconds()).toBe(60);
});

test('every plain setting passes to the functions exactly as given', () => {
  expect(read(GOOD).functionSettings).toEqual(GOOD);
});

test('an address of streams loses its last slash, to which a query is added', () => {
  expect(read({ streamUrl: 'wss://ws.example.com/' }).streamUrl).toBe('wss://ws.example.com');
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
    ['DEEPGRAM_URL', 'https://api.deepgram.com/v1/listen', 'wss://'],
    ['OPENAI_BASE_URL', 'api.openai.com', 'http(s) address'],
    ['TRANSCRIPT_WEBHOOK_URL', 'hooks.example.com/transcripts', 'http(s) address'],
    ['MESSAGE_WEBHOOK_URL', 'ftp://hooks.example.com', 'http(s) address'],
    ['PLAY_FRAME_MS', '30', '20, 40 or 60'],
    ['SESSION_MAX_SECS', '900', 'whole number from 3 to 810'],
    ['AGENT_SYSTEM_PROMPT', 'x'.repeat(1501), 'belongs to an assistant'],
    ['streamUrl', 'https://ws.example.com/stream', 'wss://'],
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
