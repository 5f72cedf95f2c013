/** A number that leads to a flow: each step's document, what comes between two steps, and what a repetition is told. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { change } from '../../lambda/app/change.ts';
import type { News } from '../../lambda/call/flow-run.ts';
import { doneTodo, takeTodo } from '../../lambda/call/in-flow.ts';
import type { Action } from '../../lambda/flow/flow.ts';
import { START, type TestContext, testContext } from '../support/context.ts';
import { elementsOf, urlsIn, urlTo } from '../support/document.ts';
import { arrive, hangUp, LINE, post as request } from './carrier.ts';

let context: TestContext;

beforeEach(async () => {
  context = await testContext();
  context.pause = async () => undefined;
  await context.store.directory.queues.create({ id: 'support', voicemail: false });
  await context.store.directory.assistants.create({ id: 'anna' });
  await context.store.directory.numbers.create({ number: LINE, flow: 'main' });
});
afterEach(() => context.stop());

async function save(id: string, actions: Action[], more = {}) {
  const { flows } = context.store;
  await flows.save(await flows.head(id), { id, name: id, actions, ...more }, { publish: true, now: START });
}
const post = (to: TestContext, url: string, fields = {}) => request(to, url, { CallUUID: 'c', ...fields });
const record = async () => {
  const call = await context.store.calls.one('c');
  if (!call) throw new Error('There is no call.');
  return call;
};
const talk = (text: string, id?: string): Action => ({ ...(id && { id }), type: 'talk', option: { text } });
const flowUrl = (document: string, on: string) => {
  const url = urlsIn(document).find(one => new URL(one).searchParams.get('on') === on);
  if (!url) throw new Error(`No link for ${on} in ${document}`);
  return url;
};
const finish = (effect: string, news: News) =>
  change(context, 'c', held => doneTodo(held, effect, { news }, context.now()));

const MENU: Action[] = [
  { type: 'answer' },
  talk('Press one or two.', 'menu'),
  { type: 'digits_receive', option: { duration: 5000, length: 1 } },
  { type: 'branch', option: { default_target_id: 'menu', target_ids: { 1: 'one', 2: 'two' } } },
  talk('This is one.', 'one'),
  { type: 'hangup' },
  talk('This is two.', 'two'),
  { type: 'queue_join', option: { queue_id: 'support' } },
  talk('You are back.'),
  { type: 'hangup' },
];

describe('a menu', () => {
  beforeEach(() => save('main', MENU));

  it('asks, takes the key, and goes on; each webhook may come twice', async () => {
    const asked = await arrive(context, 'c');
    expect(elementsOf(asked)).toEqual(['Response', 'Gather', 'Speak', 'Redirect']);
    expect(await arrive(context, 'c')).toBe(asked);
    const url = flowUrl(asked, 'digits');
    const told = await post(context, url, { Digits: '1' });
    expect(told).toContain('This is one.');
    expect(elementsOf(told)).toEqual(['Response', 'Speak', 'Hangup']);
    expect(await post(context, url, { Digits: '1' })).toBe(told);
    expect(await post(context, url, { Digits: '2' })).toBe(told);
  });

  it('asks again for a wrong key or none, and forgets nothing', async () => {
    const asked = await arrive(context, 'c');
    const again = await post(context, flowUrl(asked, 'digits'), { Digits: '9' });
    expect(again).toContain('Press one or two.');
    const silent = await post(context, flowUrl(again, 'digits'));
    expect(silent).toContain('Press one or two.');
    expect((await record()).flow?.state.path.map(({ type }) => type)).toContain('branch');
  });

  it('a hang-up in it is the end of the flow', async () => {
    await arrive(context, 'c');
    await hangUp(context, 'c');
    expect(await record()).toMatchObject({
      state: 'ended',
      outcome: 'abandoned',
      flow: { flow: 'main', version: 1, state: { outcome: 'hung_up' } },
    });
    await hangUp(context, 'c');
    expect((await record()).version).toBe(2);
  });

  it('what comes after the hang-up gets a harmless document and changes nothing', async () => {
    const asked = await arrive(context, 'c');
    await hangUp(context, 'c');
    const late = await post(context, flowUrl(asked, 'digits'), { Digits: '1' });
    expect(elementsOf(late)).toEqual(['Response']);
    expect((await record()).version).toBe(2);
  });

  it('a running call keeps the version that it started with', async () => {
    const asked = await arrive(context, 'c');
    await save('main', [talk('Everything is new.')]);
    expect(await post(context, flowUrl(asked, 'digits'), { Digits: '1' })).toContain('This is one.');
    expect(await arrive(context, 'd')).toContain('Everything is new.');
  });

  it('a forged or altered link is refused', async () => {
    const url = flowUrl(await arrive(context, 'c'), 'digits');
    expect(await post(context, url.replace('on=digits', 'on=recorded'))).toBe('status 403');
  });
});

it('a number whose flow is gone leads to the queue', async () => {
  const document = await arrive(context, 'c');
  expect(elementsOf(document)).toEqual(['Response', 'Speak', 'Redirect']);
  expect((await record()).state).toBe('greeting');
});

describe('a queue within the flow', () => {
  beforeEach(() => save('main', MENU));

  const inLine = async () => {
    const asked = await arrive(context, 'c');
    const document = await post(context, flowUrl(asked, 'digits'), { Digits: '2' });
    expect(document).toContain('This is two.');
    expect((await record()).state).toBe('greeting');
    return post(context, urlTo('/queue-try-agent', document));
  };

  it('takes the caller after the words, and gives them back when an agent has spoken with them', async () => {
    const number = '+919000000001';
    const { newAgent } = await import('../../lambda/queue/agent.ts');
    await context.store.directory.agents.save(undefined, {
      ...newAgent(number, 'A', START),
      queues: ['support'],
      state: 'available',
    });
    const dial = await inLine();
    expect(elementsOf(dial)).toContain('Dial');
    const event = { DialBLegStatus: 'connected', DialBLegTo: number, Event: 'DialConnected' };
    await post(context, urlTo('/dial-event', dial), event);
    const over = await post(context, urlTo('/dial-complete', dial), { DialStatus: 'completed' });
    expect(elementsOf(over)).toEqual(['Response', 'Redirect']);
    const back = await post(context, flowUrl(over, 'resume'));
    expect(back).toContain('You are back.');
    expect(await record()).toMatchObject({
      state: 'in_flow',
      queue: '',
      visits: [{ queue: 'support', outcome: 'connected', agent: number }],
      flow: { state: { variables: { 'queue.result': 'connected' } } },
    });
    expect(await post(context, flowUrl(over, 'resume'))).toBe(back);
    const counted = [];
    for await (const one of context.store.reports.joinedBetween(START - 1, START + 1)) counted.push(one);
    expect(counted.map(({ queue, outcome }) => [queue, outcome])).toContainEqual(['support', 'connected']);
    await hangUp(context, 'c');
    expect(await record()).toMatchObject({ outcome: 'connected', flow: { state: { outcome: 'completed' } } });
  });

  it('gives the caller back whom it cannot help', async () => {
    let document = await inLine();
    for (let round = 0; round < 12 && !document.includes('on=resume'); round++) {
      context.time += 20_000;
      const next = ['/queue-hold', '/queue-try-agent'].find(path => document.includes(path)) ?? '';
      document = await post(context, urlTo(next, document));
    }
    expect(await post(context, flowUrl(document, 'resume'))).toContain('You are back.');
    expect((await record()).flow?.state.variables['queue.result']).toBe('overflow');
  });

  it('that does not exist is a failure of the flow: an apology, and the fallback', async () => {
    await save('main', [{ type: 'queue_join', option: { queue_id: 'nowhere' } }]);
    const document = await arrive(context, 'c');
    expect(document).toContain('Sorry');
    expect(urlTo('/queue-try-agent', document)).toBeTruthy();
    expect(await record()).toMatchObject({ state: 'greeting', queue: 'default' });
  });
});

describe('an assistant within the flow', () => {
  it('gets the caller when the carrier comes for the stream', async () => {
    await save('main', [
      talk('One moment.'),
      { type: 'ai_talk', option: { ai_id: 'anna', duration: 60, language: 'en-GB' } },
      talk('Goodbye.'),
    ]);
    const document = await arrive(context, 'c');
    expect(elementsOf(document)).toEqual(['Response', 'Speak', 'Redirect']);
    expect(context.sessions).toEqual([]);
    const stream = await post(context, flowUrl(document, 'converse'));
    expect(elementsOf(stream)).toEqual(['Response', 'Stream', 'Redirect']);
    expect(await post(context, flowUrl(document, 'converse'))).toBe(stream);
    expect(context.sessions).toHaveLength(1);
    expect(await record()).toMatchObject({
      state: 'assisted',
      assistant: 'anna',
      talk: { n: 1, max_secs: 60, language: 'en-GB', outcomes: [] },
    });
  });
});

describe('an effect', () => {
  const LOOKUP: Action[] = [
    { type: 'answer' },
    {
      id: 'fetch-customer',
      type: 'webhook_send',
      option: {
        sync: true,
        uri: 'https://crm.test/lookup',
        data: '{"phone":"${voipbin.call.source.target}"}',
      },
    },
    talk('Hello ${customer.name}.'),
  ];
  beforeEach(() => save('main', LOOKUP));

  it('is left to be done with the step, and its answer is told when the carrier asks', async () => {
    const document = await arrive(context, 'c');
    expect(context.tasks).toEqual([{ kind: 'effects', call: 'c' }]);
    expect((await record()).flow?.todo).toMatchObject([
      { effect: { do: 'http', url: 'https://crm.test/lookup', body: '{"phone":"+919876543210"}' } },
    ]);
    const waiting = await post(context, flowUrl(document, 'answered'));
    expect(elementsOf(waiting)).toEqual(['Response', 'Wait', 'Redirect']);
    expect(flowUrl(waiting, 'answered')).toBe(flowUrl(document, 'answered'));
    await finish('0.0', { type: 'answered', status: 200, body: '{"name":"John"}' });
    const told = await post(context, flowUrl(waiting, 'answered'));
    expect(told).toContain('Hello John.');
    expect(await post(context, flowUrl(waiting, 'answered'))).toBe(told);
    expect((await record()).flow).toMatchObject({ todo: [] });
  });

  it('that never answers is waited for no longer than its patience', async () => {
    const document = await arrive(context, 'c');
    context.time += 11_000;
    expect(elementsOf(await post(context, flowUrl(document, 'answered')))).toContain('Wait');
    context.time += 2000;
    expect(await post(context, flowUrl(document, 'answered'))).toContain('Hello .');
    expect((await record()).flow?.failures).toMatchObject([{ do: 'http', effect: '0.0' }]);
    expect((await record()).flow?.todo).toHaveLength(1);
    await finish('0.0', { type: 'answered', status: 200, body: '{"name":"John"}' });
    expect((await record()).flow?.result).toBeUndefined();
  });

  it('is not started again by a repetition, nor by another step, while somebody performs it', async () => {
    const document = await arrive(context, 'c');
    await arrive(context, 'c');
    await change(context, 'c', held => takeTodo(held, context.now()));
    await post(context, flowUrl(document, 'answered'));
    expect(context.tasks).toHaveLength(1);
  });

  it('left over at the end of the call keeps the call among those that are looked after', async () => {
    await arrive(context, 'c');
    await hangUp(context, 'c');
    const live = async () => {
      const ids = [];
      for await (const id of context.store.reports.live()) ids.push(id);
      return ids;
    };
    expect(await live()).toEqual(['c']);
    await finish('0.0', { type: 'answered' });
    expect(await live()).toEqual([]);
  });
});

describe('a bridge', () => {
  beforeEach(() =>
    save('main', [
      { type: 'connect', option: { destinations: [{ type: 'tel', target: '+919000000001' }] } },
      talk('The result is ${connect.status}.'),
    ]),
  );

  it.each([
    ['completed', 'answered'],
    ['no-answer', 'noanswer'],
    ['busy', 'busy'],
    ['cancel', 'canceled'],
    ['failed', 'failed'],
  ])('that ends as %s is %s', async (status, result) => {
    const document = await arrive(context, 'c');
    expect(elementsOf(document)).toEqual(['Response', 'Play', 'Dial', 'Number', 'Redirect']);
    const told = await post(context, flowUrl(document, 'dialed'), { DialStatus: status });
    expect(told).toContain(`The result is ${result}.`);
  });

  it('could not even be tried', async () => {
    const document = await arrive(context, 'c');
    const told = await post(context, flowUrl(document, 'nothing_dialed'));
    expect(told).toContain('The result is failed.');
  });

  it('that was answered makes the call connected, and says by whom', async () => {
    const document = await arrive(context, 'c');
    const event = { Event: 'DialConnected', DialBLegTo: '+919000000001' };
    const url = urlTo('/flow/event', document);
    await post(context, url, event);
    await post(context, url, event);
    await hangUp(context, 'c');
    expect(await record()).toMatchObject({
      outcome: 'connected',
      flow: { bridged: { by: '+919000000001' } },
    });
  });
});

describe('a message', () => {
  beforeEach(() =>
    save('main', [
      talk('Please speak.'),
      { type: 'beep' },
      { type: 'recording_start', option: { duration: 60, end_of_silence: 5 } },
      talk('Thank you.'),
    ]),
  );

  it('is waited for, and its file is kept though it comes after the end', async () => {
    const document = await arrive(context, 'c');
    expect(elementsOf(document)).toEqual(['Response', 'Speak', 'Play', 'Record', 'Redirect']);
    const told = urlTo('/flow/event', document);
    await post(context, told, { Event: 'Record', RecordingID: 'r1' });
    expect(await post(context, flowUrl(document, 'recorded'))).toContain('Thank you.');
    await hangUp(context, 'c');
    const file = {
      Event: 'RecordStop',
      RecordingID: 'r1',
      RecordUrl: 'https://media.test/r1.mp3',
      RecordingDurationMs: '4200',
      RecordingEndReason: 'RecordingTimeout',
    };
    await post(context, told, file);
    await post(context, told, file);
    expect(await record()).toMatchObject({
      outcome: 'voicemail',
      recordings: [
        {
          id: 'r1',
          kind: 'message',
          url: 'https://media.test/r1.mp3',
          duration_secs: 4,
          ended_by: 'RecordingTimeout',
        },
      ],
    });
  });

  it('sounds are our own files', async () => {
    const document = await arrive(context, 'c');
    expect(await post(context, urlTo('/flow/sound.wav', document))).toMatch(/^UklGR/);
  });
});

describe('another flow', () => {
  it('is loaded at once, by id or name, and what it lacks is its failure', async () => {
    await save('main', [
      talk('First.'),
      { type: 'fetch_flow', option: { flow_id: 'Other flow' } },
      talk('Third.'),
    ]);
    await save('other', [talk('Second.')], { name: 'Other flow' });
    const document = await arrive(context, 'c');
    expect(document).toMatch(/First\..*Second\..*Third\./s);
  });

  it('that loads itself for ever ends at the limit, with the fallback', async () => {
    await save('main', [{ type: 'fetch_flow', option: { flow_id: 'main' } }]);
    expect(await arrive(context, 'c')).toContain('Sorry');
    expect((await record()).flow?.state.fell_back).toMatchObject({ because: 'limit' });
  });
});
