import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { delay, duplicate, faults, lose, swap } from '../../carrier/faults.ts';
import { ACCOUNT, AGENT, type Arrival, CALLER, closeAll, DID, oneCall, together } from './app.ts';

afterEach(closeAll);

const HELLO = '<Response><Speak>Hello</Speak></Response>';
const TALK = {
  '/answer': `<Response><Speak>Hello</Speak><Dial action="app:/done" callbackUrl="app:/leg">${AGENT}</Dial></Response>`,
};

describe('what a webhook says', () => {
  it('posts a form with the call in it, numbers without their plus', async () => {
    const { app, call } = await oneCall({ '/answer': HELLO });
    const [answer] = app.at('/answer');
    expect(answer?.method).toBe('POST');
    expect(answer?.headers['user-agent']).toBe('Vobiz');
    expect(answer?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(answer?.fields).toMatchObject({
      CallUUID: call.uuid,
      From: CALLER.slice(1),
      To: DID.slice(1),
      Direction: 'inbound',
      Event: 'StartApp',
      CallStatus: 'ringing',
      ParentAuthID: ACCOUNT.authId,
    });
    expect(answer?.fields.SessionStart).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/);
  });

  it('ends with one Hangup of exactly these 24 fields, in Indian time and minute pulses', async () => {
    const { app } = await oneCall({
      '/answer': '<Response><Speak>Hello</Speak><Wait length="4"/></Response>',
    });
    expect(app.at('/hangup')).toHaveLength(1);
    const fields = app.at('/hangup')[0]?.fields ?? {};
    expect(Object.keys(fields).sort()).toEqual(HANGUP_FIELDS);
    expect(fields).toMatchObject({
      CallStatus: 'completed',
      Duration: '4',
      BillDuration: '60',
      HangupCause: 'NORMAL_CLEARING',
      HangupCauseCode: '4010',
      HangupCauseName: 'End Of XML Instructions',
      HangupSource: 'Vobiz',
    });
    const utc = Date.parse(`${fields.SessionStart?.slice(0, 19).replace(' ', 'T')}Z`);
    const indian = Date.parse(`${fields.StartTime?.replace(' ', 'T')}Z`);
    expect(indian - utc).toBe(5.5 * 3600 * 1000);
  });

  it('sends the Hangup to the answer URL when there is no hangup URL', async () => {
    const { app } = await oneCall({ '/answer': HELLO }, { hangupUrl: '' });
    expect(app.log()).toEqual(['/answer StartApp', '/answer Hangup']);
  });
});

describe('retries and the fallback', () => {
  it('tries three times more on anything but 200, and a redirection is no 200', async () => {
    const statuses = [503, 204, 302];
    const page = (_: Arrival, count: number) => (count > 3 ? HELLO : { status: statuses[count - 1] ?? 200 });
    const { app, story } = await oneCall({ '/answer': page });
    expect(app.at('/answer')).toHaveLength(4);
    expect(story.heard()).toEqual(['Hello']);
  });

  it('backs off exponentially', async () => {
    const times: number[] = [];
    const page = () => {
      times.push(performance.now());
      return { status: 500 };
    };
    await oneCall({ '/answer': page }, { http: { backoffMs: 20 } });
    const [first = 0, second = 0, third = 0, fourth = 0] = times;
    expect(second - first).toBeGreaterThanOrEqual(19);
    expect(third - second).toBeGreaterThanOrEqual(39);
    expect(fourth - third).toBeGreaterThanOrEqual(79);
  });

  it('drops the call when all tries fail', async () => {
    const { call, app } = await oneCall({ '/answer': { status: 500 } });
    expect(call.ended).toMatchObject({ code: 7011, source: 'Error' });
    expect(app.at('/hangup')[0]?.fields).toMatchObject({ CallStatus: 'failed', HangupCauseCode: '7011' });
  });

  it('gives up a document that takes too long', async () => {
    const http = { documentTimeoutMs: 30, retries: 1, backoffMs: 1 };
    const { call } = await oneCall({ '/answer': { body: HELLO, delayMs: 100 } }, { http });
    expect(call.ended?.code).toBe(7011);
  });

  it('asks the fallback URL when the answer URL fails or answers nonsense', async () => {
    const pages = { '/broken': '<Response><Speak></Response>', '/fallback': HELLO };
    const { app, carrier } = await together(pages);
    carrier.route({ answerUrl: `${app.url}/broken`, fallbackUrl: `${app.url}/fallback` });
    const { call, done } = carrier.call({ from: CALLER, to: DID });
    await done;
    expect(call.story.heard()).toEqual(['Hello']);
  });

  it('retries a callback too, without holding up the call', async () => {
    const leg = (_: Arrival, count: number) => ({ status: count === 1 ? 503 : 200 });
    const { app } = await oneCall({ ...TALK, '/leg': leg });
    expect(app.at('/leg').map(({ fields }) => fields.Event)).toEqual([
      'DialAnswer',
      'DialAnswer',
      'DialConnected',
      'DialHangup',
    ]);
  });
});

