/** Whoever has a callback open calls in: asks once more, holds elsewhere, or reaches an agent before the callback does. */
import { describe, expect, it } from 'vitest';
import '../support/quiet.ts';
import { registerAgent } from '../../lambda/api/agents.ts';
import { cancelCallback, createCallback } from '../../lambda/api/callbacks.ts';
import { requestCallback } from '../../lambda/app/callbacks.ts';
import { newCall } from '../../lambda/call/transitions.ts';
import type { Queue } from '../../lambda/queue/queue.ts';
import { inFlow } from '../call/flow-fixtures.ts';
import { urlTo } from '../support/document.ts';
import { AGENT, CALLER, LINE, Office, OTHER_AGENT, run, START } from './office.ts';

const raw = { path: {}, query: {}, body: () => undefined };
const QUEUE = { leave_key: '1', leave_to: 'callback', callback_country_code: '91' } as const;
const open = (queue: Partial<Queue> = {}) => Office.open({ ...QUEUE, ...queue });

const wishOf = (number = CALLER, queue = 'default') => ({ queue, number });

/** A call that goes on in a flow. */
async function listening(office: Office, id: string): Promise<void> {
  const arrived = newCall({ id, from: CALLER, to: LINE, direction: 'inbound' }, office.now);
  const call = inFlow({ ...arrived, state: 'in_flow', deadline: office.now + 900_000 }, [
    { type: 'digits_receive' },
  ]);
  await office.context.store.commit({ call: { before: undefined, after: call }, agents: [] });
}

describe('asks once more', () => {
  it('during the last attempt, which counts for nothing: they were on the line with us', async () => {
    const office = await open({ callback_attempts: 1 });
    const id = await office.wish();
    await office.register();
    await office.phone.answers();
    await office.holds('caller-1');
    await requestCallback(office.context, { id: 'caller-1' }, wishOf());
    await office.phone.bridgeEnds('busy');
    expect(await office.callback(id)).toMatchObject({ state: 'waiting', callback: { tries: [] } });
    await office.pass(600);
    expect(office.rung).toEqual([AGENT, AGENT]);
    await office.phone.answers();
    await office.phone.bridgeEnds('busy');
    expect(await office.callback(id)).toMatchObject({ state: 'ended', callback: { result: 'busy' } });
  });

  it('a moment before it expires: it has all its time again, at the older place', async () => {
    const office = await open({ callback_expires_secs: 600 });
    const id = await office.wish();
    office.now += 590_000;
    await office.holds('caller-1');
    await requestCallback(office.context, { id: 'caller-1' }, wishOf());
    await office.hangUp('caller-1');
    await office.pass(60);
    expect(await office.callback(id)).toMatchObject({ state: 'waiting', joined_at: START });
    await office.pass(600);
    expect(await office.callback(id)).toMatchObject({ callback: { result: 'expired' } });
  });

  it('from another queue: it stands there, at the place that was promised there', async () => {
    const office = await open();
    await office.context.store.directory.queues.save({ ...QUEUE, id: 'sales' });
    const id = await office.wish(CALLER, { queue: 'sales' });
    office.now += 5000;
    await office.holds('caller-1');
    office.now += 5000;
    await requestCallback(office.context, { id: 'caller-1' }, wishOf());
    expect(await office.callback(id)).toMatchObject({ queue: 'default', joined_at: START + 5000 });
    const { line } = office.context.store;
    expect((await line.places('default')).map(place => place.id)).toEqual([id]);
    expect(await line.places('sales')).toEqual([]);
  });

  it('while it is called off elsewhere: whatever comes between, one is open afterwards', async () => {
    for (let at = 1; at <= 12; at++) {
      const office = await open();
      const first = await office.wish();
      office.now += 5000;
      await office.holds('caller-1');
      let operations = 0;
      const after = async () => {
        if (++operations !== at) return;
        await cancelCallback.run(office.context, { ...raw, path: { id: first } });
      };
      const late = office.process({ before: () => undefined, after });
      await requestCallback(late, { id: 'caller-1' }, wishOf());
      const { callback_id = '', outcome } = await office.record('caller-1');
      expect(outcome).toBe('callback');
      const { callback } = await office.callback(callback_id);
      // After the request it may be called off as ever.
      if (callback.result === undefined)
        expect(await office.context.store.callbacks.list()).toEqual([callback_id]);
      else expect(callback.requested_at).toBe(office.now);
    }
  });

  it('in a flow, when the first one is over: another one begins', async () => {
    const office = await open({ callback_attempts: 1 });
    await listening(office, 'caller-1');
    const first = await requestCallback(office.context, { id: 'caller-1' }, wishOf('+919000000009'));
    const { callback: id } = first as { callback: string };
    await cancelCallback.run(office.context, { ...raw, path: { id } });
    const second = await requestCallback(office.context, { id: 'caller-1' }, wishOf('+919000000009'));
    expect(second).toMatchObject({ kind: 'requested', is_new: true });
    expect(await office.context.store.callbacks.list()).toEqual([(second as { callback: string }).callback]);
  });
});

