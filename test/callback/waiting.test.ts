/** While a callback waits: business hours, expiry, calling it off, what is shown, counted and told of it. */
import { describe, expect, it } from 'vitest';
import { cancelCallback, createCallback, listCallbacks } from '../../lambda/api/callbacks.ts';
import { eraseCall } from '../../lambda/api/calls.ts';
import { queueMetrics } from '../../lambda/api/queue-metrics.ts';
import { queueStatus } from '../../lambda/api/queue-status.ts';
import { requestCallback } from '../../lambda/app/callbacks.ts';
import { METRICS } from '../../lambda/platform/names.ts';
import { output } from '../../lambda/platform/output.ts';
import { NOTHING } from '../../lambda/queue/report.ts';
import { gauges } from '../../lambda/sweep/gauges.ts';
import { perform } from '../../lambda/tasks/perform.ts';
import '../support/quiet.ts';
import { urlTo } from '../support/document.ts';
import { AGENT, CALLER, Office, START } from './office.ts';

const HOUR = 3600;
const at = (iso: string) => Date.parse(iso);
const raw = { path: {}, query: {}, body: () => undefined };

describe('business hours', () => {
  const hours = (more: object) => ({ timezone: 'UTC', weekdays: [], holidays: [], ...more });

  it('outside them it keeps its place and is passed over; at the minute of opening it is served', async () => {
    const office = await Office.open({
      callback_hours: hours({ timezone: 'Asia/Kolkata', from: '09:30', to: '16:00' }),
    });
    const id = await office.wish();
    await office.register();
    expect(await office.arrives('caller-1', '+919000000009')).toContain('<Dial');
    await office.hangUp('caller-1');
    expect(office.rung).toEqual([]);
    office.now = at('2026-03-03T03:59:00Z');
    await office.pass(0);
    expect(office.rung).toEqual([]);
    await office.pass(60);
    expect(office.rung).toEqual([AGENT]);
    expect((await office.callback(id)).joined_at).toBe(START);
  });

  it.each([
    [
      'in summer time, by the clock on the wall',
      { timezone: 'Europe/Berlin', from: '09:00', to: '17:00' },
      '2026-07-01T07:00:00Z',
      '2026-07-01T06:59:00Z',
    ],
    [
      'in winter',
      { timezone: 'Europe/Berlin', from: '09:00', to: '17:00' },
      '2026-01-07T08:00:00Z',
      '2026-01-07T07:59:00Z',
    ],
    ['on weekdays', { weekdays: [1, 2, 3, 4, 5] }, '2026-03-06T12:00:00Z', '2026-03-07T12:00:00Z'],
    ['on no holiday', { holidays: ['12-25'] }, '2026-12-24T12:00:00Z', '2026-12-25T12:00:00Z'],
  ])('%s', async (_, given, open, closed) => {
    const office = await Office.open({ callback_hours: hours(given) });
    await office.register();
    office.now = at(closed);
    await office.wish();
    expect(office.rung).toEqual([]);
    office.now = at(open);
    await office.wish('+919000000009');
    expect(office.rung).not.toEqual([]);
  });
});

describe('the end of waiting', () => {
  const week = { timezone: 'UTC', weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '18:00', holidays: [] };

  it('is counted in open hours: who asks on Friday evening is called on Monday', async () => {
    const office = await Office.open({ callback_hours: week, callback_expires_secs: 4 * HOUR });
    office.now = at('2026-03-06T17:59:00Z');
    const id = await office.wish();
    office.now = at('2026-03-09T12:58:00Z');
    await office.pass(0);
    expect((await office.callback(id)).state).toBe('waiting');
    await office.pass(HOUR);
    expect(await office.callback(id)).toMatchObject({ callback: { result: 'expired' } });
  });

  it('comes after a month where it is hardly ever open', async () => {
    const office = await Office.open({
      callback_hours: { ...week, weekdays: [2], holidays: ['03-03', '03-10'] },
      callback_expires_secs: 48 * HOUR,
    });
    const { callback } = await office.callback(await office.wish());
    expect(callback.expires_at - START).toBe(30 * 24 * HOUR * 1000);
  });

  it('comes when it expires', async () => {
    const office = await Office.open({ callback_expires_secs: HOUR });
    const id = await office.wish();
    await office.pass(HOUR - 1);
    expect((await office.callback(id)).state).toBe('waiting');
    await office.pass(1);
    expect(await office.callback(id)).toMatchObject({ outcome: 'failed', callback: { result: 'expired' } });
    await office.register();
    expect(office.rung).toEqual([]);
  });

  it('does not cut off whom it overtakes in an attempt', async () => {
    const office = await Office.open({ callback_expires_secs: 100 });
    const id = await office.wish();
    await office.register();
    const { phone } = office;
    await phone.answers();
    await phone.connects();
    office.now += 200_000;
    await office.pass(0);
    expect((await office.callback(id)).state).toBe('connected');
  });

  it('is anybody’s to decide, but not while a phone rings', async () => {
    const office = await Office.open();
    const first = await office.wish();
    office.now += 1;
    const second = await office.wish('+919000000009');
    const cancel = (id: string) => cancelCallback.run(office.context, { ...raw, path: { id } });
    await office.register();
    await expect(cancel(first)).rejects.toMatchObject({ status: 409 });
    expect(await cancel(second)).toMatchObject({ status: 200, body: { result: 'cancelled' } });
    expect(await cancel(second)).toMatchObject({ status: 200 });
    await expect(cancel('nobody')).rejects.toMatchObject({ status: 404 });
  });
});

