/** Calls that a flow places: once each, and hung up with their parent where they are chained. */
import { describe, expect, test } from 'vitest';
import { change } from '../../lambda/app/change.ts';
import * as outbound from '../../lambda/call/outbound.ts';
import type { Action } from '../../lambda/flow/flow.ts';
import { CALL, LINE, Stage, signal } from './stage.ts';

const ONE = '+15550001111';
const OTHER = '+15550002222';

const calling = (more: Record<string, unknown> = {}): Action => ({
  type: 'call',
  option: {
    destinations: [ONE, OTHER].map(target => ({ type: 'tel', target })),
    actions: [{ type: 'talk', option: { text: 'Hello ${who}.' } }],
    ...more,
  },
});
const SET: Action = { type: 'variable_set', option: { key: 'who', value: 'Ann' } };

async function begun(more: Record<string, unknown> = {}, settings: Record<string, string> = {}) {
  const stage = new Stage(settings);
  await stage.begin([SET, calling(more), { type: 'talk', option: { text: 'Bye.' } }]);
  return stage;
}

async function placing(more: Record<string, unknown> = {}, settings: Record<string, string> = {}) {
  const stage = await begun(more, settings);
  await stage.perform();
  return stage;
}

describe('calls to two destinations', () => {
  test('do not have the consent of the caller, which nobody has given there', async () => {
    const stage = new Stage();
    const consent = { key: 'recording.consent', value: 'yes' };
    await stage.begin([{ type: 'variable_set', option: consent }, SET, calling()]);
    await stage.perform();
    expect(stage.placed[0]?.variables).toMatchObject({ who: 'Ann' });
    expect(stage.placed[0]?.variables).not.toHaveProperty('recording.consent');
  });

  test('are placed once each, with the flow and the variables that they shall have', async () => {
    const { carrier, placed } = await placing();
    expect(carrier.placed.map(({ to, ringTimeoutSecs }) => [to, ringTimeoutSecs])).toEqual([
      [ONE, 60],
      [OTHER, 60],
    ]);
    expect(placed).toMatchObject([
      { state: 'dialing', direction: 'outbound', to: ONE, variables: { who: 'Ann' } },
      { state: 'dialing', direction: 'outbound', to: OTHER },
    ]);
    expect(placed[0]?.variables?.['voipbin.call.master_call_id']).toBe(CALL);
    expect(placed[0]?.dial?.flow?.actions).toMatchObject([{ type: 'talk' }]);
  });

  test.each([
    [
      'from the number that the action names',
      { source: { type: 'tel', target: '15553334444' } },
      {},
      '+15553334444',
    ],
    ['from FROM_NUMBER', {}, { FROM_NUMBER: '+15555556666' }, '+15555556666'],
    ['from the line of the call that wants them', {}, {}, LINE],
  ])('are placed %s', async (_, option, settings, from) => {
    const { carrier } = await placing(option, settings);
    expect(carrier.placed.map(call => call.from)).toEqual([from, from]);
  });

  test('ask for machines only where the flow has amd', async () => {
    expect((await placing()).carrier.placed[0]?.machineDetection).toBeUndefined();
    const { carrier } = await placing({ actions: [{ type: 'amd' }] });
    expect(carrier.placed[0]?.machineDetection).toBe('true');
  });

  test('for a flow that is not there are not placed', async () => {
    const stage = await placing({ actions: undefined, flow_id: 'nowhere' });
    expect(stage.carrier.placed).toEqual([]);
    expect((await stage.run()).failures).toMatchObject([
      { do: 'call', why: expect.stringContaining('does not exist') },
    ]);
  });

  test.each([
    ['the line that they come from', '+15553334444'],
    ['the line that the call is on', LINE],
    ['the line that calls are placed from', '+15555556666'],
    ['another line of ours', '+15557778888'],
  ])('to %s are not placed: they would never end; the others are', async (_, own) => {
    const destinations = [ONE, own].map(target => ({ type: 'tel', target }));
    const source = { type: 'tel', target: '+15553334444' };
    const stage = await begun({ destinations, source }, { FROM_NUMBER: '+15555556666' });
    await stage.context.store.directory.numbers.save({ number: '+15557778888', flow: 'main' });
    await stage.perform();
    expect(stage.carrier.placed.map(({ to }) => to)).toEqual([ONE]);
    expect((await stage.run()).failures).toMatchObject([{ why: '1 of 2 calls would go to a line of ours' }]);
  });

  test('are a hundred at most that go back to one call, at whatever depth', async () => {
    const stage = await begun();
    const root = { ...(await stage.call()), id: 'root', version: 0, flow: undefined };
    const descendants = Array.from({ length: 99 }, (_, n) => `${n}`);
    await stage.context.store.commit({
      call: { before: undefined, after: { ...root, descendants } as never },
      agents: [],
    });
    const dial = { requested_at: stage.now, depth: 1, root: 'root' };
    await change(stage.context, CALL, held => ({ ...held, call: { ...held.call, dial } }));
    await stage.perform();
    expect(stage.placed.filter(({ id }) => id !== 'root').map(({ to, dial }) => [to, dial?.root])).toEqual([
      [ONE, 'root'],
    ]);
    expect((await stage.run()).failures).toMatchObject([
      { why: '1 of 2 calls would be more than 100 from one' },
    ]);
    expect((await stage.call('root')).descendants).toHaveLength(100);
  });

  test('count on the call that began it all, once each', async () => {
    const stage = await begun();
    stage.carrier.placing = { kind: 'unavailable', reason: 'no reply' };
    await stage.perform();
    await stage.perform();
    expect((await stage.call()).descendants).toHaveLength(2);
    expect(stage.placed.map(({ dial }) => dial?.root)).toEqual([CALL, CALL]);
  });

  test('placed one by the other end at five: a flow that calls itself rings phones no longer', async () => {
    const [last, deeper] = [await begun(), await begun()];
    for (const [stage, depth] of [
      [last, 4],
      [deeper, 5],
    ] as const) {
      const dial = { requested_at: stage.now, depth };
      await change(stage.context, CALL, held => ({ ...held, call: { ...held.call, dial } }));
      await stage.perform();
    }
    expect(last.placed.map(({ dial }) => dial?.depth)).toEqual([5, 5]);
    expect(deeper.carrier.placed).toEqual([]);
    expect((await deeper.run()).failures).toMatchObject([{ why: expect.stringContaining('no more than 5') }]);
  });

  test('that the carrier refuses are a failure, and are not asked for again', async () => {
    const stage = await begun();
    stage.carrier.placing = { kind: 'refused', status: 403, message: `no route to ${ONE}` };
    await stage.perform();
    expect((await stage.run()).failures).toMatchObject([{ why: 'the carrier refused 2 of 2 calls' }]);
    await stage.perform();
    expect(stage.carrier.placed).toHaveLength(2);
  });

  test('of which nobody knows whether they are placed are not asked for again', async () => {
    const stage = await begun();
    stage.carrier.placing = { kind: 'unavailable', reason: 'no reply' };
    await stage.perform();
    stage.now += 61_000;
    await stage.perform();
    expect(stage.carrier.placed).toHaveLength(2);
    const todo = async () => (await stage.run()).todo.length;
    expect(await todo()).toBe(1);
    await change(stage.context, stage.placed[0]?.id ?? '', held => outbound.named(held, 'uuid-1'));
    await stage.hangUp(stage.placed[1]?.id);
    await stage.perform();
    expect(await todo()).toBe(0);
    expect((await stage.run()).failures).toMatchObject([{ why: 'nothing was heard of 1 of 2 calls' }]);
  });

  test('whose performer dies before the carrier is asked end up as a failure', async () => {
    const stage = await begun({ destinations: [{ type: 'tel', target: ONE }] });
    const dying = stage.process();
    const { promise: asked, resolve } = signal();
    dying.carrier = () => {
      resolve();
      return new Promise(() => undefined);
    };
    void stage.perform(dying);
    await asked;
    stage.now += 61_000;
    await stage.perform();
    expect((await stage.run()).todo).toHaveLength(1);
    await stage.hangUp(stage.placed[0]?.id);
    await stage.perform();
    expect(stage.carrier.placed).toEqual([]);
    expect((await stage.run()).failures).toMatchObject([{ why: 'nothing was heard of 1 of 1 calls' }]);
  });
});

