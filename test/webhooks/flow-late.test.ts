/**
 * Word that comes late, in another order, or never, of what a flow has in hand itself, and the carrier's way back to it;
 * and what its callers hear in a queue.
 */
import { describe, expect, it } from 'vitest';
import type { Action } from '../../lambda/flow/flow.ts';
import { elementsOf, urlTo } from '../support/document.ts';
import { LINE, post as request } from './carrier.ts';
import { file, join, link, oneCall, SLEEP, talk } from './one-call.ts';

const OFFICE = '+919811111111';
const CONNECT: Action = {
  type: 'connect',
  option: { destinations: [{ type: 'tel', target: OFFICE }], ring_method: 'linear' },
};
const MESSAGE: Action = { type: 'recording_start', option: { end_of_silence: 3, duration: 60 } };

const call = oneCall();
const { begin, hangUp, post, record } = call;

describe('a bridge of the flow', () => {
  it('whose answer is heard of after the hang-up was one', async () => {
    const document = await begin([talk('Hello.'), CONNECT, talk('Bye.')]);
    await hangUp();
    expect(await record()).toMatchObject({ outcome: 'abandoned' });
    await post(urlTo('/flow/event', document), { Event: 'DialConnected', DialBLegTo: OFFICE });
    expect(await record()).toMatchObject({ state: 'ended', outcome: 'connected' });
    expect(await record()).not.toHaveProperty('abandoned_while');
  });

  it('of which only the end is heard was one, before the hang-up and after it', async () => {
    const document = await begin([talk('Hello.'), CONNECT, talk('Bye.')]);
    const over = { DialStatus: 'completed', DialBLegTo: OFFICE };
    await hangUp();
    expect(elementsOf(await post(link(document, 'dialed'), over))).toEqual(['Response']);
    expect(await record()).toMatchObject({ outcome: 'connected', flow: { bridged: { by: OFFICE } } });
  });

  it('of which only the end is heard counts when the caller hangs up later', async () => {
    const document = await begin([talk('Hello.'), CONNECT, talk('Bye.'), SLEEP]);
    await post(link(document, 'dialed'), { DialStatus: 'completed' });
    await hangUp();
    expect(await record()).toMatchObject({ outcome: 'connected' });
  });

  it('is not taken for an earlier one by word that comes late', async () => {
    const first = await begin([CONNECT, CONNECT, talk('Bye.')]);
    const second = await post(link(first, 'dialed'), { DialStatus: 'busy' });
    await post(urlTo('/flow/event', second), { Event: 'DialConnected', DialBLegTo: OFFICE });
    await post(urlTo('/flow/event', first), { Event: 'DialConnected', DialBLegTo: '+919822222222' });
    expect((await record()).flow?.bridged).toMatchObject({ by: OFFICE });
    await post(link(second, 'dialed'), { DialStatus: 'failed' });
    expect((await record()).flow?.state.variables).toMatchObject({
      'connect.status': 'answered',
      'connect.answered_by': OFFICE,
    });
  });
});

describe('a message in the flow', () => {
  const SAID = talk('${voipbin.recording.id} of ${recording.duration} seconds.');
  const FLOW = [talk('First.'), MESSAGE, talk('Second.'), MESSAGE, SAID];

  it('that is heard of after the hang-up refines it', async () => {
    const document = await begin([talk('Speak.'), MESSAGE, talk('Thanks.')]);
    await hangUp();
    await post(urlTo('/flow/event', document), file('m1'));
    expect(await record()).toMatchObject({ outcome: 'voicemail' });
  });

  it('is not taken for the one before, whose file comes late', async () => {
    const first = await begin(FLOW);
    await post(urlTo('/flow/event', first), { RecordingID: 'm1' });
    const second = await post(link(first, 'recorded'));
    await post(urlTo('/flow/event', second), file('m2', 4));
    await post(urlTo('/flow/event', first), file('m1', 7));
    expect(await post(link(second, 'recorded'))).toContain('m2 of 4 seconds.');
  });

  it('of which nothing is known yet is not taken for the one before', async () => {
    const first = await begin(FLOW);
    await post(urlTo('/flow/event', first), file('m1', 7));
    const second = await post(link(first, 'recorded'));
    expect(await post(link(second, 'recorded'))).toContain(' of  seconds.');
  });
});

describe('the carrier falls back', () => {
  const MENU: Action[] = [
    talk('Which office?'),
    { type: 'digits_receive', option: { duration: 5000, length: 1 } },
    CONNECT,
    talk('Once more?'),
    { type: 'digits_receive', option: { duration: 5000, length: 1 } },
    talk('You pressed ${voipbin.call.digits}.'),
  ];
  const fallback = () =>
    request(call.context, `/fallback?key=${call.context.keys[0]}`, {
      CallUUID: 'c',
      From: OFFICE,
      To: LINE,
      Direction: 'inbound',
    });

  it('to where the flow is, and no key is answered with what an earlier one was', async () => {
    const dial = await post(link(await begin(MENU), 'digits'), { Digits: '1' });
    await post(urlTo('/flow/event', dial), { Event: 'DialConnected', DialBLegTo: OFFICE });
    await post(link(dial, 'dialed'), { DialStatus: 'completed' });
    for (let times = 0; times < 2; times++) {
      const again = await post(link(await fallback(), 'resume'));
      expect(again).toContain('Once more?');
      if (times === 1) expect(await post(link(again, 'digits'), { Digits: '2' })).toContain('You pressed 2.');
    }
  });

  it('from a finished bridge, which rings nobody again', async () => {
    const dial = await begin([talk('Hello.'), CONNECT, talk('Bye ${connect.status}.')]);
    await post(urlTo('/flow/event', dial), { Event: 'DialConnected', DialBLegTo: OFFICE });
    const next = await post(link(await fallback(), 'resume'));
    expect(elementsOf(next)).not.toContain('Dial');
    expect(next).toContain('Bye answered.');
  });

  it('and first of all: the flow begins', async () => {
    await begin([talk('Hello.')]);
    const other = await request(call.context, `/fallback?key=${call.context.keys[0]}`, {
      CallUUID: 'd',
      From: OFFICE,
      To: LINE,
      Direction: 'inbound',
    });
    expect(await request(call.context, link(other, 'resume'), { CallUUID: 'd' })).toContain('Hello.');
  });
});

it('a caller on hold is told that the key leads back, where there is no voicemail', async () => {
  const { queues } = call.context.store.directory;
  await queues.create({ id: 'short', leave_key: '1', voicemail: false });
  const tried = await post(urlTo('/queue-try-agent', await begin([talk('Hello.'), join('short')])));
  const held = await post(urlTo('/queue-hold', tried));
  expect(held).toContain('To stop waiting and go on, press 1.');
  expect(held).not.toContain('message');
});
