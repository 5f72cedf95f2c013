/** Asking for a callback: on hold, in a flow's name, through the API; and what becomes of the call that asked. */
import { describe, expect, it } from 'vitest';
import '../support/quiet.ts';
import { askFor, requestCallback } from '../../lambda/app/callbacks.ts';
import { completeQueue } from '../../lambda/app/context.ts';
import type { Call } from '../../lambda/call/call.ts';
import { newCall } from '../../lambda/call/transitions.ts';
import { inFlow, QUEUE_JOIN } from '../call/flow-fixtures.ts';
import { elementsOf, urlTo } from '../support/document.ts';
import { AGENT, CALLER, LINE, Office, START } from './office.ts';

const ON_HOLD = { leave_key: '1', leave_to: 'callback', callback_country_code: '91' } as const;
const open = () => Office.open(ON_HOLD);

async function press(office: Office, hold: string, keys?: string): Promise<string> {
  const asked = await office.post(urlTo('/queue-leave', hold), { Digits: '1' });
  return keys === undefined ? asked : office.post(urlTo('/queue-callback', asked), { Digits: keys });
}

/** What is typed is read back, and right. */
async function type(office: Office, hold: string, keys: string): Promise<string> {
  const readBack = await press(office, hold, keys);
  return office.post(urlTo('/queue-callback', readBack), { Digits: '#' });
}

const only = async (office: Office) => {
  const [id = ''] = await office.context.store.callbacks.list();
  return office.callback(id);
};

describe('on hold', () => {
  it('hash means the number one calls from; the place is kept, and the call is over with its outcome', async () => {
    const office = await open();
    const hold = await office.holds('caller-1');
    expect(hold).toContain('be called back, press 1');
    office.now += 60_000;
    const document = await press(office, hold, '#');
    expect(document).toContain('9 1 9 8 7 6');
    expect(elementsOf(document)).toEqual(['Response', 'Speak', 'Hangup']);
    const callback = await only(office);
    expect(callback).toMatchObject({ to: CALLER, joined_at: START, callback: { asked_in: 'caller-1' } });
    expect(await office.record('caller-1')).toMatchObject({
      state: 'ended',
      outcome: 'callback',
      left: 'callback',
      callback_id: callback.id,
    });
    expect((await office.context.store.line.places('default')).map(({ id }) => id)).toEqual([callback.id]);
    const ended = await office.record('caller-1');
    await office.hangUp('caller-1');
    expect(await office.record('caller-1')).toEqual(ended);
  });

  it('the same request twice makes one callback and gets the same answer', async () => {
    const office = await open();
    const asked = await press(office, await office.holds('caller-1'));
    const first = await office.post(urlTo('/queue-callback', asked), { Digits: '#' });
    expect(await office.post(urlTo('/queue-callback', asked), { Digits: '#' })).toBe(first);
    expect(await office.context.store.callbacks.list()).toHaveLength(1);
  });

  it.each([
    ['09876543211#', '+919876543211'],
    ['9876543211', '+919876543211'],
    ['00442079460958#', '+442079460958'],
    ['919876543211#', '+919876543211'],
  ])('another number, read back before it is stored: %s', async (keys, number) => {
    const office = await Office.open({ ...ON_HOLD, callback_prefixes: ['+91', '+44'] });
    const readBack = await press(office, await office.holds('caller-1'), keys);
    expect(readBack).toContain(`The number is ${number.slice(1).split('').join(' ')}. If that is right`);
    expect(await office.context.store.callbacks.list()).toEqual([]);
    await office.post(urlTo('/queue-callback', readBack), { Digits: '#' });
    expect((await only(office)).to).toBe(number);
  });

  it('read back and wrong: typed anew', async () => {
    const office = await open();
    const readBack = await press(office, await office.holds('caller-1'), '9876543211#');
    const again = await office.post(urlTo('/queue-callback', readBack), { Digits: '9876543212#' });
    await office.post(urlTo('/queue-callback', again), { Digits: '#' });
    expect((await only(office)).to).toBe('+919876543212');
  });

  it.each(['09876543211#', '9876543211#'])('in a queue of no country %s is nobody’s number', async keys => {
    const office = await Office.open({ ...ON_HOLD, callback_country_code: '' });
    const hold = await office.holds('caller-1');
    expect(await press(office, hold)).toContain('another number with its country code');
    expect(await press(office, hold, keys)).toContain('no number that we can call');
    expect(await office.context.store.callbacks.list()).toEqual([]);
  });

  it('what is no number is asked for again, and silence goes back to the music', async () => {
    const office = await open();
    const asked = await press(office, await office.holds('caller-1'), '12#');
    expect(asked).toContain('no number that we can call');
    const back = await office.post(urlTo('/queue-callback', asked));
    expect(urlTo('/queue-try-agent', back)).toBeTruthy();
    expect((await office.record('caller-1')).state).toBe('waiting');
  });

  it('without a number of one’s own hash is none', async () => {
    const office = await open();
    const asked = await press(office, await office.holds('caller-1', 'anonymous'));
    expect(asked).not.toContain('calling from');
    expect(await office.post(urlTo('/queue-callback', asked), { Digits: '#' })).toContain('no number');
  });

  it.each([
    ['91', '+919876500021'],
    ['', undefined],
  ])('one’s own number is read as a typed one is, with the country code "%s"', async (country, number) => {
    const office = await Office.open({ ...ON_HOLD, callback_country_code: country });
    const asked = await press(office, await office.holds('caller-1', '09876500021'));
    expect(asked.includes('calling from')).toBe(number !== undefined);
    await office.post(urlTo('/queue-callback', asked), { Digits: '#' });
    const callbacks = await office.context.store.calls.some(await office.context.store.callbacks.list());
    expect(callbacks.map(({ to }) => to)).toEqual(number === undefined ? [] : [number]);
  });

  it('an agent who becomes free meanwhile takes the caller, who needs no callback', async () => {
    const office = await open();
    const asked = await press(office, await office.holds('caller-1'));
    await office.register();
    expect(office.carrier.transfers.map(({ call }) => call)).toEqual(['caller-1']);
    expect(elementsOf(await office.post(urlTo('/queue-callback', asked), { Digits: '#' }))).toEqual([
      'Response',
      'Redirect',
    ]);
    expect(await office.context.store.callbacks.list()).toEqual([]);
  });
});

