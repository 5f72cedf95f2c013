/** The store or the carrier's REST API is away for a while: callers hear music and come back, and nothing is lost. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Call } from '../../carrier/index.ts';
import type { Fault } from '../../local/dynamodb/faults.ts';
import { eventually, openStage, type Stage } from '../support/stage.ts';
import { happens, heard, rings, rung, tally } from '../support/story.ts';

/** How long a caller bears to hear nothing (real time). */
const BEARABLE_MS = 1500;
let refused: number | undefined;
let stage: Stage;

beforeAll(async () => {
  stage = await openStage({
    carrier: { refuse: method => (method === 'POST' ? refused : undefined), http: { backoffMs: 300 } },
  });
  const queue = await stage.openQueue();
  await queue.call({ hangsUp: { on: 'plays' } }).done;
});
afterEach(() => {
  stage.product.faults.clear();
  refused = undefined;
});
afterAll(() => stage.close());

describe('the store', () => {
  /** From now on the webhooks' requests to the store meet `fault`, until `faults.clear()`. */
  function breakStore(fault: Fault): void {
    const caller = stage.product.nameOf('function', 'webhooks');
    stage.product.faults.inject({ caller, times: Number.POSITIVE_INFINITY }, fault);
  }

  const replies = (call: Call, path: string) =>
    call.story.of('reply').filter(({ url }) => new URL(url).pathname === path);

  const ways: [string, Fault][] = [
    ['throttles', { kind: 'throttle' }],
    ['fails', { kind: 'error' }],
    ['is slow', { kind: 'delay', milliseconds: 3000 }],
  ];
  it.each(
    ways,
  )('%s when a call comes in: music, and then the greeting and an agent', async (_what, fault) => {
    const queue = await stage.openQueue();
    const agent = await queue.agent();
    breakStore(fault);
    const { call, done } = queue.call();
    await happens(call, 'plays', 2);
    stage.product.faults.clear();
    await done;
    const sounds = heard(call);
    expect(sounds.slice(0, 2)).toEqual(['music 5 s', 'music 5 s']);
    expect(sounds.slice(-3)).toEqual([
      'Thank you for calling. Please hold while we connect you.',
      `bridged ${agent}`,
      'Thank you for calling. Goodbye.',
    ]);
    for (const { realMs, status } of replies(call, '/answer')) {
      expect(status).toBe(200);
      expect(realMs).toBeLessThan(BEARABLE_MS);
    }
    expect(await stage.record(call)).toMatchObject({ outcome: 'connected', agent });
    expect(tally(await queue.metrics())).toEqual({ connected: 1 });
  });

  it.each(ways)('%s while a caller holds: the caller keeps the place and is served', async (_what, fault) => {
    const queue = await stage.openQueue();
    const { call, done } = queue.call();
    await happens(call, 'plays');
    breakStore(fault);
    await happens(call, 'plays', 3);
    stage.product.faults.clear();
    const agent = await queue.agent();
    await done;
    expect(
      heard(call)
        .filter(sound => sound.startsWith('music'))
        .slice(0, 3),
    ).toEqual(['music 20 s', 'music 5 s', 'music 5 s']);
    expect(await stage.record(call)).toMatchObject({ outcome: 'connected', agent });
    expect(tally(await queue.metrics())).toEqual({ connected: 1 });
  });

  it('is away when a ring has been missed: what the carrier said of it is kept until it can be stored', async () => {
    const queue = await stage.openQueue();
    const agent = await queue.agent({ does: 'busy', after: 5 });
    const { call, done } = queue.call({ hangsUp: { on: 'plays', after: 60 } });
    await happens(call, 'rings');
    breakStore({ kind: 'throttle' });
    await happens(call, 'plays');
    stage.product.faults.clear();
    await done;
    expect(rings(await stage.record(call))[0]).toBe(`${agent} busy`);
    expect(await stage.agent(agent)).toMatchObject({ current_call: null });
  });

  it('is away for mere news: 503, and the carrier delivers it again', async () => {
    const queue = await stage.openQueue();
    const agent = await queue.agent({ does: 'answer', after: 5, talks: 150 });
    const { call, done } = queue.call();
    await happens(call, 'rings');
    breakStore({ kind: 'error' });
    const news = await eventually(
      () => call.story.of('request').find(({ event }) => event === 'DialConnected'),
      request => request !== undefined,
    );
    const refusal = await fetch(news?.url ?? '', { method: 'POST', body: new URLSearchParams(news?.fields) });
    expect(refusal.status).toBe(503);
    stage.product.faults.clear();
    await done;
    const connected = call.story.of('reply').find(({ event }) => event === 'DialConnected');
    expect(connected).toMatchObject({ status: 200 });
    expect(await stage.record(call)).toMatchObject({ outcome: 'connected', agent });
    expect(tally(await queue.metrics())).toEqual({ connected: 1 });
  });

  it('is away at the hang-up: the carrier reports it again, and the agent is free', async () => {
    const queue = await stage.openQueue();
    const agent = await queue.agent({ does: 'ignore' });
    const { call, done } = queue.call({ hangsUp: { on: 'rings', after: 5 } });
    await happens(call, 'rings');
    breakStore({ kind: 'throttle' });
    await happens(call, 'hangup');
    setTimeout(() => stage.product.faults.clear(), 1500);
    await done;
    expect(await stage.record(call)).toMatchObject({ state: 'ended', outcome: 'abandoned' });
    expect(await stage.agent(agent)).toMatchObject({ state: 'available', current_call: null });
    expect(tally(await queue.metrics())).toEqual({ abandoned: 1 });
  });

  it('two conflicts with other transactions and a throttled request are not even heard', async () => {
    const queue = await stage.openQueue();
    const agent = await queue.agent();
    stage.product.faults.inject({ operation: 'TransactWriteItems', times: 2 }, { kind: 'conflict' });
    stage.product.faults.inject({ operation: 'GetItem' }, { kind: 'throttle' });
    const { call, done } = queue.call();
    await done;
    expect(heard(call).filter(sound => sound.startsWith('music'))).toEqual([]);
    expect(await stage.record(call)).toMatchObject({ outcome: 'connected', agent });
  });
});

describe("the carrier's REST API", () => {
  it.each([500, 404, 402, 429])('answers %i: the caller’s own next cycle finds the offer', async status => {
    const queue = await stage.openQueue();
    const { call, done } = queue.call();
    await happens(call, 'plays');
    refused = status;
    const agent = await queue.agent();
    expect(await stage.agent(agent)).toMatchObject({ state: 'reserved', current_call: call.uuid });
    await done;
    expect(call.story.of('transferred')).toEqual([]);
    expect(rung(call)).toEqual([agent]);
    expect(heard(call).filter(sound => sound.startsWith('music'))).toEqual(['music 20 s']);
    expect(rings(await stage.record(call))).toEqual([`${agent} connected`]);
    expect(tally(await queue.metrics())).toEqual({ connected: 1 });
  });

  it('cannot be reached at all: the same', async () => {
    const own = await openStage({ settings: { VOBIZ_API_URL: 'http://127.0.0.1:9/api/v1' } });
    try {
      const queue = await own.openQueue();
      const { call, done } = queue.call();
      await happens(call, 'plays');
      const agent = await queue.agent();
      await done;
      expect(call.story.of('transferred')).toEqual([]);
      expect(await own.record(call)).toMatchObject({ outcome: 'connected', agent });
    } finally {
      await own.close();
    }
  });
});
