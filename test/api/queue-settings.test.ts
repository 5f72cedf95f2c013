import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestContext, testContext } from '../support/context.ts';
import { apiClient } from './client.ts';

let context: TestContext;
let api: Awaited<ReturnType<typeof apiClient>>;

beforeAll(async () => {
  context = await testContext({ HTTP_ALLOW_HOSTS: 'localhost:9000' });
  api = await apiClient(context);
});
afterAll(() => context.stop());

describe('the settings of a queue', () => {
  it.each([
    ['strategy', 'loudest'],
    ['greeting', ''],
    ['greeting', 'x'.repeat(1001)],
    ['language', 'English'],
    ['voice', 'woman'],
    ['hold_music_url', 'ftp://example.com/a.mp3'],
    ['hold_music_url', 'https://example.com/a.ogg'],
    ['hold_music_url', 'https:///a.mp3'],
    ['hold_music_url', 'https://example.com/a b.mp3'],
    ['hold_wait_secs', 0],
    ['hold_wait_secs', 301],
    ['hold_wait_secs', '20'],
    ['max_wait_cycles', 0],
    ['max_wait_cycles', 1001],
    ['max_wait_secs', -1],
    ['max_waiting', 1.5],
    ['on_full', 'hang_up'],
    ['when_nobody', 'cry'],
    ['leave_key', '12'],
    ['leave_key', 'a'],
    ['confirm_key', '**'],
    ['announce_wait', 'yes'],
    ['ring_timeout_secs', 0],
    ['ring_timeout_secs', 121],
    ['talk_limit_secs', 86_400],
    ['wrap_up_secs', 841],
    ['missed_limit', -1],
    ['ring_all_limit', 21],
    ['skills', ['a b']],
    ['priority', 100],
    ['voicemail', 1],
    ['voicemail_webhook_url', 'http://example.com/told'],
    ['voicemail_webhook_url', 'http://localhost:9001/told'],
    ['leave_to', 'fax'],
    ['callback_order', 'nobody_first'],
    ['callback_attempts', 0],
    ['callback_retry_secs', 9],
    ['callback_ring_secs', 4],
    ['callback_hours', { timezone: 'Mars/Olympus', weekdays: [], holidays: [] }],
    ['callback_hours', { timezone: 'UTC', weekdays: [7], holidays: [] }],
    ['callback_hours', { timezone: 'UTC', weekdays: [], holidays: [], from: '9:30' }],
    ['callback_hours', { timezone: 'UTC', weekdays: [], holidays: [], from: '24:00' }],
    ['callback_hours', { timezone: 'UTC', weekdays: [], holidays: [], to: '24:30' }],
    ['callback_hours', { timezone: 'UTC', weekdays: [], holidays: [], to: '00:00' }],
    ['callback_hours', { timezone: 'UTC', weekdays: [], holidays: [], from: '09:00', to: '09:00' }],
    ...[
      '2026-13-45',
      '2026-02-29',
      '02-30',
      '13-01',
      '25.12.',
      '2026-1-1',
      '26-12-25',
      '2026x12-25',
      '2026-12-25T',
    ].map(
      holiday =>
        ['callback_hours', { timezone: 'UTC', weekdays: [], holidays: [holiday] }] as [string, unknown],
    ),
    ['callback_expires_secs', 59],
    ['callback_country_code', '+91'],
    ['callback_prefixes', ['91']],
    ['callback_daily_limit', 0],
    ['callback_webhook_url', 'http://example.com/told'],
    ['service_level_secs', 0],
    ['holdWaitSecs', 20],
    ['id', 'support'],
  ])('refuse a bad %s: %j', async (field, value) => {
    const { status, body } = await api('PUT /queues/refused', { body: { [field]: value } });
    expect(status).toBe(400);
    expect(body.errors[0].field.split('.')[0]).toBe(field);
    expect(body.errors[0].message).not.toBe('Invalid input');
    expect((await api('GET /queues/refused')).status).toBe(404);
  });

  it.each([
    ['hold_music_url', 'https://example.com/music.mp3?token=a.b'],
    ['hold_music_url', 'http://example.com:8080/music'],
    ['hold_music_url', ''],
    ['voicemail_webhook_url', 'https://example.com/told'],
    ['voicemail_webhook_url', 'http://localhost:9000/told'],
    ['leave_key', '*'],
    ['language', 'hi-IN'],
    ['callback_hours', { timezone: 'UTC', weekdays: [], holidays: [] }],
    ['callback_hours', { timezone: 'UTC', weekdays: [1], holidays: ['02-29', '2028-02-29'], from: '00:00' }],
    ['callback_hours', { timezone: 'UTC', weekdays: [1], holidays: ['12-25'], from: '09:00', to: '00:00' }],
    ['callback_hours', { timezone: 'UTC', weekdays: [1], holidays: [], from: '22:00', to: '24:00' }],
  ])('take a %s of %j', async (field, value) => {
    expect((await api('PUT /queues/taken', { body: { [field]: value } })).body[field]).toEqual(value);
  });
});