describe('whoever runs this pays for the calls', () => {
  it('so callers have their own country rung, their own number, and what the queue allows beside', async () => {
    const office = await open();
    const hold = await office.holds('caller-1', '+14155550100');
    const again = await press(office, hold, '00882160000000#');
    expect(again).toContain('no number that we can call');
    expect(await office.post(urlTo('/queue-callback', again), { Digits: '#' })).toContain('Goodbye');
    expect((await only(office)).to).toBe('+14155550100');
    await office.context.store.directory.queues.save({ id: 'default', callback_prefixes: ['+'] });
    const wish = { queue: 'default', number: '+882160000000' };
    await office.holds('caller-2');
    expect(await requestCallback(office.context, { id: 'caller-2' }, wish)).toMatchObject({
      kind: 'requested',
    });
  });

  it('of what country, without a setting our own line says', async () => {
    const office = await Office.open();
    await office.holds('caller-1', '+14155550100');
    const ask = (number: string) =>
      requestCallback(office.context, { id: 'caller-1' }, { queue: 'default', number });
    expect(await ask('+14155550101')).toEqual({
      kind: 'refused',
      why: 'callback_prefixes of the queue default has no number of that kind',
    });
    expect(await ask('+919876543299')).toMatchObject({ kind: 'requested' });
  });

  it('one call has one callback open', async () => {
    const office = await open();
    const [first, second] = ['+919876543291', '+919876543292'];
    const call = inFlow(
      {
        ...newCall({ id: 'caller-1', from: CALLER, to: LINE, direction: 'inbound' }, START),
        state: 'in_flow',
        deadline: START + 60_000,
      },
      [{ type: 'digits_receive' }],
    );
    await office.context.store.commit({ call: { before: undefined, after: call }, agents: [] });
    const ask = (number: string) => requestCallback(office.context, call, { queue: 'default', number });
    expect(await ask(first)).toMatchObject({ kind: 'requested' });
    expect(await ask(second)).toEqual({
      kind: 'refused',
      why: 'this call has a callback open already',
    });
    expect(await ask(first)).toMatchObject({ kind: 'requested' });
    expect(await office.context.store.callbacks.list()).toHaveLength(1);
  });

  it('and one number asks for a few in a day', async () => {
    const office = await Office.open({ ...ON_HOLD, callback_daily_limit: 2 });
    for (const n of [1, 2])
      expect(await type(office, await office.holds(`caller-${n}`), `987654320${n}#`)).toContain('Goodbye');
    const told = await press(office, await office.holds('caller-3'), '9876543203#');
    expect(told).toContain('no more callbacks from you today');
    expect((await office.record('caller-3')).state).toBe('waiting');
    office.now += 86_400_000;
    expect(await type(office, await office.holds('caller-4'), '9876543204#')).toContain('Goodbye');
  });
});

describe('one number has one callback', () => {
  it('who asks again keeps the older place', async () => {
    const office = await open();
    await press(office, await office.holds('caller-1'), '#');
    const first = await only(office);
    office.now += 60_000;
    await press(office, await office.holds('caller-2'), '#');
    expect(await only(office)).toMatchObject({ id: first.id, joined_at: START });
    expect(await office.record('caller-2')).toMatchObject({ outcome: 'callback', callback_id: first.id });
  });

  it('and of requests at the same moment one makes it', async () => {
    const office = await open();
    const calls = ['caller-1', 'caller-2', 'caller-3'];
    for (const id of calls) await office.holds(id);
    const wish = { queue: 'default', number: CALLER };
    const requested = await Promise.all(calls.map(id => requestCallback(office.process(), { id }, wish)));
    expect(requested.map(one => one.kind === 'requested' && one.is_new).sort()).toEqual([false, false, true]);
    const { id } = await only(office);
    for (const call of calls) expect((await office.record(call)).callback_id).toBe(id);
  });

  it('the next one may be asked for when it is over', async () => {
    const office = await Office.open({ callback_attempts: 1 });
    await office.wish();
    await office.register();
    await office.phone.answers();
    await office.phone.bridgeEnds('busy');
    await office.wish();
    expect(await office.context.store.callbacks.list()).toHaveLength(1);
  });
});

