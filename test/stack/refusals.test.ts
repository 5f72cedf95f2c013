/**
 * What bad requests get: an answer that says what to do, one warning without secrets, and not one changed item.
 * A caller is never dropped for what is merely odd.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signatureHeaders } from '../../carrier/signature.ts';
import { WEBHOOK_PATHS } from '../../lambda/platform/routes.ts';
import { continuationUrl } from '../../lambda/vobiz/continuation.ts';
import { elementsOf, urlTo } from '../support/document.ts';
import { printed } from '../support/printed.ts';
import { eventually, openStage, type Stage } from '../support/stage.ts';
import { everything } from '../support/tables.ts';
import { incoming, type Sending, wire } from '../support/wire.ts';

const TOKEN = 'token-of-the-stage';
const GUESS = 'guess-of-a-stranger';
const notes = printed();
let stage: Stage;
/** The URL with which a live call goes on. */
let onward: string;

beforeAll(async () => {
  stage = await openStage({ host: { output: notes.output } });
  const greeted = await wire(entry('/answer'), { fields: incoming('live-call') });
  onward = urlTo('/queue-try-agent', greeted.body);
});
afterAll(() => stage.close());
beforeEach(() => {
  notes.lines.length = 0;
});

const entry = (path: string, key = stage.keys.WEBHOOK_KEY) => `${stage.product.url}${path}?key=${key}`;
const signed = (path: string, call: string, step: string | number, key: string = stage.keys.WEBHOOK_KEY) =>
  continuationUrl({ publicUrl: stage.product.url, key, path, call, step });
const altered = (change: (url: URL) => void) => {
  const url = new URL(onward);
  change(url);
  return url.href;
};
const signature = (path: string, token: string, nonce: string) =>
  signatureHeaders(stage.product.url + path, token, 'v3', nonce);

/** Warnings since the test began, as soon as there is any: output takes a moment to arrive. */
const warnings = () =>
  eventually(
    () => notes.of('WARN'),
    found => found.length > 0,
  );

/** Sends it, and says whether any item has changed. */
async function sent(url: string, sending: Sending) {
  const before = await everything(stage.product);
  const answer = await wire(url, sending);
  return { ...answer, unchanged: JSON.stringify(await everything(stage.product)) === JSON.stringify(before) };
}

describe('a request that cannot prove where it comes from gets 403, changes nothing and is warned of once', () => {
  const fields = incoming('stranger');
  const forgeries: Record<string, () => [url: string, sending?: Sending]> = {
    'no key': () => [`${stage.product.url}/answer`],
    'a wrong key': () => [entry('/answer', GUESS)],
    'a wrong key on the hangup URL': () => [entry('/hangup', GUESS), { fields: incoming('live-call') }],
    'the API key in place of the webhook key': () => [entry('/answer', stage.keys.API_KEY)],
    'an unsigned continuation': () => [altered(url => url.searchParams.delete('sig'))],
    'another step': () => [altered(url => url.searchParams.set('step', '7'))],
    "another caller's call": () => [altered(url => url.searchParams.set('call', 'stranger'))],
    'a parameter more': () => [onward.replace('&sig=', '&status=completed&sig=')],
    'the signature of another path': () => [onward.replace('/queue-try-agent', '/queue-voicemail')],
    'the signature of another key': () => [signed('/queue-hold', 'live-call', 1, GUESS)],
    'the webhook key on a continuation': () => [`${entry('/queue-hold')}&call=live-call&step=1`],
    'made-up music': () => [`${stage.product.url}/hold-music.wav?call=music&step=300&sig=${GUESS}`],
    "a carrier's signature with another token": () => [
      entry('/answer'),
      { fields, headers: signature('/answer', GUESS, '11111111111111111111') },
    ],
    "a carrier's signature for another path": () => [
      entry('/answer'),
      { fields, headers: signature('/hangup', TOKEN, '22222222222222222222') },
    ],
    "a carrier's signature without its nonce": () => [
      entry('/answer'),
      { fields, headers: { 'x-vobiz-signature-v3': GUESS } },
    ],
  };

  it.each(Object.keys(forgeries))('%s', async name => {
    const [url, sending = { fields }] = forgeries[name]?.() ?? [''];
    const { status, type, unchanged } = await sent(url, sending);
    expect({ status, type, unchanged }).toEqual({
      status: 403,
      type: 'application/problem+json',
      unchanged: true,
    });
    expect(await warnings()).toHaveLength(1);
    expect(notes.of('ERROR')).toEqual([]);
    const log = notes.lines.join('\n');
    const sig = new URL(url).searchParams.get('sig') ?? GUESS;
    for (const secret of [GUESS, sig, TOKEN, stage.keys.WEBHOOK_KEY, '9812345678', '1140000000'])
      expect(log).not.toContain(secret);
  });

  it('a signature that was used before for another request', async () => {
    const headers = signature('/answer', TOKEN, '33333333333333333333');
    const first = incoming('first-with-this-nonce');
    expect(await wire(entry('/answer'), { fields: first, headers })).toMatchObject({ status: 200 });
    expect(await wire(entry('/answer'), { fields: first, headers })).toMatchObject({ status: 200 });
    notes.lines.length = 0;
    const replayed = await sent(entry('/answer'), { fields: incoming('second'), headers });
    expect(replayed).toMatchObject({ status: 403, unchanged: true });
    expect(await warnings()).toHaveLength(1);
  });
});

