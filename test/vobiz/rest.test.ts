import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type VobizOptions, vobizClient } from '../../lambda/vobiz/rest.ts';

const CALL = '5401fd2e-8a2b-4c53-9d5e-0f6f1f2f3a4b';
const TOKEN = 'secret-token';
const ALEG = { alegUrl: 'https://pbx.example/queue-try-agent?call=1&sig=x' };
const NEW_CALL = {
  from: '+918012345678',
  to: '+919876543210',
  answerUrl: 'https://pbx.example/answer',
  hangupUrl: 'https://pbx.example/hangup',
};

interface Seen {
  method?: string;
  url?: string;
  headers: IncomingMessage['headers'];
  body: string;
}
type Answer = (response: ServerResponse, seen: Seen) => void;

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** A carrier that gives these answers in turn, the last one for ever, and a client of it. */
async function carrier(...answers: [Answer, ...Answer[]]) {
  return carrierWithin(10_000, ...answers);
}

async function carrierWithin(timeoutMs: number, ...answers: [Answer, ...Answer[]]) {
  const seen: Seen[] = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    const entry = { method, url, headers, body: Buffer.concat(chunks).toString() };
    const answer = answers[Math.min(seen.length, answers.length - 1)] ?? answers[0];
    seen.push(entry);
    answer(response, entry);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}`;
  return { seen, base, client: client({ baseUrl: `${base}/api/v1/`, timeoutMs }) };
}

function client(options: Partial<VobizOptions>) {
  return vobizClient({
    baseUrl: 'http://127.0.0.1:1/api/v1',
    authId: 'MA_1',
    authToken: TOKEN,
    sleep: async () => undefined,
    ...options,
  });
}

const json =
  (status: number, body?: unknown, headers = {}): Answer =>
  response => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  };
const never: Answer = () => undefined;
const reset: Answer = response => response.destroy();

describe('transfer', () => {
  it('posts the new URL of the caller to the call', async () => {
    const { client, seen } = await carrier(json(202, { message: 'call transferred' }));
    expect(await client.transfer(CALL, ALEG)).toEqual({ kind: 'ok' });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: `/api/v1/Account/MA_1/Call/${CALL}/`,
      headers: { 'x-auth-id': 'MA_1', 'x-auth-token': TOKEN, 'content-type': 'application/json' },
    });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      legs: 'aleg',
      aleg_url: ALEG.alegUrl,
      aleg_method: 'POST',
    });
  });

  const outcomes: [number, unknown, object, unknown][] = [
    [200, undefined, {}, { kind: 'ok' }],
    [204, undefined, {}, { kind: 'ok' }],
    [404, { message: 'Not Found' }, {}, { kind: 'gone' }],
    [402, { error: 'credit' }, {}, { kind: 'no_credit' }],
    [429, {}, {}, { kind: 'rate_limited' }],
    [429, {}, { 'retry-after': '2' }, { kind: 'rate_limited', retryAfterMs: 2000 }],
    [
      429,
      {
        status: 'error',
        error: { code: 'RATE_LIMIT_EXCEEDED', message: 'slow down', details: { retryAfter: 0.5 } },
      },
      {},
      { kind: 'rate_limited', retryAfterMs: 500 },
    ],
    [
      400,
      { error: 'bad aleg_url', details: {} },
      {},
      { kind: 'refused', status: 400, message: 'bad aleg_url' },
    ],
    [
      401,
      { status: 'error', error: { code: 'X', message: 'who?' } },
      {},
      { kind: 'refused', status: 401, message: 'who?' },
    ],
    [403, { message: 'no' }, {}, { kind: 'refused', status: 403, message: 'no' }],
    [
      302,
      undefined,
      { location: 'http://127.0.0.1:1/' },
      { kind: 'refused', status: 302, message: 'no message' },
    ],
    [503, { error: 'down' }, {}, { kind: 'unavailable', reason: 'the carrier answered 503' }],
  ];
  it.each(outcomes)('on %i %j %j is %j', async (status, body, headers, outcome) => {
    const { client } = await carrier(json(status, body, headers));
    expect(await client.transfer(CALL, ALEG)).toEqual(outcome);
  });

  it('is repeated once when the carrier failed', async () => {
    const { client, seen } = await carrier(json(500), json(202, {}));
    expect(await client.transfer(CALL, ALEG)).toEqual({ kind: 'ok' });
    expect(seen).toHaveLength(2);
    expect(seen[1]).toMatchObject({ url: seen[0]?.url, body: seen[0]?.body });
  });

  it('is repeated once when the connection broke, and not twice', async () => {
    const { client, seen } = await carrier(reset);
    const outcome = await client.transfer(CALL, ALEG);
    expect(outcome).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringContaining('cannot be reached'),
    });
    expect(seen).toHaveLength(2);
  });

  it('is not repeated when the carrier said no', async () => {
    const { client, seen } = await carrier(json(400, {}));
    await client.transfer(CALL, ALEG);
    expect(seen).toHaveLength(1);
  });

  it('ends with its time-out', async () => {
    const { client, seen } = await carrierWithin(60, never);
    expect(await client.transfer(CALL, ALEG)).toEqual({
      kind: 'unavailable',
      reason: 'no reply within 60 ms',
    });
    expect(seen).toHaveLength(1);
  });

  it('ends with its time-out when only the body stays away', async () => {
    const { client } = await carrierWithin(60, response => {
      response.writeHead(202).write('{');
    });
    expect(await client.transfer(CALL, ALEG)).toMatchObject({ kind: 'unavailable' });
  });

  it('never leaves the path of its call', async () => {
    const { client, seen } = await carrier(json(202, {}));
    for (const id of ['..', '../Application', '', 'a/b', 'a?b']) {
      expect(await client.transfer(id, ALEG)).toEqual({ kind: 'gone' });
    }
    expect(seen).toHaveLength(0);
  });
});

describe('hanging up', () => {
  it('deletes the call', async () => {
    const { client, seen } = await carrier(json(204));
    expect(await client.hangUp(CALL)).toEqual({ kind: 'ok' });
    expect(seen[0]).toMatchObject({ method: 'DELETE', url: `/api/v1/Account/MA_1/Call/${CALL}/`, body: '' });
    expect(seen[0]?.headers['content-type']).toBeUndefined();
  });
});

describe('stopping recordings', () => {
  it('deletes them, and takes a call without any as one that is not recorded', async () => {
    const { client, seen } = await carrier(json(204), json(404));
    expect(await client.stopRecording(CALL)).toEqual({ kind: 'ok' });
    expect(seen[0]).toMatchObject({ method: 'DELETE', url: `/api/v1/Account/MA_1/Call/${CALL}/Record/` });
    expect(await client.stopRecording(CALL)).toEqual({ kind: 'gone' });
  });
});

describe('stopping streams', () => {
  it('deletes the one that is named, or all', async () => {
    const { client, seen } = await carrier(json(204), json(204), json(404));
    expect(await client.stopStreams(CALL, 'stream/1')).toEqual({ kind: 'ok' });
    expect(await client.stopStreams(CALL)).toEqual({ kind: 'ok' });
    expect(await client.stopStreams(CALL)).toEqual({ kind: 'gone' });
    const path = `/api/v1/Account/MA_1/Call/${CALL}/Stream/`;
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `DELETE ${path}stream%2F1/`,
      `DELETE ${path}`,
      `DELETE ${path}`,
    ]);
  });
});

describe('the file of a recording', () => {
  const file: Answer = response => response.writeHead(200, { 'content-type': 'audio/mpeg' }).end('sound');

  it('is fetched with the credentials', async () => {
    const { client, seen, base } = await carrier(file);
    const found = await client.recording(`${base}/media/1.mp3`);
    expect(found).toEqual({ kind: 'ok', bytes: new Uint8Array(Buffer.from('sound')), type: 'audio/mpeg' });
    expect(seen[0]).toMatchObject({ method: 'GET', url: '/media/1.mp3' });
    expect(seen[0]?.headers).toMatchObject({ 'x-auth-id': 'MA_1', 'x-auth-token': TOKEN });
  });

  it('is fetched from nowhere else, nor where a redirect leads', async () => {
    const { client, seen, base } = await carrier(response =>
      response.writeHead(302, { location: 'https://elsewhere.example.com/' }).end(),
    );
    for (const url of [
      'https://evilvobiz.ai/1.mp3',
      'http://media.vobiz.ai/1.mp3',
      'https://x.example.com',
      'no url',
    ])
      expect(await client.recording(url)).toMatchObject({ kind: 'refused' });
    expect(seen).toHaveLength(0);
    expect(await client.recording(`${base}/media/1.mp3`)).toMatchObject({ kind: 'refused', status: 302 });
    expect(seen).toHaveLength(1);
  });

  it('may be gone, or not to be had', async () => {
    const { client, base } = await carrier(json(404), json(500), reset);
    expect(await client.recording(`${base}/1.mp3`)).toEqual({ kind: 'gone' });
    expect(await client.recording(`${base}/1.mp3`)).toMatchObject({ kind: 'unavailable' });
    expect(await client.recording(`${base}/1.mp3`)).toMatchObject({ kind: 'unavailable' });
  });
});

describe('asking for a live call', () => {
  const answers: [number, string][] = [
    [200, 'live'],
    [404, 'gone'],
    [401, 'unknown'],
    [429, 'unknown'],
    [500, 'unknown'],
  ];
  it.each(answers)('on %i says %s', async (status, liveness) => {
    const { client, seen } = await carrier(json(status, { call_status: 'in-progress' }));
    expect(await client.liveCall(CALL)).toBe(liveness);
    expect(seen[0]).toMatchObject({ method: 'GET', url: `/api/v1/Account/MA_1/Call/${CALL}/?status=live` });
  });
});

describe('placing a call', () => {
  it('names the call that the carrier placed', async () => {
    const { client, seen } = await carrier(
      json(201, { api_id: 'a', message: 'Call fired', request_uuid: CALL }),
    );
    const call = {
      ...NEW_CALL,
      ringUrl: 'https://pbx.example/ring',
      machineDetection: 'hangup',
      ringTimeoutSecs: 30,
    } as const;
    expect(await client.makeCall(call)).toEqual({ kind: 'ok', callId: CALL });
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/api/v1/Account/MA_1/Call/' });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      from: '+918012345678',
      to: '+919876543210',
      answer_url: 'https://pbx.example/answer',
      answer_method: 'POST',
      hangup_url: 'https://pbx.example/hangup',
      hangup_method: 'POST',
      ring_url: 'https://pbx.example/ring',
      ring_method: 'POST',
      machine_detection: 'hangup',
      ring_timeout: 30,
    });
  });

  it.each([
    ['a fault', json(500)],
    ['a broken connection', reset],
  ])('is not repeated after %s', async (_what, answer) => {
    const { client, seen } = await carrier(answer);
    expect(await client.makeCall(NEW_CALL)).toMatchObject({ kind: 'unavailable' });
    expect(seen).toHaveLength(1);
  });

  it('is not certain without the name of the call', async () => {
    const { client } = await carrier(json(200, {}));
    expect(await client.makeCall(NEW_CALL)).toMatchObject({ kind: 'unavailable' });
  });
});

describe('the client', () => {
  it.each([{ authId: '' }, { authToken: '' }])('without credentials asks nobody (%j)', async missing => {
    const asked: string[] = [];
    const fetch = async (url: string) => {
      asked.push(url);
      return new Response();
    };
    const unset = client({ ...missing, fetch });
    expect(await unset.transfer(CALL, ALEG)).toEqual({ kind: 'not_configured' });
    expect(await unset.makeCall(NEW_CALL)).toEqual({ kind: 'not_configured' });
    expect(await unset.liveCall(CALL)).toBe('unknown');
    expect(asked).toEqual([]);
  });

  it('says why the carrier cannot be reached', async () => {
    expect(await client({ baseUrl: 'http://127.0.0.1:1' }).hangUp(CALL)).toMatchObject({
      kind: 'unavailable',
    });
    expect(await client({ baseUrl: 'no url' }).hangUp(CALL)).toMatchObject({ kind: 'unavailable' });
  });

  it('never tells its token', async () => {
    const { client: echoed } = await carrier(json(400, { error: `${'x'.repeat(295)} ${TOKEN}` }));
    const outcome = await echoed.transfer(CALL, ALEG);
    expect(outcome).toMatchObject({ kind: 'refused', status: 400 });
    expect(JSON.stringify(outcome)).not.toContain(TOKEN.slice(0, 3));
    const illegal = client({ authToken: 'line\nbreak', baseUrl: 'http://127.0.0.1:1' });
    expect(JSON.stringify(await illegal.hangUp(CALL))).not.toContain('break');
  });
});
