/** The caller's phone rings first, while an agent is reserved; from the answer on it is a caller on the line. */
import { beforeEach, describe, expect, it } from 'vitest';
import '../support/quiet.ts';
import { elementsOf, urlTo } from '../support/document.ts';
import { AGENT, CALLER, NO_ANSWER, Office, OTHER_AGENT, START } from './office.ts';

let office: Office;
let id: string;

beforeEach(async () => {
  office = await Office.open({ callback_order: 'caller_first', max_wait_secs: 300 });
  id = await office.wish();
  office.now += 3_600_000;
  await office.register();
});

it('the caller meets the reserved agent', async () => {
  expect(office.rung).toEqual([CALLER]);
  expect(office.phone.request).toMatchObject({ machineDetection: 'hangup', ringTimeoutSecs: 30 });
  const { phone } = office;
  office.now += 10_000;
  const document = await phone.answers();
  expect(elementsOf(document)).toEqual(['Response', 'Speak', 'Dial', 'Number', 'Redirect']);
  expect(document).toContain(`<Number>${AGENT}</Number>`);
  expect(await phone.answers()).toBe(document);
  await phone.connects('/dial-event');
  expect(await office.record(id)).toMatchObject({ state: 'connected', agent: AGENT, joined_at: START });
  expect(elementsOf(await phone.bridgeEnds('completed', '/dial-complete'))).toContain('Hangup');
  await phone.hangsUp();
  expect(await office.record(id)).toMatchObject({ state: 'ended', outcome: 'connected' });
  expect((await office.agent()).state).toBe('available');
});

it('an agent who does not answer is replaced while the caller holds, at the head of the line', async () => {
  await office.wish('+919000000009', { priority: 0 });
  const { phone } = office;
  await phone.answers();
  const next = await phone.bridgeEnds('no-answer', '/dial-complete');
  expect(await office.agent()).toMatchObject({ missed_in_row: 1 });
  expect(await office.callback(id)).toMatchObject({
    state: 'waiting',
    joined_at: START,
    callback: { tries: [] },
  });
  await office.post(urlTo('/queue-hold', next));
  await office.register(OTHER_AGENT);
  expect(office.carrier.transfers.map(({ call }) => call)).toEqual([phone.uuid]);
  expect(await office.agent(OTHER_AGENT)).toMatchObject({ state: 'reserved', call: id });
});

it('a caller who then hangs up was called back in vain, and abandoned nothing', async () => {
  const { phone } = office;
  await phone.answers();
  await phone.bridgeEnds('no-answer', '/dial-complete');
  await phone.hangsUp();
  const call = await office.callback(id);
  expect(call).toMatchObject({ state: 'ended', outcome: 'failed' });
  expect(call).not.toHaveProperty('abandoned_while');
  expect(await office.context.store.callbacks.list()).toEqual([]);
});

describe('the caller does not answer', () => {
  it.each([
    ['no_answer', NO_ANSWER],
    ['busy', { HangupCauseCode: '3010' }],
    ['rejected', { HangupCauseCode: '3020' }],
    ['machine', { HangupCauseCode: '9100', HangupCauseName: 'Machine Detected' }],
    ['failed', { HangupCauseCode: '3050' }],
  ])('%s: an attempt is used, and the agent is free without a miss', async (result, fields) => {
    await office.phone.hangsUp(fields);
    expect(await office.callback(id)).toMatchObject({ state: 'waiting', callback: { tries: [{ result }] } });
    expect(await office.agent()).toMatchObject({ state: 'available', missed_in_row: 0 });
    expect(office.rung).toEqual([CALLER]);
  });

  it('because the carrier, or our document, was broken: no attempt is used', async () => {
    for (const code of ['5020', '8011']) {
      await office.phone.hangsUp({ HangupCauseCode: code });
      await office.pass(600);
    }
    expect(await office.callback(id)).toMatchObject({ state: 'offered', callback: { tries: [], faults: 2 } });
    expect(office.rung).toHaveLength(3);
  });

  it('because the carrier knows no such number: these are attempts', async () => {
    const wrong = await Office.open({ callback_order: 'caller_first' });
    wrong.carrier.placing = { kind: 'refused', status: 400, message: 'invalid destination' };
    const callback = await wrong.wish();
    await wrong.register();
    for (let minute = 0; minute < 60; minute++) await wrong.pass(60);
    expect(wrong.rung).toHaveLength(3);
    expect(await wrong.callback(callback)).toMatchObject({
      outcome: 'failed',
      callback: { result: 'refused', refusal: { status: 400 } },
    });
    expect(await wrong.agent()).toMatchObject({ state: 'available', missed_in_row: 0 });
  });

  it('but a machine does', async () => {
    expect(elementsOf(await office.phone.answers({ Machine: 'true' }))).toEqual(['Response', 'Hangup']);
    expect(await office.callback(id)).toMatchObject({
      state: 'waiting',
      callback: { tries: [{ result: 'machine' }] },
    });
  });

  it('and the hang-up is heard of twice, by two doors, in an old attempt’s name', async () => {
    const { phone } = office;
    await phone.hangsUp(NO_ANSWER);
    await office.pass(600);
    expect(office.rung).toEqual([CALLER, CALLER]);
    const ringing = await office.callback(id);
    await phone.hangsUp(NO_ANSWER);
    await office.hangUp(phone.uuid);
    expect(await office.callback(id)).toEqual(ringing);
  });

  it('or so it seems when nothing is heard of the phone any more', async () => {
    await office.phone.rings();
    office.carrier.liveness.set(office.phone.uuid, 'gone');
    await office.pass(200);
    expect(await office.callback(id)).toMatchObject({
      state: 'waiting',
      callback: { tries: [{ result: 'no_answer' }] },
    });
    expect((await office.agent()).state).toBe('available');
  });
});

it('who is on the line may ask once more to be called later', async () => {
  const keen = await Office.open({ callback_order: 'caller_first', leave_key: '1', leave_to: 'callback' });
  const callback = await keen.wish();
  await keen.register();
  const { phone } = keen;
  await phone.answers();
  const onHold = await keen.post(urlTo('/queue-hold', await phone.bridgeEnds('busy', '/dial-complete')));
  const asked = await keen.post(urlTo('/queue-leave', onHold), { Digits: '1' });
  expect(await keen.post(urlTo('/queue-callback', asked), { Digits: '#' })).toContain('call you back');
  await phone.hangsUp();
  expect(await keen.callback(callback)).toMatchObject({ state: 'waiting', joined_at: START });
  await keen.pass(600);
  expect(keen.rung).toEqual([CALLER, CALLER]);
});
