/**
 * Defects of the public example of a call queue, those about who may come in, and the smaller ones: each test shows
 * the running stack doing right what the example does wrong.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONTROL_ROUTES, WEBHOOK_PATHS } from '../../lambda/platform/routes.ts';
import { documentsOf } from '../support/document.ts';
import { eventually, openStage, type Stage } from '../support/stage.ts';
import { heard, rung } from '../support/story.ts';
import { everything } from '../support/tables.ts';
import { incoming, wire } from '../support/wire.ts';

const ASHA = '+919876543210';
const RAVI = '+919876543211';
const MEERA = '+919876543212';
let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ settings: { MAX_WAIT_CYCLES: '1' } });
});
afterEach(() => stage.close());

const called = async (script = {}) => {
  const { call, done } = stage.call(script);
  await done;
  return call;
};
const agentsInAnyState = async () => (await stage.api('GET', '/agents?state=all')).body.agents;

describe('8: nobody gets in without a key', () => {
  it('not to register a number that the queue would then call at our cost', async () => {
    const body = JSON.stringify({ number: '+15550001111', name: 'Mallory' });
    for (const authorization of [
      '',
      'Bearer wrong',
      'Basic YXBpLWtleTo=',
      `Bearer ${stage.keys.WEBHOOK_KEY}`,
    ]) {
      const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
      const { status } = await wire(`${stage.product.url}/agents`, { body, headers });
      expect(status, authorization).toBe(authorization === '' ? 401 : 403);
    }
    expect(await agentsInAnyState()).toEqual([]);
  });

  it('not to use any route of the App API', async () => {
    for (const route of CONTROL_ROUTES) {
      const [method = '', path = ''] = route.split(' ');
      const url = stage.product.url + path.replace('{number}', '%2B919876543210').replace('{id}', 'default');
      expect((await fetch(url, { method })).status, route).toBe(401);
      const stranger = await fetch(url, { method, headers: { authorization: 'Bearer wrong' } });
      expect(stranger.status, route).toBe(403);
    }
  });

  it('not to pretend to be the carrier, on any path', async () => {
    for (const path of WEBHOOK_PATHS) {
      const { status } = await wire(stage.product.url + path, { fields: incoming('call-8') });
      expect(status, path).toBe(403);
    }
    expect(await everything(stage.product)).toEqual([]);
  });

  it("and a screen on the wall shows nobody's whole number", async () => {
    await stage.register(ASHA);
    stage.vobiz.teach({ [ASHA]: { does: 'answer', talks: 'forever' } });
    const first = stage.call();
    await eventually(
      () => stage.agent(ASHA),
      ({ state }) => state === 'busy',
    );
    const second = stage.call({ from: '+919811112222' });
    const status = await eventually(
      async () => (await stage.api('GET', '/queue/status')).body,
      ({ callers_waiting }) => callers_waiting === 1,
    );
    expect(status.callers).toMatchObject([{ from: '…2222' }]);
    expect(status.agents).toMatchObject([{ number: '…3210' }]);
    second.call.callerHangsUp();
    first.call.callerHangsUp();
    await Promise.all([first.done, second.done]);
  });
});

describe('18: the smaller ones', () => {
  it('registering again keeps the statistics of an agent', async () => {
    await stage.register(ASHA);
    await called();
    const [before] = await agentsInAnyState();
    const again = await stage.register(ASHA, { name: 'Asha Rao' });
    expect(before).toMatchObject({ calls_handled: 1, last_call_at: expect.any(String) });
    expect(again).toMatchObject({ status: 201, body: { ...before, name: 'Asha Rao' } });
  });

  it('removing an agent makes nobody else miss a turn', async () => {
    for (const number of [ASHA, RAVI, MEERA]) await stage.register(number);
    expect(rung(await called())).toEqual([ASHA]);
    await stage.api('DELETE', `/agents/${ASHA}`);
    expect(rung(await called())).toEqual([RAVI]);
    expect(rung(await called())).toEqual([MEERA]);
    expect(rung(await called())).toEqual([RAVI]);
  });

  it('times are UTC and say so, whatever zone the carrier writes', async () => {
    await stage.register(ASHA);
    const before = Date.now();
    const record = await stage.record(await called());
    const [agent] = await agentsInAnyState();
    for (const time of [record.joined_at, record.connected_at, record.ended_at, agent.last_call_at]) {
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(Date.parse(time)).toBeGreaterThanOrEqual(before);
      expect(Date.parse(time)).toBeLessThanOrEqual(Date.now());
    }
  });

  it('webhooks without a CallUUID share no call: each gets an apology, and none is stored', async () => {
    const url = `${stage.product.url}/answer?key=${stage.keys.WEBHOOK_KEY}`;
    const { CallUUID: _missing, ...fields } = incoming('nobody');
    for (let count = 0; count < 2; count++) {
      const { status, body } = await wire(url, { fields });
      expect(status).toBe(200);
      expect(body).toMatch(/Sorry, something went wrong.*<Hangup\/>/s);
    }
    expect(await stage.metrics()).toMatchObject({ total_calls: 0 });
  });

  it('nothing of any company is hard-coded: the queue says what its owner wrote', async () => {
    const own = {
      greeting: 'Namaste, this is Sharma and Sons.',
      language: 'hi-IN',
      voice: 'MAN',
      voicemail_prompt: 'Please speak after the tone, Sharma and Sons will call you.',
    };
    expect((await stage.api('PUT', '/queues/default', own)).status).toBe(200);
    const call = await called();
    expect(heard(call)).toContain(own.greeting);
    expect(heard(call)).toContain(own.voicemail_prompt);
    const voices = documentsOf(call).flatMap(document => document.match(/<Speak [^>]*>/g) ?? []);
    expect(new Set(voices)).toEqual(new Set(['<Speak language="hi-IN" voice="MAN">']));
  });

  it('the Vobiz credentials are used: a caller on hold is fetched through the REST API', async () => {
    await stage.api('PUT', '/queues/default', { hold_wait_secs: 300 });
    const { call, done } = stage.call();
    await eventually(
      () => heard(call),
      sounds => sounds.some(sound => sound.startsWith('music')),
    );
    await stage.register(ASHA);
    await done;
    expect(call.story.of('transferred')).toHaveLength(1);
    expect(await stage.record(call)).toMatchObject({ outcome: 'connected' });
  });
});
