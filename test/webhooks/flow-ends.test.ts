/**
 * How a call with a flow is remembered: what came late, in another order or twice tells the same as what came in time,
 * and each queue that the caller was in counts what it has met itself.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '../../lambda/flow/flow.ts';
import { newAgent } from '../../lambda/queue/agent.ts';
import { perform } from '../../lambda/tasks/perform.ts';
import { apiClient } from '../api/client.ts';
import { START, type TestContext, testContext } from '../support/context.ts';
import { elementsOf, urlsIn, urlTo } from '../support/document.ts';
import { arrive, hangUp, LINE, post as request } from './carrier.ts';

const AGENT = '+919000000001';
const OFFICE = '+919811111111';

let context: TestContext;
let client: Awaited<ReturnType<typeof apiClient>> | undefined;
let told: { url: string; id: string | undefined; body: { call_id: string; recording_url: string } }[];

beforeEach(async () => {
  context = await testContext({ FROM_NUMBER: LINE });
  context.pause = async () => undefined;
  told = [];
  client = undefined;
  context.request = async ({ url, headers, body = '' }) => {
    told.push({ url, id: headers['webhook-id'], body: JSON.parse(body) });
    return { status: 200, text: '' };
  };
  const { queues, numbers } = context.store.directory;
  for (const id of ['support', 'sales'])
    await queues.create({ id, leave_key: '1', voicemail_webhook_url: `https://${id}.example.com/` });
  await numbers.create({ number: LINE, flow: 'main' });
});
afterEach(() => context.stop());

const talk = (text: string): Action => ({ type: 'talk', option: { text } });
const join = (queue_id: string): Action => ({ type: 'queue_join', option: { queue_id } });
const CONNECT: Action = {
  type: 'connect',
  option: { destinations: [{ type: 'tel', target: OFFICE }], ring_method: 'linear' },
};
const MESSAGE: Action = { type: 'recording_start', option: { end_of_silence: 3, duration: 60 } };

async function begin(actions: Action[], more = {}) {
  const { flows } = context.store;
  await flows.save(
    await flows.head('main'),
    { id: 'main', name: 'Main', actions, ...more },
    { publish: true, now: START },
  );
  return arrive(context, 'c');
}
const post = (url: string, fields = {}) => request(context, url, { CallUUID: 'c', ...fields });
const record = async () => {
  const call = await context.store.calls.one('c');
  if (!call) throw new Error('There is no call.');
  return call;
};
function link(document: string, on: string) {
  const url = urlsIn(document).find(one => new URL(one).searchParams.get('on') === on);
  if (!url) throw new Error(`No link for ${on} in ${document}`);
  return url;
}
const api = async (route: string) => {
  client ??= await apiClient(context);
  return client(route);
};
const file = (id: string, secs = 5) => ({
  RecordingID: id,
  RecordUrl: `https://media.example.com/${id}.mp3`,
  RecordingDurationMs: String(secs * 1000),
});
async function work() {
  for (let task = context.tasks.shift(); task; task = context.tasks.shift()) await perform(context, task);
}
/** Of the calls that have joined the queue, what became of them. */
async function counted(queue: string) {
  context.time += 1;
  const { body } = await api(`GET /queue/metrics?queue=${queue}`);
  const { connected, abandoned, voicemails, total_calls: total, waiting } = body;
  return { total, connected, abandoned, voicemails, waiting };
}
const NOBODY = { total: 0, connected: 0, abandoned: 0, voicemails: 0, waiting: 0 };

/** From the flow's document into the line, and by the leave key to the queue's voicemail. */
async function toVoicemail(document: string) {
  const held = await post(urlTo('/queue-hold', await post(urlTo('/queue-try-agent', document))));
  const left = await post(urlTo('/queue-leave', held), { Digits: '1' });
  return post(urlTo('/queue-voicemail', left));
}
const available = (state: 'available' | 'paused' = 'available') =>
  context.store.directory.agents.save(undefined, {
    ...newAgent(AGENT, 'A', START),
    queues: ['support'],
    state: state as 'available',
  });

