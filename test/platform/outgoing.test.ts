/** Requests leave the account only to where their owner meant them to go, and prove who sent them. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../lambda/app/context.ts';
import { notify, sendSigned } from '../../lambda/app/send-signed.ts';
import { AddressRefused, isAllowed, isPrivate } from '../../lambda/platform/addresses.ts';
import { notificationSecret, signatureHeaders } from '../../lambda/platform/notification-signature.ts';
import { guarded, type Outgoing } from '../../lambda/platform/outgoing.ts';

interface Received {
  method: string | undefined;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

let server: Server;
let host: string;
let received: Received[];

beforeAll(async () => {
  received = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => {
      body += chunk;
    });
    request.on('end', () => {
      const { method, url: path = '', headers } = request;
      received.push({ method, path, headers, body });
      if (path === '/moved') response.writeHead(302, { location: '/elsewhere' });
      if (path === '/broken') response.writeHead(500);
      if (path === '/endless') return stream(response, 'ä');
      if (path === '/slow') return response.write('half an answ');
      response.end(path === '/question' ? '{"open":true}' : '');
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

function stream(response: ServerResponse, text: string): void {
  const more = () => {
    while (response.write(`x${text.repeat(9999)}`));
  };
  response.on('drain', more);
  more();
}

const ask = (path: string, more: Partial<Outgoing> = {}, allowHosts = host) =>
  guarded(allowHosts)({
    url: `http://${host}${path}`,
    method: 'POST',
    headers: {},
    timeoutMs: 5000,
    readBytes: 8192,
    ...more,
  });

const last = (): Received => received.at(-1) ?? { method: '', path: '', headers: {}, body: '' };

describe('a request', () => {
  it('is answered with status and text', async () => {
    expect(await ask('/question')).toEqual({ status: 200, text: '{"open":true}' });
  });

  it.each([
    ['GET', '', undefined],
    ['DELETE', '', undefined],
    ['POST', '', '0'],
    ['PUT', 'ä', '2'],
    ['GET', '{}', '2'],
  ] as const)('goes out by %s with the body "%s" as it is', async (method, body, length) => {
    await ask('/as-it-is', { method, body });
    expect(last()).toMatchObject({ method, body, path: '/as-it-is' });
    expect(last().headers['content-length']).toBe(length);
  });

  it('follows no redirect', async () => {
    expect(await ask('/moved')).toEqual({ status: 302, text: '' });
    expect(last().path).toBe('/moved');
  });

  it('reads so many bytes of the answer and no more, whole characters only', async () => {
    const { text } = await ask('/endless', { readBytes: 8192 });
    expect(Buffer.byteLength(text)).toBe(8191);
    expect(text).not.toContain('\uFFFD');
  });

  it('has an end, even when an answer has begun', async () => {
    await expect(ask('/slow', { timeoutMs: 100 })).rejects.toThrow(/abort/i);
  });

  it('that only wants the status does not wait for the rest', async () => {
    expect(await ask('/slow', { readBytes: 0 })).toEqual({ status: 200, text: '' });
  });

  it.each([
    ['plain http', 'http://example.com/news', 'https'],
    ['a loopback address', 'https://127.0.0.1/news', 'private'],
    ['the metadata address', 'https://169.254.169.254/latest', 'private'],
    ['an IPv6 loopback address', 'https://[::1]/news', 'private'],
    ['a name that leads to this machine', 'https://localhost/news', 'private'],
  ])('is not sent to %s', async (_what, url, reason) => {
    const refused = ask('', { url }, 'other:1');
    await expect(refused).rejects.toThrow(reason);
    await expect(refused).rejects.toThrow(AddressRefused);
  });
});

describe('a notification', () => {
  const KEY = 'webhook-key';
  const context = {
    webhookKeys: async () => [KEY],
    now: () => 1_700_000_000_000,
    request: (outgoing: Outgoing) => guarded(`other:1, ${host}`)(outgoing),
  } as unknown as Context;

  it('reaches a private host that the settings name, signed as Standard Webhooks prescribes', async () => {
    await notify(context, { url: `http://${host}/news`, id: 'voicemail-1', body: { hello: 'world' } });
    const { headers, body } = last();
    const key = Buffer.from(notificationSecret(KEY).slice('whsec_'.length), 'base64');
    const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', key).update(content).digest('base64')}`,
    );
    expect(headers).toMatchObject({ 'webhook-id': 'voicemail-1', 'content-type': 'application/json' });
    expect(JSON.parse(body)).toEqual({ hello: 'world' });
  });

  it('that is not taken says whose address it was', async () => {
    const news = { url: `http://${host}/broken`, id: 'voicemail-1', body: {} };
    await expect(notify(context, news)).rejects.toThrow('The webhook answered 500.');
    const whose = 'The voicemail webhook of queue sales';
    await expect(notify(context, { ...news, whose })).rejects.toThrow(`${whose} answered 500.`);
  });

  it('without a body is signed too, and names no type', async () => {
    await sendSigned(context, { url: `http://${host}/ping`, id: 'ping-1', method: 'GET', body: '' });
    const { headers } = last();
    expect(headers['content-type']).toBeUndefined();
    expect(headers['webhook-signature']).toBe(
      signatureHeaders(KEY, { id: 'ping-1', body: '' }, context.now())['webhook-signature'],
    );
  });

  it('has a secret that does not reveal the webhook key', () => {
    const secret = notificationSecret(KEY);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(Buffer.from(secret, 'base64').toString()).not.toContain(KEY);
  });
});

it('a host is allowed however it is written', () => {
  expect(isAllowed(new URL('https://CRM.example.com/x'), 'Crm.Example.com:443')).toBe(true);
});

it.each([
  ['10.1.2.3', true],
  ['172.31.0.1', true],
  ['192.168.1.1', true],
  ['100.64.0.1', true],
  ['::ffff:10.0.0.1', true],
  ['fd00::1', true],
  ['fe80::1', true],
  ['fec0::1', true],
  ['::10.0.0.1', true],
  ['::ffff:0:10.0.0.1', true],
  ['64:ff9b:1::a00:1', true],
  ['2002:a00:1::', true],
  ['93.184.216.34', false],
  ['2606:2800:220:1:248:1893:25c8:1946', false],
])('%s is private: %s', (address, truth) => {
  expect(isPrivate(address)).toBe(truth);
});
