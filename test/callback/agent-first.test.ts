/** The agent's phone rings first, then the caller's: who answers, who does not, and what is counted against whom. */
import { beforeEach, describe, expect, it } from 'vitest';
import '../support/quiet.ts';
import { removeAgent } from '../../lambda/api/agents.ts';
import { change } from '../../lambda/app/change.ts';
import { legLost } from '../../lambda/call/calling-back.ts';
import { elementsOf } from '../support/document.ts';
import { AGENT, BUSY, CALLER, NO_ANSWER, Office, OTHER_AGENT, START } from './office.ts';

let office: Office;
let id: string;

beforeEach(async () => {
  office = await Office.open();
  id = await office.wish();
  await office.register();
});

describe('both answer', () => {
  it('the agent hears whom it is for, the caller is rung, and they talk', async () => {
    expect(office.rung).toEqual([AGENT]);
    expect(await office.agent()).toMatchObject({ state: 'reserved', call: id });
    const { phone } = office;
    await phone.rings();
    office.now += 5000;
    const document = await phone.answers();
    expect(elementsOf(document)).toEqual(['Response', 'Speak', 'Dial', 'Number', 'Redirect']);
    expect(document).toContain(`<Number>${CALLER}</Number>`);
    office.now += 8000;
    await phone.connects();
    expect(await office.record(id)).toMatchObject({
      state: 'connected',
      agent: AGENT,
      connected_at: START + 13_000,
    });
    expect(await office.agent()).toMatchObject({ state: 'busy', calls_handled: 1 });
    office.now += 60_000;
    expect(elementsOf(await phone.bridgeEnds('completed'))).toEqual(['Response', 'Speak', 'Hangup']);
    expect(await office.record(id)).toMatchObject({
      state: 'ended',
      outcome: 'connected',
      ended_at: START + 73_000,
    });
    expect((await office.agent()).state).toBe('available');
    expect(await office.context.store.callbacks.list()).toEqual([]);
  });

  it('and whatever comes twice or late changes nothing', async () => {
    const { phone } = office;
    const document = await phone.answers();
    expect(await phone.answers()).toBe(document);
    await phone.connects();
    const talking = await office.record(id);
    await phone.connects();
    await phone.rings();
    expect(await office.record(id)).toEqual(talking);
    await phone.hangsUp();
    const over = await office.record(id);
    expect(over).toMatchObject({ state: 'ended', outcome: 'connected' });
    for (const word of [
      phone.hangsUp(),
      phone.bridgeEnds('completed'),
      phone.connects(),
      office.hangUp(phone.uuid),
    ])
      expect(elementsOf(await word)).toEqual(['Response']);
    expect(await office.record(id)).toEqual(over);
    expect(office.rung).toHaveLength(1);
  });

  it('and the talk counts when the word of the answer was lost, whoever tells of its end first', async () => {
    const { phone } = office;
    await phone.answers();
    await phone.hangsUp();
    expect(await office.record(id)).toMatchObject({ state: 'waiting' });
    expect((await office.agent()).state).toBe('available');
    await office.context.store.directory.agents.one(AGENT);
    await phone.bridgeEnds('completed');
    expect(await office.record(id)).toMatchObject({ state: 'ended', outcome: 'connected', agent: AGENT });
    expect(office.rung).toEqual([AGENT]);
  });
});

describe('the agent does not answer', () => {
  it.each([
    ['busy', BUSY],
    ['no_answer', NO_ANSWER],
    ['failed', { HangupCauseCode: '3030' }],
  ])('%s: the place is kept, no attempt used, another agent tried at once', async (result, fields) => {
    await office.register(OTHER_AGENT);
    await office.phone.hangsUp(fields);
    expect(office.rung).toEqual([AGENT, OTHER_AGENT]);
    const call = await office.callback(id);
    expect(call).toMatchObject({ state: 'offered', joined_at: START, rings: [{ agents: [AGENT], result }] });
    expect(call.callback.tries).toEqual([]);
    expect(await office.agent()).toMatchObject({ state: 'available', missed_in_row: 1 });
  });

  it('also when that one is no longer at work', async () => {
    await office.register(OTHER_AGENT);
    await removeAgent.run(office.context, { path: { number: AGENT }, query: {}, body: () => undefined });
    await office.phone.hangsUp(NO_ANSWER);
    expect(office.rung).toEqual([AGENT, OTHER_AGENT]);
  });

  it('and is tried again when a hold cycle has passed', async () => {
    await office.phone.hangsUp(NO_ANSWER);
    expect(office.rung).toEqual([AGENT]);
    await office.pass(19);
    expect(office.rung).toEqual([AGENT]);
    await office.pass(1);
    expect(office.rung).toEqual([AGENT, AGENT]);
  });

  it('a machine that presses no key has not answered', async () => {
    const strict = await Office.open({ confirm_key: '1' });
    const callback = await strict.wish();
    await strict.register();
    const { phone } = strict;
    expect(elementsOf(await phone.answers())).toEqual(['Response', 'Gather', 'Speak', 'Speak', 'Redirect']);
    expect(elementsOf(await phone.goes('/callback-answered'))).toEqual(['Response', 'Hangup']);
    expect(await strict.record(callback)).toMatchObject({
      state: 'waiting',
      rings: [{ result: 'no_answer' }],
    });
  });

  it('an agent who presses it has', async () => {
    const strict = await Office.open({ confirm_key: '1' });
    await strict.wish();
    await strict.register();
    const { phone } = strict;
    await phone.answers();
    expect(elementsOf(await phone.goes('/callback-answered', { Digits: '1' }))).toContain('Dial');
  });

  it('who answers when it is too late hears so', async () => {
    const { phone } = office;
    await phone.hangsUp(NO_ANSWER);
    expect(await phone.answers()).toContain('not needed any more');
    expect((await office.record(id)).state).toBe('waiting');
  });
});

