import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWebhook } from '../../lambda/vobiz/webhook.ts';

const CALL = '5401fd2e-8a2b-4c53-9d5e-0f6f1f2f3a4b';

function read(fields: Record<string, string> | string) {
  const body =
    typeof fields === 'string' ? fields : new URLSearchParams({ CallUUID: CALL, ...fields }).toString();
  const result = readWebhook({ method: 'POST', query: '', body });
  if (!result.ok) throw new Error(`refused: ${result.reason}`);
  return result.webhook;
}

describe('a webhook', () => {
  it('is read from a form', () => {
    const webhook = read({
      From: '919876543210',
      To: '918012345678',
      Direction: 'inbound',
      Event: 'StartApp',
      CallStatus: 'ringing',
      CallerName: 'Ana & Co',
    });
    expect(webhook).toMatchObject({
      callId: CALL,
      from: '+919876543210',
      to: '+918012345678',
      direction: 'inbound',
      event: 'StartApp',
      callStatus: 'ringing',
      callerName: 'Ana & Co',
    });
    expect(webhook.fields.get('From')).toBe('919876543210');
  });

  it('is the same by GET, with the fields in the query', () => {
    const form = `CallUUID=${CALL}&From=%2B919876543210&Event=StartApp`;
    const byGet = readWebhook({ method: 'get', query: form, body: '' });
    expect(byGet).toEqual(readWebhook({ method: 'POST', query: 'CallUUID=other', body: form }));
  });

  it('keeps the first of a repeated field', () => {
    expect(read(`CallUUID=${CALL}&CallUUID=forged&Digits=1&Digits=2`)).toMatchObject({
      callId: CALL,
      digits: '1',
    });
  });

  it('leaves undefined what is missing or empty', () => {
    const webhook = read({ DialBLegUUID: '', From: ' ' });
    expect(webhook.bLeg).toBeUndefined();
    expect(webhook.from).toBeUndefined();
    expect(webhook.recording).toBeUndefined();
    expect(webhook.hangup).toBeUndefined();
    expect(webhook.direction).toBeUndefined();
    expect(webhook.fields.get('DialBLegUUID')).toBe('');
  });

  it('is read from a JSON object too', () => {
    const body = JSON.stringify({ CallUUID: CALL, Duration: 12, nested: { a: 1 } });
    expect(read(body)).toMatchObject({ callId: CALL, durationSecs: 12 });
  });

  it('tells how a Dial ended', () => {
    const webhook = read({
      DialStatus: 'no-answer',
      DialHangupCause: 'NO_ANSWER',
      DialBLegUUID: 'b-1',
      DialBLegStatus: 'hangup',
      DialBLegTo: '919000000001',
      DialBLegPosition: '2',
      DialBLegDuration: '0',
      DialBLegHangupCause: 'LOSE_RACE',
      DialBLegHangupCauseCode: '9000',
    });
    expect(webhook).toMatchObject({ dialStatus: 'no-answer', dialHangupCause: 'NO_ANSWER' });
    expect(webhook.bLeg).toEqual({
      id: 'b-1',
      status: 'hangup',
      from: undefined,
      to: '+919000000001',
      position: 2,
      durationSecs: 0,
      hangupCause: 'LOSE_RACE',
      hangupCauseCode: 9000,
    });
  });

  it('reads UTC and Indian times of one payload as moments', () => {
    const webhook = read({
      SessionStart: '2026-05-12 14:53:17.091234',
      StartTime: '2026-05-12 20:23:17',
      AnswerTime: '2026-05-12 20:23:20',
      EndTime: '2026-05-12T15:00:00Z',
      HangupCause: 'NORMAL_CLEARING',
      HangupCauseCode: '4000',
      HangupCauseName: 'Normal Hangup',
      HangupSource: 'Caller',
    });
    expect(webhook.sessionStartedAt).toBe(Date.UTC(2026, 4, 12, 14, 53, 17, 91));
    expect(webhook.startedAt).toBe(Date.UTC(2026, 4, 12, 14, 53, 17));
    expect(webhook.answeredAt).toBe(Date.UTC(2026, 4, 12, 14, 53, 20));
    expect(webhook.endedAt).toBe(Date.UTC(2026, 4, 12, 15, 0, 0));
    expect(webhook.hangup).toEqual({
      cause: 'NORMAL_CLEARING',
      code: 4000,
      name: 'Normal Hangup',
      source: 'Caller',
    });
  });

  it.each(['', 'yesterday', '2026-13-40 25:00:00', '0000-00-00 00:00:00'])('has no moment in "%s"', text => {
    expect(read({ AnswerTime: text }).answeredAt).toBeUndefined();
  });

  it.each(['RecordUrl', 'RecordFile'])('carries a recording under %s', name => {
    const webhook = read({
      Event: 'RecordStop',
      RecordingID: 'r-1',
      [name]: 'https://media.vobiz.ai/r-1.mp3',
      RecordingDuration: '7',
      RecordingStartMs: '1778597597091',
      RecordingEndMs: '-1',
      RecordingEndReason: 'HungUp',
    });
    expect(webhook.recording).toEqual({
      id: 'r-1',
      url: 'https://media.vobiz.ai/r-1.mp3',
      durationMs: 7000,
      startedAt: 1778597597091,
      endedAt: undefined,
      endReason: 'HungUp',
    });
  });

  it('carries a recording begun by REST, in snake case', () => {
    const webhook = read(
      `call_uuid=${CALL}&recording_id=r-2&record_url=https%3A%2F%2Fx%2Fr&recording_duration_ms=7042`,
    );
    expect(webhook).toMatchObject({
      callId: CALL,
      recording: { id: 'r-2', url: 'https://x/r', durationMs: 7042 },
    });
  });
});

