import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../local/host.ts';
import { startFixture } from './fixture/host.ts';

let host: Host;
const printed: string[] = [];

beforeAll(async () => {
  host = await startFixture({ output: (name, _stream, text) => printed.push(`${name}: ${text}`) });
}, 60_000);

afterAll(() => host.stop());

interface Echo {
  event: Record<string, unknown>;
  env: Record<string, string>;
  invocations: number;
  remaining: number;
}
const echo = async (path: string, init?: RequestInit) => {
  const response = await fetch(host.url + path, init);
  return (await response.json()) as Echo;
};

describe('an HTTP API event', () => {
  it('has the shape of payload 2.0', async () => {
    const { event } = await echo('/open?a=1&a=2&b=x%20y', {
      headers: { 'X-Custom': 'Yes', Cookie: 'k=v; l=w' },
    });
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /open',
      rawPath: '/open',
      rawQueryString: 'a=1&a=2&b=x%20y',
      queryStringParameters: { a: '1,2', b: 'x y' },
      cookies: ['k=v', 'l=w'],
      headers: { 'x-custom': 'Yes' },
      requestContext: {
        stage: '$default',
        routeKey: 'GET /open',
        http: { method: 'GET', path: '/open', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' },
      },
      isBase64Encoded: false,
    });
    expect(event).not.toHaveProperty('body');
    expect(event).not.toHaveProperty('headers.cookie');
  });

  it('carries a form base64-encoded, as AWS does', async () => {
    const { event } = await echo('/open', { method: 'POST', body: new URLSearchParams({ To: '+911234' }) });
    expect(event.isBase64Encoded).toBe(true);
    expect(Buffer.from(String(event.body), 'base64').toString()).toBe('To=%2B911234');
  });

  it('carries JSON as text', async () => {
    const headers = { 'Content-Type': 'application/json' };
    const { event } = await echo('/open', { method: 'POST', headers, body: '{"a":1}' });
    expect(event).toMatchObject({ isBase64Encoded: false, body: '{"a":1}' });
  });

  it('has decoded path parameters', async () => {
    const { event } = await echo('/things/%2B911234');
    expect(event).toMatchObject({ routeKey: 'GET /things/{id}', pathParameters: { id: '+911234' } });
  });

  it('takes the exact route before the one with a parameter, and $default when none fits', async () => {
    expect((await echo('/things/special')).event.routeKey).toBe('GET /things/special');
    expect((await echo('/nowhere')).event.routeKey).toBe('$default');
    expect((await echo('/closed', { method: 'POST' })).event.routeKey).toBe('$default');
  });
});

describe('a response', () => {
  it('has its status, lower-case headers and cookies', async () => {
    const response = await fetch(`${host.url}/open?do=cookies`);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('x-thing')).toBe('yes');
    expect(await response.text()).toBe('ok');
  });

  it('can be binary', async () => {
    const response = await fetch(`${host.url}/open?do=binary`);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255]);
  });

  it('is made of any result without a status code', async () => {
    const response = await fetch(`${host.url}/open?do=plain`);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ hello: 'world' });
  });

  it.each(['malformed', 'throw', 'crash'])('is a 500 when the function does this: %s', async kind => {
    const response = await fetch(`${host.url}/open?do=${kind}`);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: 'Internal Server Error' });
  });

  it('is a 500 when the function runs into its timeout, and the next request is served again', async () => {
    const response = await fetch(`${host.url}/open?do=hang`);
    expect(response.status).toBe(500);
    expect((await echo('/open')).event.rawPath).toBe('/open');
    expect(printed.join('\n')).toContain('Task timed out after 1.00 seconds');
  });

  it('is a 503 when the integration runs into its own timeout', async () => {
    const hasty = await startFixture({
      adapt: ({ Resources }) => {
        for (const { Type, Properties } of Object.values(Resources)) {
          if (Type === 'AWS::ApiGatewayV2::Integration')
            Object.assign(Properties ?? {}, { TimeoutInMillis: 100 });
        }
      },
    });
    const response = await fetch(`${hasty.url}/open?do=slow&ms=700`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ message: 'Service Unavailable' });
    await hasty.kill();
  });

  it('is a 413 when the body is over 10 MB', async () => {
    const body = new Uint8Array(10 * 1024 * 1024 + 1);
    expect((await fetch(`${host.url}/open`, { method: 'POST', body })).status).toBe(413);
  });
});

describe('a function', () => {
  it('sees its own environment and nothing of the host', async () => {
    const { env } = await echo('/open');
    expect(env).toMatchObject({ GREETING: 'hello', AWS_REGION: 'us-east-1' });
    expect(env.AWS_ACCESS_KEY_ID).toBe(host.nameOf('function', 'echo'));
    expect(env).not.toHaveProperty('PATH');
    expect(env).not.toHaveProperty('HOME');
  });

  it('handles one invocation at a time per instance', async () => {
    await echo('/open');
    const slow = await Promise.all([1, 2, 3].map(() => echo('/open?do=slow&ms=200')));
    expect(slow.every(({ remaining }) => remaining > 500)).toBe(true);
    const { invocations } = await echo('/open');
    expect(invocations).toBeGreaterThan(1);
  });

  it('reads and writes its table and its index through the real SDK', async () => {
    expect(await host.invoke('worker', { do: 'put', id: 'sdk' })).toBe('put');
    expect(await host.invoke('worker', { do: 'get', id: 'sdk' })).toMatchObject({ colour: { S: 'red' } });
    expect(await host.invoke('worker', { do: 'query' })).toBe(1);
  });

  it('reads its secret, generated as the template says', async () => {
    const secret = JSON.parse(String(await host.invoke('worker', { do: 'secret' }))) as Record<
      string,
      string
    >;
    expect(secret.user).toBe('ann');
    expect(secret.password).toHaveLength(20);
    expect(host.secret('password')).toBe(secret.password);
  });

  it('that fails asynchronously is repeated as often as the template says', async () => {
    const attempts = async (id: string, failures: number) => {
      expect(await host.invoke('worker', { do: 'invoke', id, failures })).toBe(202);
      await host.settled();
      const item = (await host.invoke('worker', { do: 'get', id })) as { attempts: { N: string } };
      return Number(item.attempts.N);
    };
    expect(await attempts('heals', 1)).toBe(2);
    expect(await attempts('hopeless', 9)).toBe(3);
  });

  it('runs when its schedule is due', async () => {
    host.tick('flaky');
    await host.settled();
    expect(await host.invoke('worker', { do: 'get', id: 'tick' })).toMatchObject({ attempts: { N: '1' } });
  });
});

describe('the address of a host', () => {
  it.each([
    '0.0.0.0',
    'localhost',
  ])('is one where this machine reaches it when it listens on %s', async address => {
    const other = await startFixture({ address });
    expect(other.url).not.toContain('0.0.0.0');
    expect((await fetch(`${other.url}/open`)).status).toBe(200);
    await other.stop();
  });
});