describe('a chained call', () => {
  const chaining = () => placing({ chained: true, destinations: [{ type: 'tel', target: ONE }] });
  const ends = async (stage: Stage) => {
    await stage.hangUp();
    await stage.perform();
  };

  test('is noted on its parent, and hung up when that ends', async () => {
    const stage = await chaining();
    const [child] = stage.placed;
    expect((await stage.call()).chained).toEqual([child?.id]);
    await ends(stage);
    expect(stage.carrier.hangUps).toEqual([child?.carrier_id]);
    expect((await stage.run()).todo).toEqual([]);
  });

  test('that is not chained goes on', async () => {
    const stage = await placing();
    await ends(stage);
    expect(stage.carrier.hangUps).toEqual([]);
  });

  test('that has ended by itself needs nobody', async () => {
    const stage = await chaining();
    await stage.hangUp(stage.placed[0]?.id);
    await ends(stage);
    expect(stage.carrier.hangUps).toEqual([]);
    expect((await stage.run()).todo).toEqual([]);
  });

  test('is not placed any more for a parent that has ended', async () => {
    const stage = await begun({ chained: true });
    await ends(stage);
    expect(stage.carrier.placed).toEqual([]);
    expect((await stage.run()).todo).toEqual([]);
  });

  test('whose parent ends while it is being placed is hung up at once', async () => {
    const stage = await begun({ chained: true, destinations: [{ type: 'tel', target: ONE }] });
    const { makeCall } = stage.carrier.client;
    stage.carrier.client.makeCall = async call => {
      await stage.hangUp();
      return makeCall(call);
    };
    await stage.perform();
    expect(stage.carrier.hangUps).toEqual(['placed-1']);
  });

  test('that the carrier has not named yet is come back to', async () => {
    const stage = await begun({ chained: true, destinations: [{ type: 'tel', target: ONE }] });
    stage.carrier.placing = { kind: 'unavailable', reason: 'no reply' };
    await stage.perform();
    await ends(stage);
    expect((await stage.run()).todo).toMatchObject([{ effect: { do: 'end_chained' } }]);
    await change(stage.context, stage.placed[0]?.id ?? '', held => outbound.named(held, 'uuid-1'));
    await stage.perform();
    expect(stage.carrier.hangUps).toEqual(['uuid-1']);
    expect((await stage.run()).todo).toEqual([]);
  });

  test('is tried three times where the carrier cannot be reached, and then come back to', async () => {
    const stage = await chaining();
    stage.carrier.outcome = { kind: 'unavailable', reason: 'no reply' };
    await ends(stage);
    expect(stage.carrier.hangUps).toHaveLength(3);
    stage.carrier.outcome = { kind: 'gone' };
    await stage.perform();
    expect((await stage.run()).todo).toEqual([]);
  });
});
