/** Posting: gone, full, broken; never thrown. Against the real client and a server that answers as AWS does. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sockets, sockets } from '../../lambda/media/socket.ts';
import { heard } from '../support/heard.ts';

/** Answers to come, in order; then 200. `hang`: none. */
let answers: (number | 'hang')[] = [];
let requests: string[] = [];
let pauses: number[] = [];
let server: Server;
let ours: Sockets;
let client: ApiGatewayManagementApiClient;

const ERRORS: Record<number, string> = {
  403: 'ForbiddenException',
  410: 'GoneException',
  429: 'LimitExceededException',
  500: 'InternalServerError',
};

const clientWith = (requestTimeout: number) =>
  new ApiGatewayManagementApiClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/stream`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: { requestTimeout, throwOnRequestTimeout: true },
  });

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    requests.push(`${request.method} ${request.url} ${body}`.trim());
    const status = answers.shift() ?? 200;
    if (status === 'hang') return;
    response.writeHead(status, status === 200 ? {} : { 'x-amzn-errortype': ERRORS[status] });
    response.end(status === 200 ? '{}' : '{"message":"no"}');
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  client = clientWith(50);
  ours = sockets(client, async ms => {
    pauses.push(ms);
  });
});
beforeEach(() => {
  [answers, requests, pauses] = [[], [], []];
});
afterAll(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

async function post(): Promise<{ result: string; lines: string[] }> {
  let result = '';
  const lines = await heard(async () => {
    result = await ours.post('a=', 'the text');
  });
  return { result, lines };
}

describe('a post', () => {
  it('is one request with the text as it is', async () => {
    expect((await post()).result).toBe('ok');
    expect(requests).toEqual(['POST /stream/@connections/a%3D the text']);
  });

  it('to a socket that is gone is tried once, and is no news', async () => {
    answers = [410];
    expect(await post()).toEqual({ result: 'gone', lines: [] });
    expect(requests).toHaveLength(1);
  });

  it('to a socket whose buffer is full is tried again after 50, 100 and 200 ms', async () => {
    answers = [429, 429, 429];
    expect((await post()).result).toBe('ok');
    expect(pauses).toEqual([50, 100, 200]);
  });

  it('is lost if it is still full then', async () => {
    answers = [429, 429, 429, 429, 200];
    expect((await post()).result).toBe('lost');
    expect(requests).toHaveLength(4);
  });

  it('finds out that the socket went while it was full', async () => {
    answers = [429, 410];
    expect((await post()).result).toBe('gone');
  });

  it.each([[500], [403], ['hang' as const]])('that fails with %s is tried once more', async failure => {
    answers = [failure];
    expect((await post()).result).toBe('ok');
    answers = [failure, failure];
    const { result, lines } = await post();
    expect(result).toBe('lost');
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('the text');
    expect(requests).toHaveLength(4);
  });
});

describe('a post with a deadline', () => {
  /** Its clock moves only while it pauses. */
  const withClock = () => {
    let time = 0;
    const pause = async (ms: number) => {
      time += ms;
    };
    return sockets(client, pause, () => time);
  };
  const postBy = async (deadline: number) => {
    let result = '';
    await heard(async () => {
      result = await withClock().post('a=', 'the text', deadline);
    });
    return { result, attempts: requests.length };
  };

  it('that has passed is not tried', async () => {
    expect(await postBy(0)).toEqual({ result: 'lost', attempts: 0 });
  });

  it('is tried again until then, and not from then on', async () => {
    answers = [429, 429, 429];
    expect(await postBy(150)).toEqual({ result: 'lost', attempts: 2 });
    requests = [];
    answers = [429, 429];
    expect(await postBy(450)).toEqual({ result: 'ok', attempts: 3 });
  });

  it('is broken off then', async () => {
    const slow = clientWith(5000);
    answers = ['hang'];
    const began = Date.now();
    await heard(async () => {
      expect(await sockets(slow, async () => undefined).post('a=', 'the text', began + 250)).toBe('lost');
    });
    expect(Date.now() - began).toBeLessThan(1000);
    slow.destroy();
    expect(requests).toHaveLength(1);
  });
});

it('closing a socket is a DELETE, and one that is gone is closed', async () => {
  answers = [200, 410];
  await ours.close('a=');
  await ours.close('a=');
  expect(requests).toEqual(Array(2).fill('DELETE /stream/@connections/a%3D'));
});

it('a socket is open unless it is said to be gone', async () => {
  answers = [200, 410, 500, 500];
  const states: boolean[] = [];
  await heard(async () => {
    for (let n = 0; n < 3; n++) states.push(await ours.isOpen('a='));
  });
  expect(states).toEqual([true, false, true]);
});