describe('XML that is refused', () => {
  const refused: [string, string | { type?: string; body: string }][] = [
    ['is not well-formed', '<Response><Speak>Hi</Response>'],
    [
      'has a bare ampersand in an attribute',
      '<Response><Dial action="http://a/?b=1&c=2">1</Dial></Response>',
    ],
    ['has a bare ampersand in its text', '<Response><Redirect>http://a/?b=1&c=2</Redirect></Response>'],
    ['has two roots', '<Response/><Response/>'],
    ['has another root', '<Reply/>'],
    ['is HTML by its content type', { type: 'text/html', body: HELLO }],
    ['is plain text by its content type', { type: 'text/plain', body: HELLO }],
    ['is over 100 KB', `<Response><Speak>${'x'.repeat(100 * 1024)}</Speak></Response>`],
    ['is empty', ''],
  ];
  it.each(refused)('drops the call with 8011 when the answer %s', async (_, page) => {
    const { call, app } = await oneCall({ '/answer': page });
    expect(call.ended).toMatchObject({ code: 8011, name: 'Invalid Answer XML', source: 'Error' });
    expect(app.at('/answer')).toHaveLength(1);
    expect(app.at('/hangup')[0]?.fields.CallStatus).toBe('completed');
  });

  it('has other codes after a Redirect and in an action', async () => {
    const redirected = await oneCall({
      '/answer': '<Response><Redirect>app:/x</Redirect></Response>',
      '/x': 'no',
    });
    expect(redirected.call.ended).toMatchObject({ code: 8014, name: 'Invalid Redirect XML' });
    const acted = await oneCall({ ...TALK, '/done': { status: 500 } });
    expect(acted.call.ended?.code).toBe(7012);
  });

  it('accepts an empty Response, CDATA and text/xml', async () => {
    const empty = await oneCall({ '/answer': '<Response/>' });
    expect(empty.call.ended?.code).toBe(4010);
    const body =
      '<?xml version="1.0" encoding="UTF-8"?><Response><Speak><![CDATA[You & me]]></Speak></Response>';
    const data = await oneCall({ '/answer': { type: 'text/xml; charset=utf-8', body } });
    expect(data.story.heard()).toEqual(['You & me']);
  });
});

describe('signatures', () => {
  const hmac = (text: string) => createHmac('sha256', ACCOUNT.authToken).update(text).digest('base64');

  it('cover the URL without its query, and the nonce', async () => {
    const { app } = await oneCall({ '/answer': '<Response><Redirect>app:/next?key=1</Redirect></Response>' });
    const [next] = app.at('/next');
    const v2 = String(next?.headers['x-vobiz-signature-v2-nonce']);
    const v3 = String(next?.headers['x-vobiz-signature-v3-nonce']);
    expect(v2).toMatch(/^\d{20}$/);
    expect(next?.headers['x-vobiz-signature-v2']).toBe(hmac(`${app.url}/next${v2}`));
    expect(next?.headers['x-vobiz-signature-v3']).toBe(hmac(`${app.url}/next.${v3}`));
  });

  it('come in the version that is asked for, or not at all', async () => {
    const names = async (sign: 'v2' | 'v3' | 'none') => {
      const { app } = await oneCall({ '/answer': '<Response/>' }, { sign });
      return Object.keys(app.arrivals[0]?.headers ?? {}).filter(name => /^x-vobiz|token/.test(name));
    };
    expect(await names('v2')).toEqual(['auth-token', 'x-vobiz-signature-v2', 'x-vobiz-signature-v2-nonce']);
    expect(await names('v3')).toEqual(['auth-token', 'x-vobiz-signature-v3', 'x-vobiz-signature-v3-nonce']);
    expect(await names('none')).toEqual([]);
  });

  it('have a fresh nonce in each retry, or the same where that is set', async () => {
    const nonces = async (retryNonce: 'fresh' | 'same') => {
      const { app } = await oneCall({ '/answer': { status: 500 } }, { retryNonce });
      return new Set(app.at('/answer').map(({ headers }) => headers['x-vobiz-signature-v3-nonce'])).size;
    };
    expect(await nonces('fresh')).toBe(4);
    expect(await nonces('same')).toBe(1);
  });
});

describe('faults', () => {
  it('duplicate every webhook', async () => {
    const { app } = await oneCall({ '/answer': HELLO }, { deliver: duplicate() });
    expect(app.log()).toEqual(['/answer StartApp', '/answer StartApp', '/hangup Hangup', '/hangup Hangup']);
  });

  it('lose chosen webhooks', async () => {
    const { app } = await oneCall(TALK, { deliver: lose(({ event }) => event === 'DialConnected') });
    expect(app.at('/leg').map(({ fields }) => fields.Event)).toEqual(['DialAnswer', 'DialHangup']);
  });

  it('reorder: Hangup before DialHangup', async () => {
    const deliver = swap(
      ({ event }) => event === 'DialHangup',
      ({ event }) => event === 'Hangup',
    );
    const { app } = await oneCall(TALK, { deliver, phones: { any: { does: 'answer', hangsUp: 'caller' } } });
    expect(app.log().slice(-3)).toEqual(['/hangup Hangup', '/leg DialHangup', '/done Redirect']);
  });

  it('delay, and combine', async () => {
    const started = performance.now();
    const { app } = await oneCall({ '/answer': HELLO }, { deliver: faults(duplicate(), delay(20)) });
    expect(app.arrivals).toHaveLength(4);
    expect(performance.now() - started).toBeGreaterThanOrEqual(78);
  });
});

const HANGUP_FIELDS = [
  'ALegUUID',
  'AnswerTime',
  'BillDuration',
  'BillRate',
  'CallStatus',
  'CallUUID',
  'CountryCode',
  'Direction',
  'Duration',
  'EndTime',
  'Event',
  'From',
  'HangupCause',
  'HangupCauseCode',
  'HangupCauseName',
  'HangupSource',
  'ParentAuthID',
  'RequestUUID',
  'RouteType',
  'SessionStart',
  'StartTime',
  'To',
  'TotalCost',
  'stir_verification',
];