it('nothing is at an unknown path, and the answer says where to look', async () => {
  for (const method of ['GET', 'POST', 'DELETE']) {
    const { status, type, body } = await wire(`${stage.product.url}/wp-login.php`, { method });
    expect({ status, type }).toEqual({ status: 404, type: 'application/problem+json' });
    expect(JSON.parse(body)).toMatchObject({ status: 404, detail: expect.stringMatching(/openapi/) });
  }
});

describe('a webhook of the carrier that names no call gets 200, an apology and a hang-up, and leaves nothing', () => {
  const { CallUUID: _missing, ...nameless } = incoming('');
  const bodies: Record<string, Sending> = {
    'without CallUUID': { fields: nameless },
    'with an empty CallUUID': { fields: incoming('') },
    'with markup for a CallUUID': { fields: incoming('"/><Dial>+15550001111</Dial>') },
    'without a body': { body: '' },
    'with stray percent signs': { body: '%%%=%&&&=%ZZ' },
    'with bytes that are no text': { body: new Uint8Array([0xff, 0xfe, 0x00, 0x3d, 0x80]) },
    'with half a JSON object': { body: '{"CallUUID": ' },
    'that is far too long': { fields: incoming('long', { CallerName: 'x'.repeat(70_000) }) },
    'by GET without fields': { method: 'GET' },
  };
  it.each(Object.entries(bodies))('%s', async (_name, sending) => {
    const { status, type, body, unchanged } = await sent(entry('/answer'), sending);
    expect({ status, unchanged }).toEqual({ status: 200, unchanged: true });
    expect(type).toMatch(/^application\/xml/);
    expect(elementsOf(body)).toEqual(['Response', 'Speak', 'Hangup']);
    expect(notes.of('ERROR')).toEqual([]);
    const hangUp = await sent(entry('/hangup'), sending);
    expect(hangUp).toMatchObject({ status: 200, unchanged: true });
    expect(elementsOf(hangUp.body)).toEqual(['Response']);
  });
});

it('a step of a call that nobody knows gets a harmless document, and leaves nothing', async () => {
  const steps = WEBHOOK_PATHS.filter(
    path => !['/answer', '/fallback', '/hangup', '/hold-music.wav', '/flow/sound.wav'].includes(path),
  );
  const reports: Record<string, string>[] = [
    { CallUUID: '' },
    { DialStatus: 'completed', DialBLegStatus: 'connected', Digits: '1' },
  ];
  expect(steps.length).toBeGreaterThan(5);
  for (const path of steps)
    for (const report of reports) {
      const fields = incoming('never-heard-of', report);
      const { status, type, body, unchanged } = await sent(signed(path, 'never-heard-of', 1), { fields });
      expect({ path, status, unchanged }).toEqual({ path, status: 200, unchanged: true });
      expect(type).toMatch(/^application\/xml/);
      expect(['Response', 'Response Speak']).toContain(elementsOf(body).join(' '));
    }
});

it('GET is as good as POST, on entries and on continuations', async () => {
  const fields = incoming('by-get');
  const byGet = await wire(entry('/answer'), { method: 'GET', fields });
  expect(byGet).toMatchObject({ status: 200 });
  expect((await wire(entry('/answer'), { fields })).body).toBe(byGet.body);
  const next = await wire(urlTo('/queue-try-agent', byGet.body), { method: 'GET', fields });
  expect(urlTo('/queue-hold', next.body)).toContain('call=by-get');
  const gone = incoming('by-get', { Event: 'Hangup', HangupCauseCode: '4000' });
  await wire(entry('/hangup'), { method: 'GET', fields: gone });
  expect((await stage.api('GET', '/calls/by-get')).body).toMatchObject({
    from: '+919812345678',
    outcome: 'abandoned',
  });
});