describe('the caller does not answer', () => {
  it.each([
    ['no-answer', 'no_answer'],
    ['timeout', 'no_answer'],
    ['busy', 'busy'],
  ])('%s: an attempt is used, and the agent is free at once without a miss', async (status, result) => {
    const { phone } = office;
    await phone.answers();
    expect(elementsOf(await phone.bridgeEnds(status))).toEqual(['Response', 'Speak', 'Hangup']);
    const { callback, ...call } = await office.callback(id);
    expect(callback.tries).toEqual([{ at: office.now, result }]);
    expect(call).toMatchObject({ state: 'waiting', joined_at: START });
    expect(await office.agent()).toMatchObject({ state: 'available', missed_in_row: 0, calls_handled: 0 });
    await phone.hangsUp();
    expect((await office.callback(id)).callback.tries).toHaveLength(1);
  });

  it('the next attempt comes after the queue’s pause, and the last one is the end', async () => {
    for (const attempt of [1, 2, 3]) {
      expect(office.rung).toHaveLength(attempt);
      await office.phone.answers();
      await office.phone.bridgeEnds('no-answer');
      await office.pass(599);
      expect(office.rung).toHaveLength(attempt);
      await office.pass(1);
    }
    expect(office.rung).toHaveLength(3);
    expect(await office.callback(id)).toMatchObject({
      state: 'ended',
      outcome: 'failed',
      callback: { result: 'no_answer' },
    });
    expect(await office.context.store.callbacks.list()).toEqual([]);
    expect(await office.context.store.line.places('default')).toEqual([]);
  });

  it('meanwhile it keeps its place and those behind are served', async () => {
    await office.phone.answers();
    await office.phone.bridgeEnds('busy');
    office.now += 1;
    const later = await office.wish('+919000000009');
    expect(await office.agent()).toMatchObject({ state: 'reserved', call: later });
    expect((await office.context.store.line.places('default')).map(place => place.id)).toEqual([id, later]);
  });
});

describe('the agent hangs up while the caller’s phone rings', () => {
  it('that phone has rung for nothing: an attempt is used, and the agent has missed it', async () => {
    const { phone } = office;
    await phone.answers();
    await phone.hangsUp();
    expect(await office.agent()).toMatchObject({ state: 'available', missed_in_row: 1 });
    await phone.bridgeEnds('cancel');
    expect((await office.callback(id)).callback.tries).toEqual([{ at: START, result: 'agent_left' }]);
    await office.pass(599);
    expect(office.rung).toEqual([AGENT]);
    await office.pass(1);
    expect(office.rung).toEqual([AGENT, AGENT]);
  });

  it('a mailbox that takes every callback rings the caller no more often than the queue says', async () => {
    for (let minute = 0; minute < 60; minute++) {
      if ((await office.record(id)).state === 'offered') {
        await office.phone.answers();
        office.now += 5000;
        await office.phone.hangsUp();
      }
      await office.pass(60);
    }
    expect(office.rung).toHaveLength(3);
    expect(await office.callback(id)).toMatchObject({
      outcome: 'failed',
      callback: { result: 'agent_left' },
    });
  });

  it('or a talk was over whose word comes later, even while the next agent is rung', async () => {
    const { phone } = office;
    await phone.answers();
    await phone.hangsUp();
    await office.register(OTHER_AGENT);
    await office.pass(600);
    expect(await office.callback(id)).toMatchObject({ state: 'offered' });
    await phone.bridgeEnds('completed');
    expect(await office.callback(id)).toMatchObject({
      state: 'ended',
      outcome: 'connected',
      agent: AGENT,
      connected_at: START,
    });
    for (const number of [AGENT, OTHER_AGENT]) expect((await office.agent(number)).call).toBeUndefined();
    expect(await office.phone.answers()).toContain('not needed any more');
  });

  it('also in the last attempt', async () => {
    const once = await Office.open({ callback_attempts: 1 });
    const callback = await once.wish();
    await once.register();
    const { phone } = once;
    await phone.answers();
    await phone.hangsUp();
    await once.pass(19);
    expect((await once.callback(callback)).state).toBe('waiting');
    await phone.bridgeEnds('completed');
    expect(await once.callback(callback)).toMatchObject({ state: 'ended', outcome: 'connected' });
  });
});

