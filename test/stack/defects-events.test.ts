/**
 * Defects of the public example of a call queue, those about state and webhooks: each test shows the running stack
 * doing right what the example does wrong.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { duplicate, lose } from '../../carrier/faults.ts';
import { urlTo } from '../support/document.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Printed, printed } from '../support/printed.ts';
import { eventually, openStage, type Stage, type StageOptions } from '../support/stage.ts';
import { heard, rung, webhooks } from '../support/story.ts';
import { letDeadlinePass } from '../support/tables.ts';
import { incoming, wire } from '../support/wire.ts';

const ASHA = '+919876543210';
const RAVI = '+919876543211';
const NOTHING = { total_calls: 0, waiting: 0 };
let stage: Stage;
let notes: Printed;

const open = async ({ host, ...options }: StageOptions = {}) => {
  notes = printed();
  stage = await openStage({ ...options, host: { output: notes.output, ...host } });
};
afterEach(() => stage.close());

const entry = (path: string) => `${stage.product.url}${path}?key=${stage.keys.WEBHOOK_KEY}`;
const onceHolding = { on: 'plays', after: 2 } as const;

it('9: nothing is kept in the memory of a process: a restart between any two steps is not noticed', async () => {
  await open({ host: { dataDir: await temporaryFolder() }, settings: { MAX_WAIT_CYCLES: '2' } });
  const steps = ['/queue-try-agent', '/queue-hold', '/queue-try-agent', '/queue-hold', '/queue-try-agent'];
  let document = (await wire(entry('/answer'), { fields: incoming('call-9') })).body;
  for (const step of steps) {
    await stage.restart();
    document = (await wire(urlTo(step, document), { fields: incoming('call-9') })).body;
  }
  expect(urlTo('/queue-voicemail', document)).toContain('call=call-9');
});

describe('10: a repeated webhook changes nothing', () => {
  it('a retried /answer does not begin the call anew', async () => {
    await open();
    const first = await wire(entry('/answer'), { fields: incoming('call-10') });
    const before = await stage.api('GET', '/calls/call-10');
    const second = await wire(entry('/answer'), { fields: incoming('call-10') });
    expect(second.body).toBe(first.body);
    expect((await stage.api('GET', '/calls/call-10')).body.joined_at).toBe(before.body.joined_at);
    expect(await stage.metrics()).toMatchObject({ total_calls: 1 });
  });

  it('a retried attempt neither burns a cycle nor skips an agent', async () => {
    await open({ carrier: { deliver: duplicate() }, settings: { MAX_WAIT_CYCLES: '2' } });
    stage.vobiz.teach({ [ASHA]: { does: 'busy' }, [RAVI]: { does: 'busy' } });
    await stage.register(ASHA);
    await stage.register(RAVI);
    const { call, done } = stage.call();
    await done;
    expect(rung(call)).toEqual([ASHA, RAVI, ASHA, RAVI]);
    expect(heard(call).filter(sound => sound === 'music 20 s')).toHaveLength(2);
    expect(await stage.metrics()).toMatchObject({ total_calls: 1, voicemails: 1 });
  });
});

describe('11: the order in which the end of a call is reported does not matter', () => {
  it('an answered call whose Hangup comes before its Dial action is connected', async () => {
    await open({ phones: { [ASHA]: { does: 'answer', talks: 5, hangsUp: 'caller' } } });
    await stage.register(ASHA);
    const { call, done } = stage.call();
    await done;
    const events = webhooks(call);
    const action = call.story.of('request').findIndex(({ fields }) => fields.DialStatus === 'completed');
    expect(events.indexOf('Hangup')).toBeLessThan(action);
    expect(await stage.metrics()).toMatchObject({ connected: 1, abandoned: 0 });
  });

  it('and so it is when the word of the answer was lost as well', async () => {
    await open({
      phones: { [ASHA]: { does: 'answer', talks: 5, hangsUp: 'caller' } },
      carrier: { deliver: lose(({ event }) => event === 'DialConnected' || event === 'DialAnswer') },
    });
    await stage.register(ASHA);
    const { call, done } = stage.call();
    await done;
    expect(await stage.record(call)).toMatchObject({ outcome: 'connected', agent: ASHA });
    expect(await stage.metrics()).toMatchObject({ connected: 1, abandoned: 0 });
  });

  it('who leaves a message has not abandoned', async () => {
    await open({ settings: { MAX_WAIT_CYCLES: '1' } });
    const { call, done } = stage.call({ hangsUp: { on: 'records', after: 3 } });
    await done;
    expect(await stage.record(call)).toMatchObject({ outcome: 'voicemail', state: 'ended' });
    expect(await stage.metrics()).toMatchObject({ voicemails: 1, abandoned: 0 });
  });

  it('a caller whose Hangup was lost does not wait for ever', async () => {
    await open({ carrier: { deliver: lose(({ event }) => event === 'Hangup') } });
    const { call, done } = stage.call({ hangsUp: onceHolding });
    await done;
    expect((await stage.api('GET', '/queue/status')).body.callers_waiting).toBe(1);
    await letDeadlinePass(stage.product, call.uuid);
    stage.product.tick();
    const record = await eventually(
      () => stage.record(call),
      ({ state }) => state === 'ended',
    );
    expect(record.outcome).toBe('abandoned');
    expect((await stage.api('GET', '/queue/status')).body.callers_waiting).toBe(0);
  });
});

describe('12: a hang-up on the answer URL is no new caller', () => {
  it('it ends the call, as on the hangup URL', async () => {
    await open();
    stage.vobiz.route({ answerUrl: entry('/answer') });
    const { call, done } = stage.call({ hangsUp: onceHolding });
    await done;
    const hangup = call.story.of('request').find(({ event }) => event === 'Hangup');
    expect(new URL(hangup?.url ?? '').pathname).toBe('/answer');
    expect(await stage.record(call)).toMatchObject({ state: 'ended', outcome: 'abandoned' });
    expect(await stage.metrics()).toMatchObject({ total_calls: 1, waiting: 0 });
  });

  it('and of a call that nobody knows it makes none', async () => {
    await open();
    const fields = incoming('call-12', { Event: 'Hangup', CallStatus: 'completed' });
    expect(await wire(entry('/answer'), { fields })).toMatchObject({ status: 200 });
    expect(await stage.metrics()).toMatchObject(NOTHING);
  });
});

describe('13: a message is recorded whole, kept and told of', () => {
  it('the word that the recording has begun does not cut it off', async () => {
    await open({ settings: { MAX_WAIT_CYCLES: '1' } });
    const { call, done } = stage.call({ leavesMessage: 8 });
    await done;
    const [begun] = call.story.of('request').filter(({ event }) => event === 'Record');
    expect(begun?.at).toBeLessThan(call.story.of('recorded')[0]?.at ?? 0);
    expect(heard(call).slice(-2)).toEqual(['beep', 'Thank you. Your message has been saved. Goodbye.']);
    expect(heard(call).join()).not.toMatch(/\d+.second message/);
    const { voicemail } = await stage.record(call);
    expect(voicemail.duration_secs).toBe(Math.round((call.story.of('recorded')[0]?.ms ?? 0) / 1000));
    expect(voicemail.duration_secs).toBeGreaterThanOrEqual(8);
    expect(voicemail.url).toBe(`${stage.vobiz.url}/media/${voicemail.recording_id}.mp3`);
    expect(notes.of('INFO').map(({ message }) => message)).toContain('A voicemail was stored');
  });

  it('somebody is told of it, once', async () => {
    const inbox = await startInbox();
    await open({ settings: { MAX_WAIT_CYCLES: '1', HTTP_ALLOW_HOSTS: inbox.host } });
    await stage.api('PUT', '/queues/default', { voicemail_webhook_url: `http://${inbox.host}/messages` });
    const { call, done } = stage.call();
    await done;
    await stage.product.settled();
    await inbox.close();
    expect(inbox.letters).toMatchObject([{ type: 'voicemail.stored', call_id: call.uuid, queue: 'default' }]);
  });
});

/** A server that keeps the JSON that is posted to it. */
async function startInbox() {
  const letters: unknown[] = [];
  const server = createServer(async (request, response) => {
    letters.push(JSON.parse(await text(request)));
    response.end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    letters,
    close: () => new Promise(resolve => server.close(resolve)),
  };
}
