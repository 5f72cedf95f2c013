import { afterEach, describe, expect, it } from 'vitest';
import type { Carrier } from '../../carrier/index.ts';
import { ACCOUNT, AGENT, CALLER, closeAll, DID, together } from './app.ts';
import { wav } from './wav.ts';

afterEach(closeAll);

const CREDENTIALS = { 'X-Auth-ID': ACCOUNT.authId, 'X-Auth-Token': ACCOUNT.authToken };

async function rest(
  carrier: Carrier,
  method: string,
  path: string,
  body?: object,
  headers: object = CREDENTIALS,
) {
  const response = await fetch(`${carrier.url}/api/v1/Account/${ACCOUNT.authId}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
}

const HOLD = {
  '/answer': '<Response><Speak>Hello</Speak><Play loop="0">app:/m.wav</Play></Response>',
  '/m.wav': { type: 'audio/wav', body: wav(60) },
  '/moved': '<Response><Speak>Moved</Speak></Response>',
};

/** Resolves when the call's story has an entry of this kind. */
function reached(
  call: { story: { entries: { kind: string }[]; follow: (l: (e: { kind: string }) => void) => void } },
  kind: string,
) {
  return new Promise<void>(resolve => {
    if (call.story.entries.some(entry => entry.kind === kind)) return resolve();
    call.story.follow(entry => entry.kind === kind && resolve());
  });
}

describe('credentials and paths', () => {
  it('are answered with 401 when wrong, as is a path without its trailing slash', async () => {
    const { carrier } = await together(HOLD);
    expect((await rest(carrier, 'GET', '/Call/?status=live', undefined, {})).status).toBe(401);
    expect((await rest(carrier, 'GET', '/Call?status=live')).status).toBe(401);
    expect((await rest(carrier, 'GET', '/Call/?status=live')).status).toBe(200);
  });

  it('can be refused with 402 and 429 on purpose', async () => {
    const { carrier } = await together(HOLD, { refuse: method => (method === 'POST' ? 429 : undefined) });
    const { status, body } = await rest(carrier, 'POST', '/Call/', {});
    expect(status).toBe(429);
    expect(body.error.code).toBe('RATE_LIMIT_EXCEEDED');
  });
});

describe('transfer', () => {
  it('breaks music off and plays the other document', async () => {
    const { app, carrier } = await together(HOLD);
    const { call, done } = carrier.call({ from: CALLER, to: DID });
    await reached(call, 'plays');
    const aleg_url = `${app.url}/moved?step=9`;
    const { status, body } = await rest(carrier, 'POST', `/Call/${call.uuid}/`, { legs: 'aleg', aleg_url });
    expect(status).toBe(202);
    expect(body.message).toBe('call transferred');
    await done;
    expect(app.at('/moved')[0]?.fields).toMatchObject({ Event: 'Transfer', CallStatus: 'in-progress' });
    expect(call.story.heard()).toEqual(['Hello', 'Moved']);
    expect(call.story.musicMs()).toBeLessThan(60_000);
    expect(call.story.of('cut')).toHaveLength(1);
  });

  it('cancels the phones that a Dial is ringing, and sends no action for it', async () => {
    const dial = `<Response><Speak>Hello</Speak><Dial action="app:/done" callbackUrl="app:/leg">${AGENT}</Dial></Response>`;
    const { app, carrier } = await together(
      { ...HOLD, '/answer': dial },
      { phones: { any: { does: 'ignore' } } },
    );
    const { call, done } = carrier.call({ from: CALLER, to: DID });
    await reached(call, 'rings');
    await rest(carrier, 'POST', `/Call/${call.uuid}/`, { aleg_url: `${app.url}/moved` });
    await done;
    expect(call.story.of('phone').map(({ did }) => did)).toEqual(['cancelled']);
    expect(app.log()).toEqual(['/answer StartApp', '/leg DialHangup', '/moved Transfer', '/hangup Hangup']);
  });

  it('is refused for a call that is still ringing, over or unknown', async () => {
    const { app, carrier } = await together({
      ...HOLD,
      '/answer': '<Response><Wait length="5"/></Response>',
    });
    const { call, done } = carrier.call({ from: CALLER, to: DID });
    const move = (uuid: string) => rest(carrier, 'POST', `/Call/${uuid}/`, { aleg_url: `${app.url}/moved` });
    expect((await move(call.uuid)).status).toBe(404);
    await done;
    expect((await move(call.uuid)).status).toBe(404);
    expect((await move('nobody')).status).toBe(404);
  });
});

describe('live calls', () => {
  it('are listed, described and hung up', async () => {
    const { app, carrier } = await together(HOLD);
    const { call, done } = carrier.call({ from: CALLER, to: DID });
    await reached(call, 'plays');
    expect((await rest(carrier, 'GET', '/Call/?status=live')).body.calls).toEqual([call.uuid]);
    const { body } = await rest(carrier, 'GET', `/Call/${call.uuid}/?status=live`);
    expect(body).toMatchObject({ call_uuid: call.uuid, call_status: 'in-progress', direction: 'inbound' });
    expect((await rest(carrier, 'DELETE', `/Call/${call.uuid}/`)).status).toBe(204);
    await done;
    expect((await rest(carrier, 'DELETE', `/Call/${call.uuid}/`)).status).toBe(404);
    expect(app.at('/hangup')[0]?.fields).toMatchObject({
      HangupSource: 'API Request',
      HangupCauseCode: '4000',
    });
  });
});

describe('an outbound call', () => {
  const order = (url: string) => ({
    from: DID,
    to: CALLER,
    answer_url: `${url}/hello`,
    answer_method: 'POST',
    ring_url: `${url}/ring`,
    hangup_url: `${url}/over`,
  });

  it('rings, is answered in progress and hung up, each told once', async () => {
    const { app, carrier } = await together({ '/hello': '<Response><Speak>Hello</Speak></Response>' });
    const { status, body } = await rest(carrier, 'POST', '/Call/', order(app.url));
    expect(status).toBe(201);
    expect(body.message).toBe('Call fired');
    const call = carrier.calls.get(body.request_uuid);
    if (!call) throw new Error('The call is unknown.');
    await reached(call, 'done');
    expect(app.log()).toEqual(['/ring Ring', '/hello StartApp', '/over Hangup']);
    expect(app.at('/hello')[0]?.fields).toMatchObject({ Direction: 'outbound', CallStatus: 'in-progress' });
  });

  it('ends unanswered when the phone is busy', async () => {
    const { app, carrier } = await together({}, { phones: { any: { does: 'busy' } } });
    const { body } = await rest(carrier, 'POST', '/Call/', order(app.url));
    const call = carrier.calls.get(body.request_uuid);
    if (!call) throw new Error('The call is unknown.');
    await reached(call, 'done');
    expect(app.at('/hello')).toHaveLength(0);
    expect(app.at('/over')[0]?.fields).toMatchObject({ CallStatus: 'busy', HangupCauseCode: '3010' });
  });

  it('says what is missing, foreign or not supported', async () => {
    const { app, carrier } = await together({}, { ownedNumbers: [DID] });
    expect((await rest(carrier, 'POST', '/Call/', {})).body.error).toBe('from is required.');
    const foreign = await rest(carrier, 'POST', '/Call/', { ...order(app.url), from: CALLER });
    expect(foreign).toMatchObject({ status: 400, body: { error: expect.stringContaining('not owned') } });
    const digits = await rest(carrier, 'POST', '/Call/', { ...order(app.url), send_digits: '1' });
    expect(digits.body.error).toContain('not supported by this carrier yet');
    const perhaps = await rest(carrier, 'POST', '/Call/', {
      ...order(app.url),
      machine_detection: 'perhaps',
    });
    expect(perhaps.body.error).toBe('machine_detection must be "true" or "hangup".');
    const soon = { ...order(app.url), machine_detection: 'hangup', machine_detection_time: 100 };
    expect((await rest(carrier, 'POST', '/Call/', soon)).body.error).toContain('2000 to 10000');
  });
});