describe('a party', () => {
  const parties: [string, string][] = [
    ['From=919876543210', '+919876543210'],
    ['From=%2B919876543210', '+919876543210'],
    ['From=+919876543210', '+919876543210'],
    ['From=12025550123', '+12025550123'],
    ['From=08012345678', '08012345678'],
    ['From=1800', '1800'],
    ['From=9198765432101234', '9198765432101234'],
    ['From=anonymous', 'anonymous'],
    ['From=sip%3Aana%40registrar.example%3A5060', 'sip:ana@registrar.example:5060'],
  ];
  it.each(parties)('sent as %s is %s', (field, expected) => {
    expect(read(`CallUUID=${CALL}&${field}`).from).toBe(expected);
  });

  it('is bounded in length', () => {
    expect(read({ From: `sip:${'a'.repeat(5000)}` }).from).toHaveLength(256);
  });
});

describe('a request is refused', () => {
  const post = (body: string, query = '') => readWebhook({ method: 'POST', query, body });

  it('without a call', () => {
    expect(post('From=919876543210')).toEqual({ ok: false, reason: 'no_call_id' });
    expect(post('')).toEqual({ ok: false, reason: 'no_call_id' });
  });

  it.each(['../..', 'a b', '<x>', 'x'.repeat(129)])('with a call id that is none', id => {
    expect(post(`CallUUID=${encodeURIComponent(id)}`)).toEqual({ ok: false, reason: 'no_call_id' });
  });

  it('when it is too large, wherever the bytes are', () => {
    expect(post(`CallUUID=${CALL}&x=${'y'.repeat(65_536)}`)).toEqual({ ok: false, reason: 'too_large' });
    expect(post(`CallUUID=${CALL}`, 'y'.repeat(65_536))).toEqual({ ok: false, reason: 'too_large' });
    expect(post(`CallUUID=${CALL}&x=${'ü'.repeat(33_000)}`)).toEqual({ ok: false, reason: 'too_large' });
    expect(post(`CallUUID=${CALL}&x=${'y'.repeat(65_000)}`).ok).toBe(true);
  });

  it('when it cannot be parsed', () => {
    expect(post('{"CallUUID":')).toEqual({ ok: false, reason: 'unparsable' });
    expect(readWebhook({ method: 'PUT', query: '', body: `CallUUID=${CALL}` })).toMatchObject({ ok: false });
  });

  it('never by an exception', () => {
    const part = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(fc.constantFrom('GET', 'POST', 'HEAD'), part, part, (method, query, body) => {
        expect(readWebhook({ method, query, body })).toHaveProperty('ok');
      }),
    );
  });
});
