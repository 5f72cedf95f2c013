/** What is there before the carrier opens the stream; and that asking twice changes nothing. */
import { randomUUID } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { reserveStream, streamUrl } from '../../lambda/media/reserve.ts';
import { StoreUnavailable } from '../../lambda/store/outage.ts';
import { createServe } from '../../lambda/stream/serve.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { heard } from '../support/heard.ts';
import { message, opening, start } from './messages.ts';

let context: TestContext;
beforeAll(async () => {
  context = await testContext();
});
beforeEach(() => {
  context.sessions.length = 0;
});
afterAll(() => context.stop());

const tokenIn = (url: string) => new URL(url).searchParams.get('token') ?? '';

it('gives a URL whose token opens one socket, and starts the first session', async () => {
  const id = randomUUID();
  const url = await reserveStream(context, { id });
  expect(url).toMatch(/^wss:\/\/streams\.switchboard\.test\/stream\?token=[\w-]{43}$/);
  expect(context.sessions).toEqual([{ call: id, generation: 1 }]);
  expect(await context.streams.leases.read(id)).toMatchObject({ generation: 0, starts: 1 });
  const serve = createServe(context);
  expect(await serve(opening('reserved', tokenIn(url)))).toMatchObject({ statusCode: 200 });
});

it('asked again gives the same URL, starts nothing, and leaves a running session its lease', async () => {
  const id = randomUUID();
  const url = await reserveStream(context, { id });
  await context.streams.leases.take(id, 1, 'first', context.time);
  const lease = await context.streams.leases.read(id);
  context.time += 500;
  expect(await reserveStream(context, { id })).toBe(url);
  expect(await streamUrl(context, { id })).toBe(url);
  expect(context.sessions).toHaveLength(1);
  expect(await context.streams.leases.read(id)).toEqual(lease);
});

it('asked twice at once starts one session', async () => {
  const id = randomUUID();
  const urls = await Promise.all([reserveStream(context, { id }), reserveStream(context, { id })]);
  expect(new Set(urls).size).toBe(1);
  expect(context.sessions).toHaveLength(1);
});

it('each call has a token of its own, which another key would not give', async () => {
  const [a, b] = [{ id: randomUUID() }, { id: randomUUID() }];
  const other = { ...context, webhookKeys: async () => ['another-key'] };
  const urls = [await streamUrl(context, a), await streamUrl(context, b), await streamUrl(other, a)];
  expect(new Set(urls).size).toBe(3);
});

it('of a call that we placed, start must say the carrier’s name of it', async () => {
  const call = { id: randomUUID(), carrier_id: 'carrier-uuid' };
  const url = await reserveStream(context, call);
  const serve = createServe(context);
  const connection = randomUUID();
  await serve(opening(connection, tokenIn(url)));
  expect(await serve(message(connection, start('carrier-uuid')))).toMatchObject({ body: 'started' });
});

it('a session that cannot be started is left to the stream', async () => {
  const failing = { ...context, startSession: () => Promise.reject(new Error('throttled')) };
  const lines = await heard(() => reserveStream(failing, { id: randomUUID() }));
  expect(lines.some(line => line.includes('throttled'))).toBe(true);
});

it('a store that is away is an error: the call must go on elsewhere', async () => {
  context.dynamo.faults.inject({ times: 100 }, { kind: 'throttle' });
  await expect(reserveStream(context, { id: randomUUID() })).rejects.toThrow(StoreUnavailable);
  context.dynamo.faults.clear();
});

it('what is stored ends by itself, and the token is stored as a digest', async () => {
  const id = randomUUID();
  const token = tokenIn(await reserveStream(context, { id }));
  await createServe(context)(opening('expiring', token));
  await context.streams.log.append('expiring', { sequence: 1, audio: new Uint8Array(160), at: context.time });
  const stored = await itemsOf(context);
  expect(JSON.stringify(stored)).not.toContain(token);
  expect(stored.filter(item => typeof item.ttl?.N !== 'string')).toEqual([]);
  const swept = await context.dynamo.sweep(context.time + 3 * 3_600_000 + 2000);
  expect(swept).toBeGreaterThanOrEqual(stored.length);
  expect(await itemsOf(context)).toEqual([]);
});

async function itemsOf({ dynamo }: TestContext) {
  const { Items = [] } = await dynamo.client.send(
    new ScanCommand({ TableName: dynamo.tables.frames, ConsistentRead: true }),
  );
  return Items;
}
