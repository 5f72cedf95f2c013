/** The pulse: a call whose session is gone gets one new session at a time, or goes on without. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { LEASE_MS, MAX_RECOVERIES, START_MS } from '../../lambda/media/lease.ts';
import { createServe } from '../../lambda/stream/serve.ts';
import { stopStream } from '../../lambda/vobiz/stream-commands.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { heard } from '../support/heard.ts';
import { media, message, opening, start } from './messages.ts';

let context: TestContext;
beforeAll(async () => {
  context = await testContext();
});
beforeEach(() => {
  context.sessions.length = 0;
  context.socketLog.posts.length = 0;
});
afterAll(() => context.stop());

/** A call whose stream has begun, with whatever session was started for it. */
async function streamingCall({ started = true } = {}) {
  const call = randomUUID();
  const connection = randomUUID();
  await context.streams.reserve(call, { stream: call, carrier_call: call }, context.time);
  const serve = createServe(context);
  await serve(opening(connection, call));
  if (started) await serve(message(connection, start(call, 'the-stream')));
  return { call, connection };
}

let chunk = 0;
/** One second of frames on as many containers as there are, so that each looks once. */
async function aSecond(connection: string, containers = [createServe(context)]): Promise<string[]> {
  chunk += 50;
  return heard(() => Promise.all(containers.map(serve => serve(message(connection, media(chunk))))));
}

const take = (call: string, generation: number) =>
  context.streams.leases.take(call, generation, `session ${generation}`, context.time);

it('leaves a call with a session alone', async () => {
  const { call, connection } = await streamingCall();
  await take(call, 1);
  for (let second = 0; second < 10; second++) {
    await aSecond(connection);
    context.time += 1000;
    await context.streams.leases.renew(call, 1, 'session 1', context.time);
  }
  expect(context.sessions).toEqual([]);
});

it('looks once in fifty frames', async () => {
  const { connection } = await streamingCall();
  const serve = createServe(context);
  const before = context.dynamo.capacity().read;
  for (let frame = 1; frame <= 100; frame++) await serve(message(connection, media(frame)));
  // The first look also asks whose the connection is.
  expect(context.dynamo.capacity().read - before).toBe(3);
});

it('starts one session when the lease has run out, however many notice', async () => {
  const { call, connection } = await streamingCall();
  await take(call, 1);
  context.time += LEASE_MS;
  const containers = Array.from({ length: 20 }, () => createServe(context));
  const lines = await aSecond(connection, containers);
  expect(context.sessions).toEqual([{ call, generation: 2 }]);
  expect(lines.filter(line => line.includes('SessionRecoveries'))).toHaveLength(1);
  await aSecond(connection, containers);
  expect(context.sessions).toHaveLength(1);
});

it('starts the first session again if it was lost on the way', async () => {
  const { call, connection } = await streamingCall();
  await aSecond(connection);
  expect(context.sessions).toEqual([]);
  context.time += START_MS;
  await aSecond(connection);
  expect(context.sessions).toEqual([{ call, generation: 1 }]);
});

it('stops the stream after three starts without a session, and starts no more', async () => {
  const { connection } = await streamingCall();
  for (let second = 0; second < 15; second++) {
    await aSecond(connection);
    context.time += 1000;
    if (context.socketLog.closed.includes(connection)) break;
  }
  expect(context.sessions).toHaveLength(2);
  const stops = context.socketLog.posts;
  expect(stops.length).toBeGreaterThan(0);
  expect(stops.every(post => post.connection === connection && post.text === stopStream('the-stream'))).toBe(
    true,
  );
  // A carrier that does not follow loses its socket.
  expect(context.socketLog.closed).toContain(connection);
});

it('starts a session at once when the lease was given up and nobody took it', async () => {
  const { call, connection } = await streamingCall();
  await take(call, 1);
  await context.streams.leases.release(call, 1, 'session 1');
  context.time += 100;
  await aSecond(connection);
  expect(context.sessions).toEqual([{ call, generation: 2 }]);
});

it('a call whose sessions keep dying is given up: its stream is told to stop, and closed if it does not', async () => {
  const { call, connection } = await streamingCall();
  await take(call, 1);
  for (let deaths = 1; deaths <= MAX_RECOVERIES; deaths++) {
    context.time += LEASE_MS;
    await aSecond(connection);
    expect(await take(call, deaths + 1)).toBe(true);
  }
  expect([context.sessions.length, context.socketLog.posts]).toEqual([MAX_RECOVERIES, []]);
  context.time += LEASE_MS;
  await aSecond(connection);
  expect(context.socketLog.posts).toEqual([{ connection, text: stopStream('the-stream') }]);
  expect(context.socketLog.closed).not.toContain(connection);
  context.time += 5000;
  await aSecond(connection);
  expect(context.socketLog.closed).toContain(connection);
  expect(context.sessions).toHaveLength(MAX_RECOVERIES);
});

it('a session that takes the lease after all ends the search', async () => {
  const { call, connection } = await streamingCall();
  context.time += START_MS;
  await aSecond(connection);
  await take(call, 1);
  context.time += START_MS;
  await aSecond(connection);
  expect([context.sessions.length, context.socketLog.posts]).toEqual([1, []]);
});

it('closes the socket when no start has named the stream', async () => {
  const { connection } = await streamingCall({ started: false });
  for (let tries = 0; tries < 4; tries++) {
    context.time += START_MS;
    await aSecond(connection);
  }
  expect(context.socketLog.closed).toContain(connection);
});

it('closes a socket that no call knows', async () => {
  await aSecond('of-nobody');
  expect(context.socketLog.closed).toContain('of-nobody');
});

it('finds a call without a session by frames without numbers, too', async () => {
  const { call, connection } = await streamingCall();
  context.time += START_MS;
  const serve = createServe(context);
  await heard(async () => {
    for (let frame = 0; frame < 1000 && context.sessions.length === 0; frame++) {
      context.time += 20;
      await serve(message(connection, media(undefined)));
    }
  });
  expect(context.sessions).toEqual([{ call, generation: 1 }]);
});

it('a start that fails is tried again two seconds later; the frame is kept', async () => {
  const { call, connection } = await streamingCall();
  context.time += START_MS;
  const startSession = () => Promise.reject(new Error('no capacity'));
  const lines = await aSecond(connection, [createServe({ ...context, startSession })]);
  expect(lines.some(line => line.includes('no capacity'))).toBe(true);
  context.time += START_MS;
  await aSecond(connection);
  expect(context.sessions).toEqual([{ call, generation: 1 }]);
  expect((await context.streams.log.read(connection, -1)).frames).toHaveLength(2);
});
