import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../local/host.ts';
import { startFixture } from './fixture/host.ts';
import { type Client, connect } from './fixture/socket.ts';

let host: Host;
const printed: string[] = [];

beforeAll(async () => {
  host = await startFixture({ output: (_name, _stream, text) => printed.push(...text.trim().split('\n')) });
}, 60_000);

afterAll(() => host.stop());

// biome-ignore lint/suspicious/noExplicitAny: events are checked field by field.
type Event = any;

/** The first event that the function was given and that is so. */
async function seen(is: (event: Event) => boolean): Promise<Event> {
  for (;;) {
    const found = events().find(is);
    if (found) return found;
    await new Promise(resume => setTimeout(resume, 5));
  }
}
const events = (): Event[] => printed.filter(line => line.startsWith('{')).map(line => JSON.parse(line));
const idOf = async (client: Client) => {
  client.send({ do: 'look', marker: `${++markers}` });
  await client.next();
  const event = await seen(({ body }) => body?.includes(`"marker":"${markers}"`));
  return String(event.requestContext.connectionId);
};
let markers = 0;

describe('a connection', () => {
  it('is told to the function with its query and headers, as AWS tells it', async () => {
    await connect(host, '/live?token=a%20b&x=1&x=2', { 'X-Thing': 'yes', 'User-Agent': 'carrier/1' });
    const event = await seen(({ queryStringParameters }) => queryStringParameters?.token === 'a b');
    expect(event).toMatchObject({
      headers: { 'X-Thing': 'yes', Host: new URL(host.url).host },
      multiValueHeaders: { 'X-Thing': ['yes'] },
      queryStringParameters: { token: 'a b', x: '2' },
      multiValueQueryStringParameters: { token: ['a b'], x: ['1', '2'] },
      requestContext: {
        routeKey: '$connect',
        eventType: 'CONNECT',
        stage: 'live',
        messageDirection: 'IN',
        domainName: new URL(host.url).host,
        identity: { sourceIp: '127.0.0.1', userAgent: 'carrier/1' },
        connectionId: expect.stringMatching(/^[\w-]{15}=$/),
        connectedAt: expect.any(Number),
        requestTimeEpoch: expect.any(Number),
        requestId: expect.any(String),
      },
      isBase64Encoded: false,
    });
    expect(event).not.toHaveProperty('body');
  });

  it('without a query has none', async () => {
    const client = await connect(host);
    const id = await idOf(client);
    const event = await seen(
      ({ requestContext: at }) => at.connectionId === id && at.eventType === 'CONNECT',
    );
    expect(event).not.toHaveProperty('queryStringParameters');
  });

  it.each([
    ['the function refuses', '/live?do=refuse', 403],
    ['the function fails', '/live?do=throw', 502],
    ['the function says nothing', '/live?do=nothing', 502],
    ['the stage is another', '/other', 403],
    ['the path goes on', '/live/more', 403],
  ])('is refused when %s', async (_, path, status) => {
    await expect(connect(host, path)).rejects.toThrow(`status ${status}`);
  });
});

describe('a message', () => {
  it('goes to the route of its event, others to $default, and only its body and context are told', async () => {
    const client = await connect(host);
    client.send({ event: 'media', n: 1 });
    client.send({ event: 'unheard of', n: 2 });
    client.send({ event: '$connect', n: 3 });
    client.socket.send('not JSON 4');
    const routes = await Promise.all(
      ['"n":1', '"n":2', '"n":3', 'not JSON 4'].map(text => seen(({ body }) => body?.includes(text))),
    );
    expect(routes.map(({ requestContext: { routeKey } }) => routeKey)).toEqual([
      'media',
      '$default',
      '$default',
      '$default',
    ]);
    expect(Object.keys(routes[0]).sort()).toEqual(['body', 'isBase64Encoded', 'requestContext']);
    expect(routes[0].requestContext).toMatchObject({ eventType: 'MESSAGE', messageId: expect.any(String) });
    expect(client.received).toEqual([]);
  });

  it('does not wait for the one before it', async () => {
    const client = await connect(host);
    client.send({ do: 'slow', ms: 300 });
    client.send({ do: 'post', text: 'second' });
    expect(await client.next()).toBe('second');
  });

  it.each([
    'throw',
    'refuse',
    'nothing',
  ])('is answered with the error frame when the function does this: %s', async kind => {
    const client = await connect(host);
    client.send({ do: kind });
    expect(JSON.parse(await client.next())).toEqual({
      message: 'Internal server error',
      connectionId: expect.stringMatching(/=$/),
      requestId: expect.any(String),
    });
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });

  it('that is binary closes the connection with 1003, one over 128 KB with 1009', async () => {
    const binary = await connect(host);
    binary.socket.send(Buffer.from([1, 2, 3]));
    expect((await binary.closed).code).toBe(1003);
    const large = await connect(host);
    large.socket.send('x'.repeat(128 * 1024 + 1));
    expect((await large.closed).code).toBe(1009);
  });
});