describe('the App API', () => {
  it('lists open ones by place, and has one for each number', async () => {
    const office = await Office.open();
    const ids: string[] = [];
    for (const [number, priority] of [
      [CALLER, 0],
      ['+919000000008', 0],
      ['+919000000009', 9],
    ] as const) {
      office.now += 1;
      ids.push(await office.wish(number, { priority }));
    }
    const { body } = await listCallbacks.run(office.context, raw);
    const listed = (body as { callbacks: { callback_id: string }[] }).callbacks.map(one => one.callback_id);
    expect(listed).toEqual([ids[2], ids[0], ids[1]]);
    const again = () => createCallback.run(office.context, { ...raw, body: () => ({ number: CALLER }) });
    await expect(again()).rejects.toMatchObject({ status: 409 });
  });

  it('of requests at the same moment takes one', async () => {
    const office = await Office.open();
    const all = [1, 2, 3].map(() =>
      createCallback.run(office.process(), { ...raw, body: () => ({ number: CALLER }) }).then(
        ({ status }) => status,
        ({ status }) => status,
      ),
    );
    expect((await Promise.all(all)).sort()).toEqual([201, 409, 409]);
  });
});

describe('passed over, it', () => {
  it('keeps nobody out of a line that is not full of people, and is not announced as one of them', async () => {
    const office = await Office.open({
      max_waiting: 2,
      callback_hours: { timezone: 'UTC', weekdays: [], holidays: ['03-02'] },
    });
    for (const number of [CALLER, '+919000000008']) await office.wish(number);
    const hold = await office.holds('caller-1', '+919000000009');
    expect(hold).toContain('You are next in line');
    expect((await office.record('caller-1')).state).toBe('waiting');
  });
});

describe('figures', () => {
  it('it counts in line and for those behind, alarms nobody, and is no abandoned call', async () => {
    const office = await Office.open({ callback_attempts: 1 });
    const id = await office.wish();
    office.now += 1_000_000;
    const hold = await office.holds('caller-1', '+919000000009');
    expect(hold).toContain('number 2 in line');
    const status = await queueStatus.run(office.context, raw);
    expect(status.body).toMatchObject({
      callers_waiting: 2,
      callers: [
        { call_id: id, position: 1, callback: true },
        { position: 2, callback: false },
      ],
    });
    const gauged = new Map(
      (await gauges(office.context, ['default'])).map(({ name, value }) => [name, value]),
    );
    expect(gauged.get(METRICS.callersWaiting)).toBe(2);
    expect(gauged.get(METRICS.longestWaitMs)).toBe(0);
    expect(gauged.get(METRICS.unattended)).toBe(1);
    await office.hangUp('caller-1');
    await office.register();
    await office.phone.answers();
    await office.phone.bridgeEnds('busy');
    office.now += 1;
    const { body } = await queueMetrics.run(office.context, raw);
    expect(body).toMatchObject({ total_calls: 2, abandoned: 1, failed: 1, connected: 0 });
  });

  it('its wait is in no figure', async () => {
    const office = await Office.open();
    await office.wish();
    await office.pass(HOUR);
    const status = await queueStatus.run(office.context, raw);
    expect(status.body).toMatchObject({ callers_waiting: 1, longest_wait_secs: 0 });
    await office.register();
    await office.phone.answers();
    await office.phone.connects();
    office.now += 1;
    const { body } = await queueMetrics.run(office.context, raw);
    expect(body).toMatchObject({ connected: 1, called_back: 1, avg_wait_secs: 0, longest_wait_secs: 0 });
  });

  it('an hour that was added up is read anew when one gets a place in it', async () => {
    const office = await Office.open();
    await office.holds('caller-1');
    await office.pass(60);
    const { rollups } = office.context.store;
    const hour = at('2026-03-02T10:00:00Z');
    const limits = { service_level_secs: 20, short_abandon_secs: 5 };
    await rollups.save('default', hour, NOTHING, limits, office.now);
    office.now += 2 * HOUR * 1000;
    await rollups.advance({ since: hour, next: hour + HOUR * 1000 });
    await requestCallback(office.context, { id: 'caller-1' }, { queue: 'default', number: CALLER });
    expect(await rollups.between('default', hour, hour + 1, limits)).toEqual(new Map());
  });

  it('each is measured once', async () => {
    const lines: string[] = [];
    const { out } = output;
    output.out = line => lines.push(line) > 0;
    try {
      const office = await Office.open();
      await office.wish();
      await office.register();
      await office.phone.answers();
      await office.phone.connects();
      await office.phone.connects();
      await office.phone.bridgeEnds('completed');
    } finally {
      output.out = out;
    }
    const counted = (name: string) => lines.filter(line => line.includes(`"${name}":[1]`)).length;
    expect(counted(METRICS.callbacksRequested)).toBe(1);
    expect(counted(METRICS.callbacksReached)).toBe(1);
    expect(counted(METRICS.callsJoined)).toBe(0);
    expect(lines.join()).not.toContain(CALLER.slice(1));
  });
});