describe('a message for a queue of the flow', () => {
  it('is told to that queue, though its file comes when the caller is back', async () => {
    const voicemail = await toVoicemail(
      await begin([join('support'), talk('Thanks.'), { type: 'sleep', option: { duration: 9000 } }]),
    );
    await post(urlTo('/voicemail-done', voicemail), { RecordingID: 'r1' });
    expect(await post(link(voicemail, 'resume'))).toContain('Thanks.');
    for (let times = 0; times < 2; times++) {
      await post(urlTo('/voicemail-file', voicemail), file('r1'));
      await work();
    }
    expect(told).toMatchObject([
      {
        url: 'https://support.example.com/',
        id: 'voicemail-c',
        body: { recording_url: file('r1').RecordUrl },
      },
    ]);
    expect(await record()).toMatchObject({
      state: 'in_flow',
      visits: [
        { queue: 'support', outcome: 'voicemail', voicemail: { recording_id: 'r1', duration_secs: 5 } },
      ],
    });
    expect(await counted('support')).toEqual({ ...NOBODY, total: 1, voicemails: 1 });
  });

  it('is another one than the message for the next queue, in whatever order they come', async () => {
    const first = await toVoicemail(await begin([join('support'), join('sales'), talk('Thanks.')]));
    const second = await toVoicemail(await post(link(first, 'resume')));
    expect((await record()).queue).toBe('sales');
    await post(urlTo('/voicemail-file', second), file('r2'));
    await post(urlTo('/voicemail-file', first), file('r1', 9));
    await work();
    expect(told.map(({ url, id, body }) => [url, id, body.recording_url])).toEqual([
      ['https://sales.example.com/', 'voicemail-c-2', file('r2').RecordUrl],
      ['https://support.example.com/', 'voicemail-c', file('r1').RecordUrl],
    ]);
    await hangUp(context, 'c');
    expect(await record()).toMatchObject({
      outcome: 'voicemail',
      visits: [
        { queue: 'support', voicemail: { recording_id: 'r1' } },
        { queue: 'sales', voicemail: { recording_id: 'r2' }, outcome: 'voicemail' },
      ],
    });
    const { body } = await api('GET /calls/c');
    expect(body.visits[0].voicemail).toMatchObject({ url: file('r1').RecordUrl, duration_secs: 9 });
    expect(body.voicemail).toMatchObject({ url: file('r2').RecordUrl });
  });

  it('of which only the file is heard after the hang-up refines the visit and the call', async () => {
    const voicemail = await toVoicemail(await begin([join('support'), talk('Thanks.')]));
    await hangUp(context, 'c');
    expect(await counted('support')).toEqual({ ...NOBODY, total: 1, abandoned: 1 });
    await post(urlTo('/voicemail-file', voicemail), file('r1'));
    expect(await record()).toMatchObject({ outcome: 'voicemail', visits: [{ outcome: 'voicemail' }] });
    expect(await counted('support')).toEqual({ ...NOBODY, total: 1, voicemails: 1 });
    await work();
    expect(told.map(({ url }) => url)).toContain('https://support.example.com/');
  });
});