describe('nobody is rung who is still on the line', () => {
  it('on hold: not before the goodbye is over', async () => {
    const office = await open();
    await press(office, await office.holds('caller-1'), '#');
    await office.register();
    expect(office.rung).toEqual([]);
    await office.pass(14);
    expect(office.rung).toEqual([]);
    expect(office.tasks).toEqual([{ kind: 'wake', at: START + 15_000, queues: ['default'] }]);
    office.now += 1000;
    await office.perform();
    expect(office.rung).toEqual([AGENT]);
  });

  it('in a flow: not before its call is over, and then at once', async () => {
    const office = await open();
    const arrived = newCall({ id: 'caller-1', from: CALLER, to: LINE, direction: 'inbound' }, START);
    const listening: Call = { ...arrived, state: 'in_flow', deadline: START + 60_000 };
    const call = inFlow(listening, [{ type: 'digits_receive' }]);
    await office.context.store.commit({ call: { before: undefined, after: call }, agents: [] });
    await requestCallback(office.context, call, { queue: 'default', number: CALLER });
    await office.register();
    await office.pass(50);
    expect(office.rung).toEqual([]);
    await office.hangUp('caller-1');
    expect(office.rung).toEqual([AGENT]);
    expect(await office.record('caller-1')).toMatchObject({ state: 'ended', outcome: 'callback' });
  });
});

it('who leaves a flow’s queue for a callback comes back with its variables', async () => {
  const office = await open();
  const arrived = newCall({ id: 'caller-1', from: CALLER, to: LINE, direction: 'inbound' }, START);
  const held = {
    call: inFlow({ ...arrived, state: 'waiting', deadline: START + 60_000 }, QUEUE_JOIN),
    agents: [],
  };
  const queue = completeQueue(office.context.settings, { id: 'default' });
  const { call, born } = await askFor(office.context, held, { queue, number: CALLER }, START);
  expect(call.state).toBe('in_flow');
  expect(call.flow?.result).toMatchObject({
    type: 'queue_left',
    result: 'callback',
    variables: { 'callback.status': 'requested', 'callback.id': born?.id, 'callback.number': CALLER },
  });
});

describe('a request of a flow', () => {
  it('may be repeated, and an unknown queue or a number that is none is refused', async () => {
    const office = await open();
    await office.holds('caller-1');
    const ask = (queue: string, number: string) =>
      requestCallback(office.context, { id: 'caller-1' }, { queue, number });
    expect(await ask('nowhere', CALLER)).toEqual({ kind: 'refused', why: 'there is no queue nowhere' });
    expect(await ask('default', 'me')).toEqual({ kind: 'refused', why: 'that is no telephone number' });
    await office.context.store.directory.queues.save({ id: 'abroad' });
    const why = expect.stringContaining('the queue abroad has no callback_country_code');
    expect(await ask('abroad', '09876500011')).toEqual({ kind: 'refused', why });
    const requested = await ask('default', CALLER);
    expect(requested).toMatchObject({ kind: 'requested', number: CALLER, is_new: true });
    expect(await ask('default', CALLER)).toEqual(requested);
  });
});

describe('the same number calls in again', () => {
  it('while its caller holds in person, the callback is passed over', async () => {
    const office = await open();
    const id = await office.wish();
    await office.holds('caller-1');
    await office.register();
    expect(office.rung).toEqual([]);
    expect(office.carrier.transfers.map(({ call }) => call)).toEqual(['caller-1']);
    await office.hangUp('caller-1');
    expect((await office.callback(id)).state).toBe('offered');
    expect(office.rung).toEqual([AGENT]);
  });

  it('and who has reached an agent needs none any more', async () => {
    const office = await open();
    const id = await office.wish();
    await office.holds('caller-1');
    await office.register();
    const [{ url } = { url: '' }] = office.carrier.transfers;
    const ring = await office.post(url, { CallUUID: 'caller-1' });
    await office.post(urlTo('/dial-event', ring), { Event: 'DialConnected', DialBLegStatus: 'connected' });
    expect((await office.record('caller-1')).state).toBe('connected');
    expect(await office.callback(id)).toMatchObject({ state: 'ended', callback: { result: 'called_in' } });
    expect(await office.context.store.callbacks.list()).toEqual([]);
  });
});