describe('the queue’s webhook', () => {
  const URL = 'https://customer.example.com/callbacks';

  it('is told once what has become of it, again until it has taken it', async () => {
    const office = await Office.open({ callback_webhook_url: URL, callback_attempts: 1 });
    const id = await office.wish();
    await office.register();
    await office.phone.answers();
    await office.phone.bridgeEnds('no-answer');
    office.webhookStatus = 500;
    await expect(office.perform()).rejects.toThrow('answered 500');
    office.webhookStatus = 200;
    await office.pass(60);
    await office.perform();
    await perform(office.context, { kind: 'callback', call: id });
    await office.pass(60);
    expect(office.tasks).toEqual([]);
    expect(office.told).toHaveLength(2);
    const [{ url = '', headers = {}, body = '' } = {}] = office.told;
    expect(url).toBe(URL);
    expect(headers).toMatchObject({ 'webhook-id': `callback-${id}` });
    expect(JSON.parse(String(body))).toMatchObject({
      type: 'callback.ended',
      callback_id: id,
      number: CALLER,
      result: 'no_answer',
      attempts: 1,
      agent: null,
    });
  });

  it.each([
    'voicemail',
    'overflow',
  ] as const)('hears of a caller who was reached, found nobody and left by %s', async how => {
    const office = await Office.open({
      callback_webhook_url: URL,
      callback_order: 'caller_first',
      leave_key: '1',
      voicemail: how === 'voicemail',
    });
    const id = await office.wish();
    await office.register();
    const { phone } = office;
    await phone.answers();
    const hold = await office.post(urlTo('/queue-hold', await phone.bridgeEnds('busy', '/dial-complete')));
    const left = await office.post(urlTo('/queue-leave', hold), { Digits: '1' });
    if (how === 'voicemail') {
      const message = await office.post(urlTo('/queue-voicemail', left));
      await office.post(urlTo('/voicemail-done', message), { RecordingID: 'message-1' });
    }
    await phone.hangsUp();
    await office.perform();
    const [{ body = '' } = {}] = office.told;
    expect(JSON.parse(String(body))).toMatchObject({ result: how, attempts: 1 });
    expect(await office.record(id)).toMatchObject({ outcome: how });
  });

  it('and its record stays until then', async () => {
    const office = await Office.open({ callback_webhook_url: URL });
    const id = await office.wish();
    await cancelCallback.run(office.context, { ...raw, path: { id } });
    const erase = () => eraseCall.run(office.context, { ...raw, path: { id } });
    await expect(erase()).rejects.toMatchObject({ status: 409 });
    await office.perform();
    expect(office.told).toHaveLength(1);
    expect(await erase()).toMatchObject({ status: 204 });
  });

  it('where there is none, nothing is sent', async () => {
    const office = await Office.open({ callback_attempts: 1 });
    const id = await office.wish();
    await cancelCallback.run(office.context, { ...raw, path: { id } });
    await office.perform();
    expect(office.told).toEqual([]);
    expect((await office.callback(id)).callback.told_at).toBe(START);
  });
});
