/** Webhooks come twice, late, in another order, or never: the call goes the same way, is counted once, and ends. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { delay, duplicate, lose, swap } from '../../carrier/faults.ts';
import type { Call, Deliver, Webhook } from '../../carrier/index.ts';
import { eventually, openStage, type Stage } from '../support/stage.ts';
import { happens, rings, rung, tally } from '../support/story.ts';

const undisturbed: Deliver = (_webhook, send) => send();
let deliver = undisturbed;
let stage: Stage;

beforeAll(async () => {
  stage = await openStage({
    carrier: { deliver: (webhook, send) => deliver(webhook, send), http: { backoffMs: 20 } },
  });
});
afterEach(() => {
  deliver = undisturbed;
});
afterAll(() => stage.close());

/** Webhooks of this event, sent as what `kind` says: an answer to act upon, or mere news. */
const event =
  (name: string, kind?: Webhook['kind']) =>
  (webhook: Webhook): boolean =>
    webhook.event === name && (kind === undefined || webhook.kind === kind);
const path =
  (wanted: string) =>
  ({ url }: Webhook): boolean =>
    new URL(url).pathname === wanted;

describe('each webhook twice', () => {
  /** Keeps both answers to every document that was asked for twice. */
  function twice(pairs: [string, string][]): Deliver {
    return async (webhook, send) => {
      const first = await send();
      const second = await send();
      if (webhook.kind === 'document') pairs.push([first.body, second.body]);
      return second;
    };
  }

  it('gets the same document twice, from the greeting over a missed ring and music to the talk', async () => {
    const queue = await stage.openQueue();
    const agent = await queue.agent([{ does: 'ignore' }, { does: 'answer' }]);
    const pairs: [string, string][] = [];
    deliver = twice(pairs);
    const { call, done } = queue.call();
    await done;
    expect(pairs.length).toBeGreaterThan(5);
    for (const [first, second] of pairs) expect(second).toBe(first);
    expect(rings(await stage.record(call))).toEqual([`${agent} no_answer`, `${agent} connected`]);
    expect(await stage.agent(agent)).toMatchObject({ state: 'available', calls_handled: 1 });
    expect(tally(await queue.metrics())).toEqual({ connected: 1 });
  });

  it('stores and counts one message', async () => {
    const queue = await stage.openQueue({ when_nobody: 'voicemail' });
    const pairs: [string, string][] = [];
    deliver = twice(pairs);
    const { call, done } = queue.call();
    await done;
    for (const [first, second] of pairs) expect(second).toBe(first);
    expect(call.story.of('records')).toHaveLength(1);
    expect(await stage.record(call)).toMatchObject({ outcome: 'voicemail' });
    expect(tally(await queue.metrics())).toEqual({ voicemails: 1 });
  });

  it('is the same when the carrier signs the repetition with the same nonce', async () => {
    const own = await openStage({ carrier: { retryNonce: 'same', deliver: duplicate() } });
    try {
      const queue = await own.openQueue();
      await queue.agent();
      const { call, done } = queue.call();
      await done;
      expect(call.story.of('reply').map(({ status }) => status)).not.toContain(403);
      expect(tally(await queue.metrics())).toEqual({ connected: 1 });
    } finally {
      await own.close();
    }
  });
});

describe('late and in another order', () => {
  it('everything late: the call goes its way all the same', async () => {
    const queue = await stage.openQueue();
    const agent = await queue.agent();
    deliver = delay(100);
    const { call, done } = queue.call();
    await done;
    expect(rung(call)).toEqual([agent]);
    expect(await stage.record(call)).toMatchObject({ outcome: 'connected', agent });
    expect(tally(await queue.metrics())).toEqual({ connected: 1 });
  });

  const orders: [string, ReturnType<typeof swap>][] = [
    ['the Dial action after the Hangup', undisturbed],
    ['the Hangup after the Dial action', swap(event('Hangup'), event('Redirect', 'callback'))],
    ['DialConnected after the Hangup', swap(event('DialConnected'), event('Hangup'))],
    ['the Hangup before DialHangup', swap(event('DialHangup'), event('Hangup'))],
    ['DialConnected last of all', swap(event('DialConnected'), event('Redirect', 'callback'))],
  ];
  it.each(
    orders,
  )('%s: the caller who hung up was connected, and that is counted once', async (_what, order) => {
    const queue = await stage.openQueue();
    const agent = await queue.agent({ does: 'answer', talks: 'forever' });
    deliver = order;
    const { call, done } = queue.call({ hangsUp: { on: 'bridged', after: 20 } });
    await done;
    const record = await stage.record(call);
    expect(record).toMatchObject({ state: 'ended', outcome: 'connected', agent });
    expect(rings(record)).toEqual([`${agent} connected`]);
    expect(await stage.agent(agent)).toMatchObject({ state: 'available', current_call: null });
    expect(tally(await queue.metrics())).toEqual({ connected: 1 });
  });

  it('the Hangup before the answer webhook: the call has ended as soon as it is known', async () => {
    const queue = await stage.openQueue();
    const agent = await queue.agent();
    deliver = delay(200, event('StartApp'));
    const { call, done } = queue.call({ hangsUp: { after: 2 } });
    await done;
    const record = await eventually(
      () => stage.record(call),
      ({ state }) => state === 'ended',
    );
    expect(record).toMatchObject({ state: 'ended', outcome: 'abandoned' });
    expect(rung(call)).toEqual([]);
    expect(await stage.agent(agent)).toMatchObject({ state: 'available' });
    expect(tally(await queue.metrics())).toEqual({ abandoned: 1 });
  });

  it('without a hangup URL the Answer URL hears of the end, and queues nobody', async () => {
    const queue = await stage.openQueue();
    const { answerUrl, hangupUrl } = {
      answerUrl: `${stage.product.url}/answer?key=${stage.keys.WEBHOOK_KEY}`,
      hangupUrl: `${stage.product.url}/hangup?key=${stage.keys.WEBHOOK_KEY}`,
    };
    stage.vobiz.route({ answerUrl, hangupUrl: answerUrl });
    try {
      const { call, done } = queue.call({ hangsUp: { on: 'plays', after: 1 } });
      await done;
      expect(await stage.record(call)).toMatchObject({ state: 'ended', outcome: 'abandoned' });
      expect(await queue.status()).toMatchObject({ callers_waiting: 0 });
      expect(tally(await queue.metrics())).toEqual({ abandoned: 1 });
    } finally {
      stage.vobiz.route({ answerUrl, hangupUrl });
    }
  });
});