describe('the end of a connection', () => {
  it('is told with its code and reason', async () => {
    const client = await connect(host);
    const id = await idOf(client);
    client.socket.close(4001, 'hung up');
    const event = await seen(
      ({ requestContext: at }) => at.connectionId === id && at.eventType === 'DISCONNECT',
    );
    expect(event.requestContext).toMatchObject({
      routeKey: '$disconnect',
      disconnectStatusCode: 4001,
      disconnectReason: 'hung up',
    });
  });

  it('comes after silence, and after its longest time in any case', async () => {
    const hasty = await startFixture({ socketLimits: { idleMs: 200, durationMs: 600 } });
    const silent = await connect(hasty);
    const lively = await connect(hasty);
    const talk = setInterval(() => lively.send({ event: 'media' }), 50);
    const begun = Date.now();
    expect(await silent.closed).toMatchObject({ code: 1001, reason: 'Going away' });
    expect(Date.now() - begun).toBeLessThan(500);
    expect(await lively.closed).toMatchObject({ code: 1001 });
    expect(Date.now() - begun).toBeGreaterThan(550);
    clearInterval(talk);
    await hasty.stop();
  });
});

describe('the management of connections', () => {
  it('posts, tells of a connection and closes it, at the address in the environment', async () => {
    const client = await connect(host, '/live', { 'User-Agent': 'carrier/1' });
    client.send({ do: 'look' });
    expect(JSON.parse(await client.next())).toEqual({
      ConnectedAt: expect.any(String),
      Identity: { SourceIp: '127.0.0.1', UserAgent: 'carrier/1' },
      LastActiveAt: expect.any(String),
    });
    client.send({ do: 'address' });
    expect(await client.next()).toBe(`${host.socketUrl}/live`);
    client.send({ do: 'close' });
    expect((await client.closed).code).toBe(1000);
  });

  it('refuses a message over 128 KB', async () => {
    const client = await connect(host);
    const posted = await operate(host, await idOf(client), 'POST', 'x'.repeat(128 * 1024 + 1));
    expect(posted).toEqual({ status: 413, type: 'PayloadTooLargeException' });
  });

  it('answers 410 for a connection that is closed', async () => {
    const client = await connect(host);
    const id = await idOf(client);
    client.socket.close();
    await client.closed;
    expect(await operate(host, id, 'POST', 'late')).toEqual({ status: 410, type: 'GoneException' });
  });

  it('is refused to a function whose role does not allow it', async () => {
    const client = await connect(host);
    const id = await idOf(client);
    expect(await host.invoke('worker', { do: 'post', id })).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(
        /execute-api:ManageConnections on resource: arn:aws:execute-api:\S+\/live\/POST\/@connections\//,
      ),
    });
    expect(client.received).toHaveLength(1);
  });
});

/** A call of the operator, who may do anything. */
async function operate({ awsEndpoint }: Host, id: string, method: string, body: string) {
  const response = await fetch(`${awsEndpoint}/live/@connections/${encodeURIComponent(id)}`, {
    method,
    body,
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=operator/20261121/us-east-1/execute-api/aws4_request',
    },
  });
  return { status: response.status, type: response.headers.get('x-amzn-errortype') };
}

describe('an instance', () => {
  it('that is killed in mid-run ends its run as a crash does, and the others go on', async () => {
    const client = await connect(host);
    client.send({ do: 'slow', ms: 5000, n: 'victim' });
    client.send({ do: 'slow', ms: 300, n: 'survivor' });
    await Promise.all(['victim', 'survivor'].map(name => seen(({ body }) => body?.includes(name))));
    const isVictim = (event: unknown) => JSON.stringify(event).includes('victim');
    expect(host.killInstance('listener', isVictim)).toBe(1);
    expect(JSON.parse(await client.next())).toMatchObject({ message: 'Internal server error' });
    client.send({ do: 'post', text: 'still here' });
    expect(await client.next()).toBe('still here');
    expect(host.killInstance('listener', isVictim)).toBe(0);
  });

  it('is waited for at the limit, and a long wait is told of', async () => {
    const told: string[] = [];
    const narrow = await startFixture({
      instances: { listener: 1 },
      output: (_name, stream, text) => stream === 'stderr' && told.push(text),
    });
    const client = await connect(narrow);
    client.send({ do: 'slow', ms: 1200 });
    client.send({ do: 'post', text: 'at last' });
    expect(await client.next()).toBe('at last');
    expect(told).toEqual([expect.stringMatching(/all 1 instances are busy and 1 invocations wait/)]);
    const { received, sent, functions } = narrow.usage();
    expect([received, sent]).toEqual([2, 1]);
    expect(functions[narrow.nameOf('function', 'listener')]).toMatchObject({ invocations: 3 });
    await narrow.stop();
  });
});

describe('the way of messages', () => {
  it('loses, repeats and delays as it is told, and is itself again afterwards', async () => {
    const client = await connect(host);
    host.way.disturb({ lose: 1 });
    client.send({ event: 'media', text: 'lost' });
    client.send({ do: 'post', text: 'of another route' });
    expect(await client.next()).toBe('of another route');
    host.way.disturb({ repeat: 1, jitterMs: 10 });
    client.send({ event: 'media', do: 'post', text: 'twice' });
    expect([await client.next(), await client.next()]).toEqual(['twice', 'twice']);
    host.way.calm();
    client.send({ event: 'media', do: 'post', text: 'once' });
    expect(await client.next()).toBe('once');
    expect(events().some(({ body }) => body?.includes('lost'))).toBe(false);
  });
});
