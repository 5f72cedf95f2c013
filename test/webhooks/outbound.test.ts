/** Calls that we place, from the first ring to the outcome, as the carrier tells of them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeCall } from '../../lambda/app/place-call.ts';
import type { Action } from '../../lambda/flow/flow.ts';
import { sweep } from '../../lambda/sweep/sweep.ts';
import { apiClient } from '../api/client.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { elementsOf, urlTo } from '../support/document.ts';
import { CALLER, hangUp, LINE, post } from './carrier.ts';

let context: TestContext;

beforeEach(async () => {
  context = await testContext({ FROM_NUMBER: LINE });
});
afterEach(() => context.stop());

const UUID = 'placed-1';
const PERSON = { CallUUID: UUID, From: LINE, To: CALLER, Direction: 'outbound' };

async function place(target: object = { assistant: 'default' }) {
  const order = { id: 'own-1', from: LINE, to: CALLER, ring_timeout_secs: 30, detectMachines: true };
  await placeCall(context, { ...order, ...target });
  const {
    answerUrl = '',
    fallbackUrl = '',
    hangupUrl = '',
    ringUrl = '',
  } = context.carrierLog.placed.at(-1) ?? {};
  return {
    rings: () => post(context, ringUrl, { ...PERSON, Event: 'Ring', CallStatus: 'ringing' }),
    answers: (fields = {}) => post(context, answerUrl, { ...PERSON, Event: 'StartApp', ...fields }),
    fallsBack: () => post(context, fallbackUrl, PERSON),
    ends: (fields = {}) => post(context, hangupUrl, { ...PERSON, Event: 'Hangup', ...fields }),
  };
}

const record = async () => {
  const call = await context.store.calls.one('own-1');
  if (!call) throw new Error('No record.');
  return call;
};

describe('a call that is answered', () => {
  it('rings, meets the assistant, and was a conversation', async () => {
    const phone = await place();
    context.time += 2000;
    expect(elementsOf(await phone.rings())).toEqual(['Response']);
    context.time += 3000;
    const document = await phone.answers();
    expect(elementsOf(document)).toEqual(['Response', 'Stream', 'Redirect']);
    expect(await phone.answers()).toBe(document);
    expect(context.sessions).toEqual([{ call: 'own-1', generation: 1 }]);
    const { dial, ...call } = await record();
    expect(call).toMatchObject({ state: 'assisted', carrier_id: UUID, queue: '' });
    expect([(dial?.ringing_at ?? 0) - (dial?.requested_at ?? 0), dial?.result]).toEqual([2000, 'answered']);
  });

  it('for a queue is greeted and waits there, and is fetched by the name that the carrier knows', async () => {
    const phone = await place({ queue: 'default' });
    context.time += 5000;
    const greeting = await phone.answers();
    expect(elementsOf(greeting)).toEqual(['Response', 'Speak', 'Redirect']);
    expect(await record()).toMatchObject({ queue: 'default', joined_at: context.time });
    const next = urlTo('/queue-try-agent', greeting);
    await post(context, urlTo('/queue-hold', await post(context, next)));
    await (await apiClient(context))('POST /agents', { body: { number: '+919000000001', name: 'Asha' } });
    expect(context.carrierLog.transfers.map(({ call }) => call)).toEqual([UUID]);
  });

  it('is known by its CallUUID before any ring, and by the webhooks if the answer to our request was lost', async () => {
    context.carrierLog.placing = { kind: 'unavailable', reason: 'no reply' };
    const phone = await place();
    expect(await record()).not.toHaveProperty('carrier_id');
    await phone.rings();
    expect((await record()).carrier_id).toBe(UUID);
    await hangUp(context, UUID, { HangupCauseCode: '3010', HangupCause: 'USER_BUSY' });
    expect(await record()).toMatchObject({ state: 'ended', dial: { result: 'busy' } });
  });

  it('by a machine is hung up on', async () => {
    const phone = await place();
    const document = await phone.answers({ Machine: 'true' });
    expect(elementsOf(document)).toEqual(['Response', 'Hangup']);
    expect(await record()).toMatchObject({ outcome: 'voicemail', dial: { result: 'machine' } });
    expect(context.sessions).toEqual([]);
  });
});

describe('a call for a flow', () => {
  const talk = { type: 'talk', option: { text: 'Hello.' } };
  const save = (actions: Action[]) =>
    context.store.flows.save(
      undefined,
      { id: 'greet', name: 'Greet', actions },
      { publish: true, now: context.time },
    );
  const asked = () => context.carrierLog.placed[0]?.machineDetection;

  it('begins it when somebody answers, once', async () => {
    await save([talk]);
    const phone = await place({ flow: { id: 'greet' }, variables: { name: 'Ann' } });
    expect(asked()).toBe('hangup');
    const document = await phone.answers();
    expect(elementsOf(document)).toEqual(['Response', 'Speak', 'Hangup']);
    expect(await phone.answers()).toBe(document);
    const { state, dial, carrier_id, flow } = await record();
    expect([state, dial?.result, carrier_id]).toEqual(['in_flow', 'answered', UUID]);
    expect(flow?.state.variables).toMatchObject({
      name: 'Ann',
      'amd.result': 'human',
      'voipbin.call.direction': 'outgoing',
      'voipbin.call.destination.target': CALLER,
    });
    await phone.ends();
    expect(await record()).toMatchObject({ outcome: 'connected', flow: { state: { outcome: 'completed' } } });
  });

  it('may have the flow’s actions with it', async () => {
    const phone = await place({ flow: { actions: [talk] } });
    expect(elementsOf(await phone.answers())).toEqual(['Response', 'Speak', 'Hangup']);
  });

  it('tells a flow that asks for machines of one', async () => {
    await save([{ type: 'amd', option: { machine_handle: 'continue' } }, talk]);
    const phone = await place({ flow: { id: 'greet' } });
    expect(asked()).toBe('true');
    expect(elementsOf(await phone.answers({ Machine: 'true' }))).toEqual(['Response', 'Speak', 'Hangup']);
    expect((await record()).flow?.state.variables['amd.result']).toBe('machine');
  });

  it.each([
    ['in a flow that it fetches, however deep', 'inner', 'true'],
    ['unless only a variable says which', '${inner}', 'hangup'],
  ])('tells of a machine where amd stands %s', async (_, flow_id, detection) => {
    const fetching = (name: string) => [{ type: 'fetch_flow', option: { flow_id: name } }];
    const { flows } = context.store;
    const how = { publish: true, now: context.time };
    await flows.save(undefined, { id: 'inner', name: 'Inner', actions: fetching('innermost') }, how);
    const asking = [...fetching('inner'), { type: 'amd' }];
    await flows.save(undefined, { id: 'innermost', name: 'Innermost', actions: asking }, how);
    await save([...fetching(flow_id), talk]);
    await place({ flow: { id: 'greet' } });
    expect(asked()).toBe(detection);
  });

  it('is hung up on by a flow that says so, and by itself where the flow does not ask', async () => {
    await save([{ type: 'amd' }, talk]);
    const phone = await place({ flow: { id: 'greet' } });
    expect(elementsOf(await phone.answers({ Machine: 'true' }))).toEqual(['Response', 'Hangup']);
    const other = await place({ id: 'own-2', flow: { actions: [talk] } });
    expect(elementsOf(await other.answers({ Machine: 'true' }))).toEqual(['Response', 'Hangup']);
  });

  it('that is gone when somebody answers is hung up', async () => {
    const phone = await place({ flow: { id: 'gone' } });
    expect(elementsOf(await phone.answers())).toEqual(['Response', 'Hangup']);
    expect(await record()).toMatchObject({ state: 'ended', outcome: 'failed' });
  });

  it.each([
    ['is not answered', {}, 'noanswer', { HangupCauseCode: '6010' }],
    ['is refused', { placing: { kind: 'refused', status: 403, message: 'no route' } }, 'failed', undefined],
  ] as const)('that %s is followed all the same by what follows its flow', async (_, carrier, status, end) => {
    Object.assign(context.carrierLog, carrier);
    await context.store.flows.save(
      undefined,
      { id: 'greet', name: 'Greet', actions: [talk], on_complete_flow_id: 'after' },
      { publish: true, now: context.time },
    );
    const phone = await place({ flow: { id: 'greet' }, variables: { name: 'Ann' } });
    if (end) await phone.ends(end);
    if (end) await phone.ends(end);
    const { flow, outcome } = await record();
    expect(outcome).toBe('failed');
    expect(flow).toMatchObject({ flow: 'greet', version: 1, state: { outcome: 'hung_up', path: [] } });
    expect(flow?.todo.map(({ effect }) => effect)).toMatchObject([
      {
        do: 'start_flow',
        flow: 'after',
        completes: 1,
        variables: { name: 'Ann', 'voipbin.call.status': status, 'voipbin.call.destination.target': CALLER },
      },
    ]);
    expect(context.tasks).toContainEqual({ kind: 'effects', call: 'own-1' });
  });

  it('goes on where it is when the carrier falls back, and begins where nobody could say anything yet', async () => {
    const asking = [
      talk,
      { type: 'digits_receive', option: { length: 1 } },
      { ...talk, option: { text: 'Thanks.' } },
    ];
    const phone = await place({
      flow: { actions: [...asking, { type: 'sleep', option: { duration: 9000 } }] },
    });
    const asked = await phone.fallsBack();
    await post(context, urlTo('/flow', asked), { Digits: '1' });
    const again = await post(context, urlTo('/flow', await phone.fallsBack()));
    expect(again).toContain('Thanks.');
    expect(elementsOf(again)).not.toContain('Gather');
  });

  it('is placed once, however often its order comes', async () => {
    await place({ flow: { id: 'greet' } });
    await place({ flow: { id: 'greet' } });
    expect(context.carrierLog.placed).toHaveLength(1);
  });
});

describe('a call that reaches nobody', () => {
  it.each([
    ['busy', { HangupCause: 'USER_BUSY', HangupCauseCode: '3010', HangupCauseName: 'Busy Line' }, 'failed'],
    ['no_answer', { HangupCause: 'NO_ANSWER', HangupCauseCode: '6010' }, 'failed'],
    ['no_answer', { CallStatus: 'no-answer' }, 'failed'],
    ['rejected', { HangupCause: 'CALL_REJECTED', HangupCauseCode: '3020' }, 'rejected'],
    ['failed', { HangupCause: 'CALL_REJECTED', HangupCauseCode: '3030' }, 'failed'],
    ['machine', { HangupCauseCode: '9100', HangupCauseName: 'Machine Detected' }, 'voicemail'],
    ['failed', { HangupCauseCode: '5020', HangupCauseName: 'Routing Error' }, 'failed'],
  ])('is %s: %j', async (result, fields, outcome) => {
    const phone = await place();
    await phone.rings();
    await phone.ends(fields);
    expect(await record()).toMatchObject({ state: 'ended', outcome, dial: { result } });
  });

  it('stays so, whatever comes late or twice', async () => {
    const phone = await place();
    await phone.ends({ HangupCauseCode: '3010' });
    const before = await record();
    await phone.ends({ HangupCauseCode: '6010' });
    await phone.rings();
    expect(elementsOf(await phone.answers())).toEqual(['Response']);
    await hangUp(context, UUID);
    expect(await record()).toEqual(before);
    expect(context.sessions).toEqual([]);
  });

  it('is ended by the sweeper when the carrier says nothing more of it', async () => {
    context.carrierLog.placing = { kind: 'unavailable', reason: 'no reply' };
    await place();
    context.carrierLog.liveness.set('own-1', 'gone');
    context.time += 60_000;
    await sweep(context);
    expect((await record()).state).toBe('dialing');
    context.time += 120_000;
    await sweep(context);
    expect(await record()).toMatchObject({ outcome: 'failed', dial: { result: 'failed', detail: 'lost' } });
  });
});

describe('a conversation of which nothing is heard', () => {
  it('is kept while the carrier says that it lives, and ended when it does not', async () => {
    const phone = await place();
    await phone.answers();
    context.time += 200_000;
    await sweep(context);
    expect((await record()).state).toBe('assisted');
    context.carrierLog.liveness.set(UUID, 'gone');
    context.time += 200_000;
    await sweep(context);
    expect(await record()).toMatchObject({ state: 'ended', outcome: 'abandoned', hangup_cause: 'lost' });
  });

  it('is believed in as long as it may last when the carrier cannot be asked', async () => {
    const phone = await place();
    await phone.answers();
    context.carrierLog.liveness.set(UUID, 'unknown');
    context.time += 7_200_000;
    await sweep(context);
    expect((await record()).state).toBe('assisted');
    context.time += 700_000;
    await sweep(context);
    expect((await record()).state).toBe('ended');
  });
});

describe('the application', () => {
  it('may hear of the end of a call that nobody knows', async () => {
    expect(elementsOf(await hangUp(context, 'stranger'))).toEqual(['Response']);
  });

  it('counts a conversation in no queue, and lets its hour be added up', async () => {
    const phone = await place();
    await phone.answers();
    context.time += 2 * 3_600_000;
    context.carrierLog.liveness.set(UUID, 'live');
    await sweep(context);
    const progress = await context.store.rollups.progress();
    expect(progress?.next).toBeGreaterThan(context.time - 2 * 3_600_000);
    expect((await record()).state).toBe('assisted');
  });
});