describe('lost', () => {
  const words: [string, (webhook: Webhook) => boolean, object][] = [
    ['DialAnswer', event('DialAnswer'), {}],
    ['DialConnected', event('DialConnected'), {}],
    ['DialHangup', event('DialHangup'), {}],
    ['every word of the Dial callback', path('/dial-event'), {}],
    ['the Hangup', event('Hangup'), {}],
    ['the Hangup of a caller who hung up', event('Hangup'), { hangsUp: { on: 'bridged', after: 10 } }],
    ['the Dial action after a hang-up', path('/dial-complete'), { hangsUp: { on: 'bridged', after: 10 } }],
    ['action and Hangup', lostEnd, { hangsUp: { on: 'bridged', after: 10 } }],
  ];
  it.each(
    words,
  )('%s: a connected call is counted as such, and the agent goes on', async (_what, which, script) => {
    const queue = await stage.openQueue();
    const agent = await queue.agent({ does: 'answer', talks: 20 });
    deliver = lose(which);
    const { call, done } = queue.call(script);
    await done;
    await endsInOneSweep(call);
    expect(await stage.record(call)).toMatchObject({ outcome: 'connected', agent });
    expect(await stage.agent(agent)).toMatchObject({ state: 'available', current_call: null });
    expect(tally(await queue.metrics())).toEqual({ connected: 1 });
  });

  it('the Hangup on hold: the place in line is given up at the sweep, and no phone rings for it', async () => {
    const queue = await stage.openQueue();
    deliver = lose(event('Hangup'));
    const { call, done } = queue.call({ hangsUp: { on: 'plays', after: 1 } });
    await done;
    expect(await queue.status()).toMatchObject({ callers_waiting: 1 });
    await endsInOneSweep(call);
    const agent = await queue.agent();
    expect(rung(call)).toEqual([]);
    expect(await stage.agent(agent)).toMatchObject({ state: 'available' });
    expect(await stage.record(call)).toMatchObject({ outcome: 'abandoned', hangup_cause: 'lost' });
    expect(tally(await queue.metrics())).toEqual({ abandoned: 1 });
  });

  it('the Hangup and the action while it rings: agent and place are freed at the sweep', async () => {
    const queue = await stage.openQueue();
    const agent = await queue.agent({ does: 'ignore' });
    deliver = lose(lostEnd);
    const { call, done } = queue.call({ hangsUp: { on: 'rings', after: 5 } });
    await done;
    expect(await stage.agent(agent)).toMatchObject({ state: 'reserved', current_call: call.uuid });
    await endsInOneSweep(call);
    expect(await stage.agent(agent)).toMatchObject({ state: 'available', current_call: null });
    expect(tally(await queue.metrics())).toEqual({ abandoned: 1 });
  });

  it('the file of a message: it is a voicemail nevertheless, for its beginning was told', async () => {
    const queue = await stage.openQueue({ when_nobody: 'voicemail' });
    deliver = lose(event('RecordStop'));
    const { call, done } = queue.call();
    await done;
    const record = await stage.record(call);
    expect(record).toMatchObject({ state: 'ended', outcome: 'voicemail', voicemail: { url: null } });
    expect(record.voicemail.recording_id).toBe(call.story.of('records')[0]?.recording);
  });

  it('the word that the recording has begun: the file tells the rest', async () => {
    const queue = await stage.openQueue({ when_nobody: 'voicemail' });
    deliver = lose(event('Record'));
    const { call, done } = queue.call({ hangsUp: { on: 'records', after: 3 } });
    await done;
    expect((await stage.record(call)).voicemail.url).toContain(call.story.of('records')[0]?.recording);
    expect(tally(await queue.metrics())).toEqual({ voicemails: 1 });
  });

  it('the document for a fetched caller: the carrier drops the call, which has failed, and the agent is free', async () => {
    const queue = await stage.openQueue();
    const { call, done } = queue.call();
    await happens(call, 'plays');
    deliver = lose(event('Transfer'));
    const agent = await queue.agent();
    await done;
    expect(rung(call)).toEqual([]);
    expect(await stage.record(call)).toMatchObject({ state: 'ended', outcome: 'failed' });
    expect(await stage.agent(agent)).toMatchObject({ state: 'available', current_call: null });
    expect(tally(await queue.metrics())).toEqual({ failed: 1 });
  });

  function lostEnd(webhook: Webhook): boolean {
    return event('Hangup')(webhook) || path('/dial-complete')(webhook);
  }

  /** What was lost is made up for by one sweep, when the deadlines are over. */
  async function endsInOneSweep(call: Call): Promise<void> {
    deliver = undisturbed;
    await stage.sweep(call);
    expect(await stage.record(call)).toMatchObject({ state: 'ended', outcome: expect.any(String) });
  }
});