describe('the carrier will not ring', () => {
  it('from that line, or without credit: no attempt is used, and it ends all the same', async () => {
    for (const fault of [1, 2, 3, 4]) {
      await office.phone.answers();
      await office.phone.bridgeEnds('failed');
      expect(await office.callback(id)).toMatchObject({
        state: 'waiting',
        callback: { tries: [], faults: fault },
      });
      expect(await office.agent()).toMatchObject({ state: 'available', missed_in_row: 0 });
      await office.pass(600);
    }
    await office.phone.answers();
    await office.phone.bridgeEnds('failed');
    expect(await office.callback(id)).toMatchObject({ outcome: 'failed', callback: { result: 'failed' } });
  });

  it.each([
    [{ kind: 'no_credit' }, 402],
    [{ kind: 'rate_limited' }, 429],
    [{ kind: 'refused', status: 400, message: 'The from number is not yours.' }, 400],
    [{ kind: 'not_configured' }, undefined],
  ] as const)('%j: nobody is blamed, and it is tried again in a minute', async (placing, status) => {
    const poor = await Office.open();
    poor.carrier.placing = placing as never;
    const callback = await poor.wish();
    await poor.register();
    const call = await poor.callback(callback);
    expect(call).toMatchObject({
      state: 'waiting',
      callback: { tries: [], refusal: { ...(status && { status }) } },
    });
    expect(await poor.agent()).toMatchObject({ state: 'available', missed_in_row: 0 });
    await poor.pass(59);
    expect(poor.rung).toHaveLength(1);
    poor.carrier.placing = undefined;
    await poor.pass(1);
    expect((await poor.callback(callback)).state).toBe('offered');
  });

  it('is not asked when the request comes too late: the process was halted before', async () => {
    const halted = await Office.open();
    const { carrier } = halted.context;
    halted.context.carrier = async () => {
      halted.now += 60_000;
      return carrier();
    };
    const callback = await halted.wish();
    await halted.register();
    expect(halted.rung).toEqual([]);
    expect(await halted.callback(callback)).toMatchObject({ state: 'waiting', callback: { tries: [] } });
    expect((await halted.agent()).state).toBe('available');
  });

  it('nor for a callback that somebody has ended meanwhile', async () => {
    const halted = await Office.open();
    const { carrier } = halted.context;
    const callback = await halted.wish();
    halted.context.carrier = async () => {
      await change(halted.context, callback, (held, queue, now) => legLost(held, queue, now));
      return carrier();
    };
    await halted.register();
    expect(halted.rung).toEqual([]);
    expect((await halted.callback(callback)).callback).not.toHaveProperty('refusal');
  });

  it('a refusal leaves the agent to whoever waits behind', async () => {
    const poor = await Office.open();
    await poor.wish();
    await poor.holds('caller-1', '+919000000009');
    poor.carrier.placing = { kind: 'no_credit' };
    await poor.register();
    expect(poor.carrier.transfers.map(({ call }) => call)).toEqual(['caller-1']);
  });

  it('where nobody knows whether it rings, nothing is repeated until the sweeper has asked', async () => {
    const vague = await Office.open();
    vague.carrier.placing = { kind: 'unavailable', reason: 'no reply' };
    const callback = await vague.wish();
    await vague.register();
    expect((await vague.agent()).state).toBe('reserved');
    await vague.pass(80);
    expect(vague.rung).toHaveLength(1);
    await vague.pass(20);
    expect(await vague.callback(callback)).toMatchObject({ state: 'waiting', callback: { tries: [] } });
    expect((await vague.agent()).state).toBe('available');
    await vague.pass(60);
    expect(vague.rung).toHaveLength(2);
  });
});
