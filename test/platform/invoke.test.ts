/** Lambda takes our events as it takes the SDK's, and whatever else it does has an end that says what happened. */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { endpointIn, invokeFromEnv } from '../../lambda/platform/invoke.ts';

const ARN = 'arn:aws:lambda:ap-south-1:123456789012:function:tasks';
const CREDENTIALS = {
  accessKeyId: 'ASIA-of-tasks',
  secretAccessKey: 'shared secret',
  sessionToken: 'to/ken==',
};
const EVENT = { kind: 'voicemail', call: 'ünïcode' };

interface Received {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

let server: Server;
let endpoint: string;
let received: Received[];
/** One for each request, then 202 for ever. */
let answers: ((response: ServerResponse, request: IncomingMessage) => void)[];

beforeEach(async () => {
  received = [];
  answers = [];
  server = createServer(async (request, response) => {
    const { method = '', url: path = '' } = request;
    const headers = request.headers as Record<string, string>;
    received.push({ method, path, headers, body: await text(request) });
    const answer = answers.shift() ?? (to => to.writeHead(202).end());
    answer(response, request);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const environment = (extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  AWS_REGION: 'ap-south-1',
  AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  AWS_SESSION_TOKEN: CREDENTIALS.sessionToken,
  AWS_ENDPOINT_URL_LAMBDA: endpoint,
  ...extra,
});

const invoke = (extra?: NodeJS.ProcessEnv) => invokeFromEnv(environment(extra))(ARN, EVENT);

const refusing =
  (status: number, code: string, body: string) =>
  (to: ServerResponse): unknown =>
    to.writeHead(status, { 'x-amzn-errortype': code }).end(body);

const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
const sha256 = (data: string) => createHash('sha256').update(data).digest('hex');

/** Signature Version 4 as AWS documents it, computed from what arrived. */
function signatureOf({ method, path, headers, body }: Received): string {
  const signed = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1] ?? '';
  const scope = /Credential=[^/]+\/([^,]+)/.exec(headers.authorization ?? '')?.[1] ?? '';
  const escapedAgain = path.split('/').map(encodeURIComponent).join('/');
  const lines = signed.split(';').map(name => `${name}:${headers[name]}\n`);
  const canonical = [method, escapedAgain, '', lines.join(''), signed, sha256(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${CREDENTIALS.secretAccessKey}`);
  return hmac(key, toSign).toString('hex');
}

const signatureIn = ({ headers }: Received) => /Signature=(\w+)/.exec(headers.authorization ?? '')?.[1];

it('asks as the SDK asks, and signs what it asks', async () => {
  await invoke();
  const sdk = new LambdaClient({ endpoint, region: 'ap-south-1', credentials: CREDENTIALS });
  await sdk.send(
    new InvokeCommand({ FunctionName: ARN, InvocationType: 'Event', Payload: JSON.stringify(EVENT) }),
  );
  const [ours, theirs] = received as [Received, Received];
  for (const part of ['method', 'path', 'body'] as const) expect(ours[part]).toBe(theirs[part]);
  for (const name of ['host', 'x-amz-invocation-type', 'x-amz-security-token', 'content-length'])
    expect(ours.headers[name], name).toBe(theirs.headers[name]);
  expect(ours.headers.authorization).toMatch(
    /Credential=ASIA-of-tasks\/\d{8}\/ap-south-1\/lambda\/aws4_request/,
  );
  for (const one of [ours, theirs]) expect(signatureIn(one)).toBe(signatureOf(one));
});

it('goes where the environment says', async () => {
  await invoke({ AWS_ENDPOINT_URL_LAMBDA: '', AWS_ENDPOINT_URL: `${endpoint}/emulator/` });
  await invoke({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
  expect(received.map(({ path }) => path.split('/2015')[0])).toEqual(['/emulator', '']);
});

it.each([
  ['a fault of Lambda', refusing(500, 'ServiceException', '')],
  ['a limit', refusing(429, 'TooManyRequestsException', '{"Type":"User","message":"Rate exceeded"}')],
  ['a broken connection', (to: ServerResponse) => to.destroy()],
])('%s passes: it asks once more', async (_what, answer) => {
  answers = [answer];
  await invoke();
  expect(received).toHaveLength(2);
});

it('what does not pass is not tried a third time', async () => {
  const fault = refusing(
    503,
    'ServiceUnavailableException:http://internal.amazon.com/',
    '{"Message":"Busy"}',
  );
  answers = [fault, fault];
  await expect(invoke()).rejects.toMatchObject({
    name: 'ServiceUnavailableException',
    message: 'Lambda refused an event with 503: Busy',
  });
  expect(received).toHaveLength(2);
});

it.each([
  ['says why', '{"message":"User: x is not authorized to perform: y"}', 'User: x is not authorized'],
  ['may give no reason', '<html>', '403: no message'],
])('a refusal is final, and %s', async (_what, body, message) => {
  answers = [refusing(403, 'AccessDeniedException', body)];
  await expect(invoke()).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(message),
  });
  expect(received).toHaveLength(1);
});

it('waits a second for an answer that begins and never ends', async () => {
  answers = [to => to.writeHead(500).write('{')];
  await expect(invoke()).rejects.toThrow('did not answer within 1000 ms');
  expect(received).toHaveLength(1);
});

it.each([
  ['AWS_REGION'],
  ['AWS_ACCESS_KEY_ID'],
  ['AWS_SECRET_ACCESS_KEY'],
])('says that %s is missing', async name => {
  await expect(invoke({ [name]: '' })).rejects.toThrow(`${name} is not set`);
});

it('says that nobody is there', async () => {
  await expect(invoke({ AWS_ENDPOINT_URL_LAMBDA: 'http://127.0.0.1:1' })).rejects.toThrow(
    'Lambda took no event: it cannot be reached (ECONNREFUSED).',
  );
});

it.each([
  ['ap-south-1', 'https://lambda.ap-south-1.amazonaws.com'],
  ['cn-north-1', 'https://lambda.cn-north-1.amazonaws.com.cn'],
])('in %s, with no other endpoint set, Lambda is at %s', (region, url) => {
  expect(endpointIn({}, region)).toBe(url);
});