describe('the App API says which field is wrong', () => {
  const name = 'Asha';
  const wrong: [string, string, unknown, string][] = [
    ['a number without a plus', '/agents', { number: '919876543210', name }, 'number'],
    ['a number with spaces', '/agents', { number: '+91 98765 43210', name }, 'number'],
    ['a number that is markup', '/agents', { number: '+9198<Dial/>', name }, 'number'],
    ['a number that is none', '/agents', { number: 919876543210, name }, 'number'],
    ['no name', '/agents', { number: '+919876543210' }, 'name'],
    ['a name without end', '/agents', { number: '+919876543210', name: 'x'.repeat(101) }, 'name'],
    ['an unknown field', '/agents', { number: '+919876543210', name, admin: true }, 'admin'],
    ['a queue that is not there', '/agents', { number: '+919876543210', name, queues: ['x'] }, 'queues.0'],
    ['an unknown strategy', '/queues', { strategy: 'nearest' }, 'strategy'],
    ['half a second', '/queues', { hold_wait_secs: 0.5 }, 'hold_wait_secs'],
  ];
  it.each(wrong)('%s', async (_what, path, body, field) => {
    const before = await everything(stage.product);
    const answer = await stage.api('POST', path, body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ field, message: expect.stringMatching(/\w{3}/) }]);
    expect(answer.body.detail).toContain(field);
    expect(await everything(stage.product)).toEqual(before);
  });

  it.each([
    ['not JSON', 400, 'application/json', '{"number": +91}'],
    ['no object', 400, 'application/json', '[]'],
    ['nothing', 400, 'application/json', ''],
    ['a form', 400, 'application/x-www-form-urlencoded', 'number=%2B919876543210&name=Asha'],
    ['far too much', 400, 'application/json', JSON.stringify({ name: 'x'.repeat(100_000) })],
  ])('%s', async (_what, status, type, body) => {
    const headers = { authorization: `Bearer ${stage.keys.API_KEY}`, 'content-type': type };
    const answer = await wire(`${stage.product.url}/agents`, { headers, body });
    expect(answer).toMatchObject({ status, type: 'application/problem+json' });
    expect(JSON.parse(answer.body).detail).toMatch(/\w+ \w+/);
  });

  it('and a key that is missing or wrong opens nothing', async () => {
    const ask = async (headers: Record<string, string>) =>
      (await fetch(`${stage.product.url}/agents`, { headers })).status;
    expect(await ask({})).toBe(401);
    expect(await ask({ authorization: `Bearer ${GUESS}` })).toBe(403);
    expect(await ask({ authorization: `Bearer ${stage.keys.API_KEY}` })).toBe(200);
  });
});

describe('with other settings', () => {
  let other: Stage;
  const answerUrl = (key: string) => `${other.product.url}/answer?key=${key}`;
  afterEach(() => other.close());

  it('REQUIRE_VOBIZ_SIGNATURE refuses what is unsigned, and the carrier goes on', async () => {
    const log = printed();
    other = await openStage({
      settings: { REQUIRE_VOBIZ_SIGNATURE: 'true', MAX_WAIT_CYCLES: '1' },
      host: { output: log.output },
    });
    const unsigned = await wire(answerUrl(other.keys.WEBHOOK_KEY), { fields: incoming('unsigned') });
    expect(unsigned.status).toBe(403);
    expect(await everything(other.product)).toEqual([]);
    expect(log.of('WARN')).toMatchObject([{ reason: 'carrier signature missing' }]);
    const { call, done } = other.call();
    await done;
    expect(await other.record(call)).toMatchObject({ outcome: 'voicemail' });
  });

  it('the previous webhook key is good while keys are being rotated, for entries and for calls under way', async () => {
    const previous = 'key-before-the-rotation';
    other = await openStage({ host: { secrets: { WEBHOOK_KEY_PREVIOUS: previous } } });
    const fields = incoming('rotating');
    const { status, body } = await wire(answerUrl(previous), { fields });
    expect(status).toBe(200);
    expect(urlTo('/queue-try-agent', body)).toContain('call=rotating');
    const publicUrl = other.product.url;
    const before = { publicUrl, key: previous, path: '/queue-try-agent', call: 'rotating', step: 1 };
    expect(await wire(continuationUrl(before), { fields })).toMatchObject({ status: 200 });
    expect(await wire(answerUrl(GUESS), { fields })).toMatchObject({ status: 403 });
  });
});
