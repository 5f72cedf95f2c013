/** Processes die between any two writes: the call goes on, nobody is lost, and nothing stays reserved. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, openStage, type Stage, type StageQueue } from '../support/stage.ts';
import { happens, rings, tally } from '../support/story.ts';

/** More writes than one call makes; the loops end at the first one that is never reached. */
const MOST_WRITES = 30;
const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-death-'));
/** Tries for some three seconds, as long as a start takes. */
const http = { backoffMs: 100, retries: 5 };
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let stage: Stage;

beforeAll(async () => {
  receiver = await startReceiver();
  const settings = { HTTP_ALLOW_HOSTS: new URL(receiver.url).host };
  stage = await openStage({ settings, host: { dataDir }, carrier: { http } });
});
afterAll(async () => {
  await stage.close();
  receiver.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A ring that is missed, one that is answered, a talk and its end: the course of most calls. */
async function missedThenAnswered(queue: StageQueue) {
  const missing = await queue.agent({ does: 'busy', after: 1 });
  const answering = await queue.agent({ does: 'answer', talks: 10 });
  return { missing, answering };
}

describe('a call on which the process dies', () => {
  it('after its n-th write goes on after the restart, for every n', { timeout: 90_000 }, async () => {
    const deaths = await untilUnharmed(async (write, die) => {
      const queue = await stage.openQueue();
      const { missing, answering } = await missedThenAnswered(queue);
      die();
      const { call, done } = queue.call();
      await done;
      stage.product.faults.clear();
      await stage.restarted();
      await stage.sweep(call);
      const record = await stage.record(call);
      expect(record, `died after write ${write}`).toMatchObject({ state: 'ended', outcome: 'connected' });
      expect(rings(record).filter(ring => ring.endsWith('connected'))).toHaveLength(1);
      expect(tally(await queue.metrics())).toEqual({ connected: 1 });
      for (const agent of [missing, answering])
        expect(await stage.agent(agent)).toMatchObject({ state: 'available', current_call: null });
    });
    expect(deaths).toBeGreaterThan(5);
  });

  it('while an agent registers for a caller on hold, gets that agent all the same', {
    timeout: 60_000,
  }, async () => {
    const deaths = await untilUnharmed(async (write, die) => {
      const queue = await stage.openQueue({ max_wait_cycles: 100 });
      const { call, done } = queue.call();
      await happens(call, 'plays');
      die();
      // The agent's own request is cut off, like everything else.
      await queue.agent().catch(() => undefined);
      await done;
      stage.product.faults.clear();
      await stage.restarted();
      expect(await stage.record(call), `died after write ${write}`).toMatchObject({ outcome: 'connected' });
      expect(tally(await queue.metrics())).toEqual({ connected: 1 });
    });
    expect(deaths).toBeGreaterThan(1);
  });

  it('during the wrap-up, whose wake-up is lost with it: the next cycle finds the agent', async () => {
    const queue = await stage.openQueue({ wrap_up_secs: 1, max_wait_cycles: 100 });
    const agent = await queue.agent();
    const first = queue.call();
    await first.done;
    const second = queue.call();
    await happens(second.call, 'plays');
    await stage.restart();
    await second.done;
    expect(await stage.record(second.call)).toMatchObject({ outcome: 'connected', agent });
  });

  /** Runs `scene` with a death after the first, second ... write, until none comes; gives the number of deaths. */
  async function untilUnharmed(scene: (write: number, die: () => void) => Promise<void>): Promise<number> {
    for (let write = 1; write < MOST_WRITES; write++) {
      let died = false;
      await scene(write, () =>
        stage.product.faults.crashAfter(write, () => {
          died = true;
          void stage.restart();
        }),
      );
      if (!died) return write - 1;
    }
    throw new Error(`Even the ${MOST_WRITES}th write was reached.`);
  }
});

it.each([
  'PutItem',
  'TransactWriteItems',
])('the reply to the n-th %s of a call is lost, for every n: it is done once', async operation => {
  const request = { operation, caller: stage.product.nameOf('function', 'webhooks'), tables: [] };
  const { faults } = stage.product;
  for (let write = 1, reached = true; reached; write++) {
    const queue = await stage.openQueue();
    const { missing, answering } = await missedThenAnswered(queue);
    faults.inject({ ...request, times: write - 1 }, { kind: 'delay', milliseconds: 0 });
    faults.inject(request, { kind: 'lost_reply' });
    const { call, done } = queue.call();
    await done;
    reached = faults.take(request) === undefined;
    faults.clear();
    const record = await stage.record(call);
    expect(record, `${operation} ${write}`).toMatchObject({ outcome: 'connected', agent: answering });
    expect(rings(record)).toEqual([`${missing} busy`, `${answering} connected`]);
    expect(await stage.agent(answering)).toMatchObject({ state: 'available', calls_handled: 1 });
    expect(tally(await queue.metrics())).toEqual({ connected: 1 });
    expect(reached || write > 2).toBe(true);
  }
});

it('a background task that fails is repeated until the news of a voicemail is delivered, once', async () => {
  receiver.answers.push(500, 503);
  const queue = await stage.openQueue({ when_nobody: 'voicemail', voicemail_webhook_url: receiver.url });
  const { call, done } = queue.call();
  await done;
  await eventually(
    () => receiver.received.length,
    count => count === 3,
  );
  await stage.product.settled();
  expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual(
    Array(3).fill(`voicemail-${call.uuid}`),
  );
  await stage.product.invoke('tasks', { kind: 'voicemail', call: call.uuid });
  expect(receiver.received).toHaveLength(3);
});

/** Somebody's server: answers with the statuses in `answers`, then 200. */
async function startReceiver() {
  const received: IncomingMessage[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    received.push(request);
    request.resume().on('end', () => response.writeHead(answers.shift() ?? 200).end());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/voicemails`;
  return { received, answers, url, close: () => server.close() };
}