describe('a bridge of the flow', () => {
  it('whose answer is heard of after the hang-up was one', async () => {
    const document = await begin([talk('Hello.'), CONNECT, talk('Bye.')]);
    await hangUp(context, 'c');
    expect(await record()).toMatchObject({ outcome: 'abandoned' });
    await post(urlTo('/flow/event', document), { Event: 'DialConnected', DialBLegTo: OFFICE });
    expect(await record()).toMatchObject({ state: 'ended', outcome: 'connected' });
    expect(await record()).not.toHaveProperty('abandoned_while');
  });

  it('of which only the end is heard was one, before the hang-up and after it', async () => {
    const document = await begin([talk('Hello.'), CONNECT, talk('Bye.')]);
    const over = { DialStatus: 'completed', DialBLegTo: OFFICE };
    await hangUp(context, 'c');
    expect(elementsOf(await post(link(document, 'dialed'), over))).toEqual(['Response']);
    expect(await record()).toMatchObject({ outcome: 'connected', flow: { bridged: { by: OFFICE } } });
  });

  it('of which only the end is heard counts when the caller hangs up later', async () => {
    const document = await begin([
      talk('Hello.'),
      CONNECT,
      talk('Bye.'),
      { type: 'sleep', option: { duration: 9000 } },
    ]);
    await post(link(document, 'dialed'), { DialStatus: 'completed' });
    await hangUp(context, 'c');
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
    await hangUp(context, 'c');
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

describe('an agent of a queue has talked to the caller', () => {
  beforeEach(async () => {
    const { flows } = context.store;
    const after = { id: 'after', name: 'After', actions: [talk('${queue.result}')] };
    await flows.save(undefined, after, { publish: true, now: START });
    await available();
  });
  const FLOW = [talk('Hello.'), join('support'), talk('Bye.'), { type: 'sleep', option: { duration: 9000 } }];

  /** Each in the order given, a second apart, though the carrier tells of the hang-up with the end of the talk. */
  async function play(order: string[]) {
    const ring = await post(urlTo('/queue-try-agent', await begin(FLOW, { on_complete_flow_id: 'after' })));
    const words: Record<string, () => Promise<unknown>> = {
      answered: () =>
        post(urlTo('/dial-event', ring), {
          Event: 'DialConnected',
          DialBLegStatus: 'connected',
          DialBLegTo: AGENT,
        }),
      over: () => post(urlTo('/dial-complete', ring), { DialStatus: 'completed', DialBLegTo: AGENT }),
      gone: () => hangUp(context, 'c'),
    };
    for (const word of order) {
      context.time += 5000;
      await words[word]?.();
    }
  }

  const ORDERS = [
    ['answered', 'over', 'gone'],
    ['answered', 'gone', 'over'],
    ['gone', 'answered', 'over'],
    ['gone', 'over', 'answered'],
    ['over', 'gone', 'answered'],
    ['over', 'gone'],
    ['gone', 'over'],
  ];

  it.each(
    ORDERS.map(order => [order]),
  )('the record tells it, in lists too, where word comes as %j', async order => {
    await play(order);
    expect(await record()).toMatchObject({ state: 'ended', outcome: 'connected', queue: '' });
    const { body } = await api('GET /calls/c');
    expect(body).toMatchObject({ queue: 'support', agent: AGENT, outcome: 'connected' });
    expect(body.connected_at).not.toBeNull();
    expect(body.talked_secs).toBeGreaterThanOrEqual(0);
    expect(await counted('support')).toEqual({ ...NOBODY, total: 1, connected: 1 });
    expect((await api('GET /calls')).body.calls).toMatchObject([
      { call_id: 'c', queue: 'support', agent: AGENT, connected_at: body.connected_at },
    ]);
    expect((await api('GET /calls?queue=support')).body.calls).toMatchObject([
      { call_id: 'c', agent: AGENT },
    ]);
    expect((await api('GET /calls?queue=sales')).body.calls).toEqual([]);
  });

  it.each([
    [['answered', 'gone']],
    [['answered', 'over', 'gone']],
    [['over', 'gone']],
  ])('and what follows the flow knows, after %j', async order => {
    await play(order);
    await work();
    const [run] = (await api('GET /calls/c')).body.following;
    expect(run.variables).toMatchObject({ 'queue.result': 'connected' });
  });

  it('is erased only when what follows the flow is done', async () => {
    await play(['answered', 'gone']);
    expect(await api('DELETE /calls/c')).toMatchObject({ status: 409 });
    await work();
    expect(await api('DELETE /calls/c')).toMatchObject({ status: 204 });
    expect(await counted('sales')).toEqual(NOBODY);
    expect((await api('GET /calls?queue=support')).body.calls).toEqual([]);
  });
});

it('who hangs up in a second queue has abandoned that one, and was connected all the same', async () => {
  await available();
  const ring = await post(
    urlTo('/queue-try-agent', await begin([talk('Hello.'), join('support'), join('sales')])),
  );
  const back = await post(urlTo('/dial-complete', ring), { DialStatus: 'completed', DialBLegTo: AGENT });
  await post(urlTo('/queue-try-agent', await post(link(back, 'resume'))));
  context.time += 30_000;
  await hangUp(context, 'c');
  expect(await record()).toMatchObject({
    outcome: 'connected',
    visits: [
      { queue: 'support', outcome: 'connected' },
      { queue: 'sales', outcome: 'abandoned' },
    ],
  });
  expect(await counted('support')).toEqual({ ...NOBODY, total: 1, connected: 1 });
  expect(await counted('sales')).toEqual({ ...NOBODY, total: 1, abandoned: 1 });
  expect((await api('GET /calls/c')).body).toMatchObject({ queue: 'support', agent: AGENT });
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
    request(context, `/fallback?key=${context.keys[0]}`, {
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
    const other = await request(context, `/fallback?key=${context.keys[0]}`, {
      CallUUID: 'd',
      From: OFFICE,
      To: LINE,
      Direction: 'inbound',
    });
    expect(await request(context, link(other, 'resume'), { CallUUID: 'd' })).toContain('Hello.');
  });
});

it('a caller on hold is told that the key leads back, where there is no voicemail', async () => {
  const { queues } = context.store.directory;
  await queues.create({ id: 'short', leave_key: '1', voicemail: false });
  const tried = await post(urlTo('/queue-try-agent', await begin([talk('Hello.'), join('short')])));
  const held = await post(urlTo('/queue-hold', tried));
  expect(held).toContain('To stop waiting and go on, press 1.');
  expect(held).not.toContain('message');
});
