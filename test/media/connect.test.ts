/** The door: one socket for one token, again only after the one before is gone. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServe, type ServeStream } from '../../lambda/stream/serve.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { heard } from '../support/heard.ts';
import { closing, media, message, opening, start } from './messages.ts';

let context: TestContext;
let serve: ServeStream;
beforeAll(async () => {
  context = await testContext();
  serve = createServe(context);
});
afterAll(() => context.stop());

async function reserved() {
  const call = randomUUID();
  const token = `token of ${call}`;
  await context.streams.reserve(token, { stream: call, carrier_call: call }, context.time);
  return { call, token };
}

/** @returns the name of the socket if it may open, else why not */
async function open(token?: string): Promise<{ connection?: string; refused?: string }> {
  const connection = randomUUID();
  let reply = { statusCode: 0, body: '' };
  await heard(async () => {
    reply = await serve(opening(connection, token));
  });
  return reply.statusCode === 200 ? { connection } : { refused: `${reply.statusCode} ${reply.body}` };
}

it('opens for a valid token, and knows from then on whose the socket is', async () => {
  const { call, token } = await reserved();
  const { connection = '' } = await open(token);
  expect(await context.streams.connections.ofStream(call)).toEqual([{ connection, opened_at: context.time }]);
  expect(await context.streams.connections.holder(connection)).toMatchObject({
    stream: call,
    carrier_call: call,
  });
});

it('stays shut without a token, or with one that nobody issued', async () => {
  for (const token of [undefined, '', 'forged', 'x'.repeat(4000)])
    expect(await open(token)).toEqual({ refused: '403 bad_token' });
});

it('stays shut for a token that was not used within a minute', async () => {
  const { token } = await reserved();
  context.time += 60_001;
  expect(await open(token)).toEqual({ refused: '403 bad_token' });
});

it('opens once for five sockets that come at the same moment, ten times over', async () => {
  for (let round = 0; round < 10; round++) {
    const { call, token } = await reserved();
    const connections = Array.from({ length: 5 }, () => randomUUID());
    let replies: number[] = [];
    await heard(async () => {
      replies = await Promise.all(
        connections.map(async one => (await serve(opening(one, token))).statusCode),
      );
    });
    expect(replies.filter(status => status === 200)).toHaveLength(1);
    expect(await context.streams.connections.ofStream(call)).toMatchObject([
      { connection: connections[replies.indexOf(200)] },
    ]);
  }
}, 30_000);

it('opens no second socket while one is open', async () => {
  const { token } = await reserved();
  await open(token);
  expect(await open(token)).toEqual({ refused: '403 connected' });
});

describe('a socket that the platform believes open', () => {
  const frame = (connection: string, chunk: number) => serve(message(connection, media(chunk)));

  it('keeps its call as long as it brings frames, or has just opened', async () => {
    const { token } = await reserved();
    const { connection = '' } = await open(token);
    context.time += 1999;
    expect(await open(token)).toEqual({ refused: '403 connected' });
    await frame(connection, 1);
    context.time += 1999;
    expect(await open(token)).toEqual({ refused: '403 connected' });
    expect(context.socketLog.closed).not.toContain(connection);
  });

  it.each([[0], [30]])('gives way after two seconds without a frame (%i before)', async frames => {
    const { call, token } = await reserved();
    const first = await open(token);
    for (let chunk = 1; chunk <= frames; chunk++) await frame(first.connection ?? '', chunk);
    context.time += 2000;
    const second = await open(token);
    expect(second).toHaveProperty('connection');
    expect(context.socketLog.closed).toContain(first.connection);
    expect(await context.streams.connections.ofStream(call)).toMatchObject([
      { connection: first.connection, closed_at: context.time },
      { connection: second.connection },
    ]);
    expect(await open(token)).toEqual({ refused: '403 connected' });
  });

  it('gives way to nobody whose token is used up', async () => {
    const { token } = await reserved();
    for (let use = 1; use <= 4; use++) {
      expect(await open(token)).toHaveProperty('connection');
      context.time += 2000;
    }
    const before = context.socketLog.closed.length;
    expect(await open(token)).toEqual({ refused: '403 bad_token' });
    expect(context.socketLog.closed).toHaveLength(before);
  });
});

it('opens again once the socket before has closed, long after the first minute, and four times in all', async () => {
  const { call, token } = await reserved();
  const opened: (string | undefined)[] = [];
  for (let use = 1; use <= 4; use++) {
    const { connection = '' } = await open(token);
    opened.push(connection);
    await serve(closing(connection));
    context.time += 120_000;
  }
  expect(await open(token)).toEqual({ refused: '403 bad_token' });
  expect((await context.streams.connections.ofStream(call)).map(one => one.connection)).toEqual(opened);
});

it('opens again when the socket before is gone and nobody was told', async () => {
  const { token } = await reserved();
  const { connection = '' } = await open(token);
  await context.sockets.close(connection);
  expect(await open(token)).toHaveProperty('connection');
});

it('a socket that closed before it said start leaves the call to the next one', async () => {
  const { call, token } = await reserved();
  const first = await open(token);
  await serve(closing(first.connection ?? ''));
  const { connection = '' } = await open(token);
  expect(await serve(message(connection, start(call, 'second')))).toMatchObject({ body: 'started' });
  const [lost, used] = await context.streams.connections.ofStream(call);
  expect(lost).not.toHaveProperty('stream_id');
  expect(used).toMatchObject({ connection, stream_id: 'second' });
});

it('the newest of a call’s connections is the last, even if the clock has stood still', async () => {
  const { call, token } = await reserved();
  const first = await open(token);
  await serve(closing(first.connection ?? ''));
  const second = await open(token);
  const connections = await context.streams.connections.ofStream(call);
  expect(connections.map(one => one.connection)).toEqual([first.connection, second.connection]);
});

it('stays shut while the store is away: nobody can tell who knocks', async () => {
  const { token } = await reserved();
  context.dynamo.faults.inject({ times: 100 }, { kind: 'error' });
  expect(await open(token)).toEqual({ refused: '403 unchecked' });
  context.dynamo.faults.clear();
  expect(await open(token)).toHaveProperty('connection');
});

it('opens once when the answer of the store gets lost', async () => {
  const { call, token } = await reserved();
  context.dynamo.faults.inject({ operation: 'TransactWriteItems' }, { kind: 'lost_reply' });
  const { connection } = await open(token);
  expect(await context.streams.connections.ofStream(call)).toMatchObject([{ connection }]);
});

it('a refusal is measured, and says nothing of the token', async () => {
  const lines = await heard(() => serve(opening('refused', 'secret-of-somebody')));
  expect(lines.some(line => line.includes('RefusedStreams'))).toBe(true);
  expect(lines.join()).not.toContain('secret-of-somebody');
});
