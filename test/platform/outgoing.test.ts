/** Notifications leave the account only to where their owner meant them to go, and prove who sent them. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askSigned, isPrivate, notificationSecret, postSigned } from '../../lambda/platform/outgoing.ts';

const NEWS = {
  id: 'voicemail-1',
  body: { hello: 'world' },
  secret: notificationSecret('webhook-key'),
  now: 1_700_000_000_000,
};

const NOTHING: { headers: IncomingHttpHeaders; body: string } = { headers: {}, body: '' };

let server: Server;
let host: string;
let received: { path: string; headers: IncomingHttpHeaders; body: string }[];

beforeAll(async () => {
  received = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body });
      if (request.url === '/moved') response.writeHead(302, { location: '/elsewhere' });
      if (request.url === '/endless') return stream(response, 'ä');
      if (request.url === '/slow') return response.write('half an answ');
      response.end(request.url === '/question' ? '{"open":true}' : '');
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

function stream(response: ServerResponse, text: string): void {
  const more = () => {
    while (response.write(`x${text.repeat(9999)}`));
  };
  response.on('drain', more);
  more();
}

const post = (url: string, allowHosts = '') => postSigned({ ...NEWS, url, allowHosts });

describe('a notification', () => {
  it('reaches a private host that the settings name, signed as Standard Webhooks prescribes', async () => {
    expect(await post(`http://${host}/news`, `other:1, ${host}`)).toBe(200);
    const [{ headers, body } = NOTHING] = received.slice(-1);
    const key = Buffer.from(NEWS.secret.slice('whsec_'.length), 'base64');
    const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', key).update(content).digest('base64')}`,
    );
    expect(JSON.parse(body)).toEqual(NEWS.body);
  });

  it('follows no redirect', async () => {
    expect(await post(`http://${host}/moved`, host)).toBe(302);
    expect(received.at(-1)?.path).toBe('/moved');
  });

  it.each([
    ['plain http', 'http://example.com/news', 'https'],
    ['a loopback address', 'https://127.0.0.1/news', 'private'],
    ['the metadata address', 'https://169.254.169.254/latest', 'private'],
    ['an IPv6 loopback address', 'https://[::1]/news', 'private'],
    ['a name that leads to this machine', 'https://localhost/news', 'private'],
  ])('is not sent to %s', async (_what, url, reason) => {
    await expect(post(url)).rejects.toThrow(reason);
  });
});

describe('a question', () => {
  const ask = (path: string, timeoutMs = 5000) =>
    askSigned({ ...NEWS, url: `http://${host}${path}`, allowHosts: host, timeoutMs });

  it('is answered with status and text', async () => {
    expect(await ask('/question')).toEqual({ status: 200, text: '{"open":true}' });
    expect(await ask('/moved')).toEqual({ status: 302, text: '' });
  });

  it('is read to 8 KB and no further, whole characters only', async () => {
    const { text } = await ask('/endless');
    expect(Buffer.byteLength(text)).toBe(8191);
    expect(text).not.toContain('\uFFFD');
  });

  it('has an end, even when an answer has begun', async () => {
    await expect(ask('/slow', 100)).rejects.toThrow(/abort/i);
  });
});

it.each([
  ['10.1.2.3', true],
  ['172.31.0.1', true],
  ['192.168.1.1', true],
  ['100.64.0.1', true],
  ['::ffff:10.0.0.1', true],
  ['fd00::1', true],
  ['fe80::1', true],
  ['93.184.216.34', false],
  ['2606:2800:220:1:248:1893:25c8:1946', false],
])('%s is private: %s', (address, truth) => {
  expect(isPrivate(address)).toBe(truth);
});

it('a notification secret does not reveal the webhook key', () => {
  expect(NEWS.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(Buffer.from(NEWS.secret, 'base64').toString()).not.toContain('webhook-key');
});