describe('a line of ours is nobody’s phone', () => {
  const SALES = '+918000000001';

  it.each([LINE, SALES])('neither for a caller nor for the App API: %s', async number => {
    const office = await open();
    await office.context.store.directory.numbers.save({ number: SALES, queue: 'default' });
    await office.holds('caller-1');
    expect(await requestCallback(office.context, { id: 'caller-1' }, wishOf(number))).toMatchObject({
      kind: 'refused',
    });
    const wish = createCallback.run(office.context, { ...raw, body: () => ({ number }) });
    await expect(wish).rejects.toMatchObject({ status: 400 });
    expect(await office.context.store.callbacks.list()).toEqual([]);
    expect((await office.record('caller-1')).state).toBe('waiting');
  });
});

describe('reaches an agent', () => {
  /** The caller holds, and an agent's phone rings for them. @returns the document that rings it */
  async function served(office: Office, agent: string): Promise<string> {
    await office.holds('caller-1');
    await office.register(agent);
    const { url } = office.carrier.transfers.at(-1) ?? { url: '' };
    return office.post(url, { CallUUID: 'caller-1' });
  }

  it('while another one’s phone rings for the callback: should that come to nothing, it is over', async () => {
    const office = await open();
    const id = await office.wish();
    await office.register();
    await office.phone.answers();
    const ring = await served(office, OTHER_AGENT);
    await office.post(urlTo('/dial-event', ring), { Event: 'DialConnected', DialBLegStatus: 'connected' });
    expect((await office.callback(id)).state).toBe('offered');
    await office.phone.bridgeEnds('busy');
    expect(await office.callback(id)).toMatchObject({ state: 'ended', callback: { result: 'called_in' } });
    expect(await office.agent()).toMatchObject({ state: 'available' });
    await office.pass(600);
    expect(office.rung).toEqual([AGENT]);
  });

  it('and only the end of that talk is heard of', async () => {
    const office = await open();
    const id = await office.wish();
    const ring = await served(office, AGENT);
    await office.post(urlTo('/dial-complete', ring), { DialStatus: 'completed' });
    expect(await office.callback(id)).toMatchObject({ state: 'ended', callback: { result: 'called_in' } });
  });

  it('what is asked for after a talk is not undone by word of that talk', async () => {
    const office = await open();
    const ring = await served(office, AGENT);
    const connected = { Event: 'DialConnected', DialBLegStatus: 'connected' };
    await office.post(urlTo('/dial-event', ring), connected);
    office.now += 60_000;
    const id = await office.wish();
    await office.post(urlTo('/dial-event', ring), connected);
    await office.post(urlTo('/dial-complete', ring), { DialStatus: 'completed' });
    expect((await office.callback(id)).callback.result).toBeUndefined();
  });
});

describe('is on the line elsewhere', () => {
  it('in another queue: the callback is passed over until that call is over', async () => {
    const office = await open();
    await office.context.store.directory.queues.save({ id: 'sales' });
    const id = await office.wish(CALLER, { queue: 'sales' });
    await office.holds('caller-1');
    await run(registerAgent, office.context, { number: AGENT, name: 'Asha', queues: ['sales'] });
    await office.pass(0);
    expect(office.rung).toEqual([]);
    await office.hangUp('caller-1');
    expect((await office.callback(id)).state).toBe('offered');
    expect(office.rung).toEqual([AGENT]);
  });
});
