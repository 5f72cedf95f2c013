/** What cannot be taken, stored or told is no end: the caller hears of the fallback, also when the carrier repeats it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '../../lambda/flow/flow.ts';
import { START, type TestContext, testContext } from '../support/context.ts';
import { elementsOf, urlsIn, urlTo } from '../support/document.ts';
import { arrive, LINE, post } from './carrier.ts';

let context: TestContext;
beforeEach(async () => {
  context = await testContext();
  await context.store.directory.numbers.create({ number: LINE, flow: 'main' });
});
afterEach(() => context.stop());

const say = (text: string): Action => ({ type: 'talk', option: { text } });
/** Each character takes five bytes on the way to the carrier, which has room for 100 KB. */
const WORDS = [4900, 4900, 3700].map(length => say('&'.repeat(length)));
const RING: Action = {
  type: 'connect',
  option: {
    destinations: Array.from({ length: 20 }, (_, n) => ({
      type: 'sip',
      target: `sip:${n}@${'&'.repeat(480)}`,
    })),
  },
};
const UNTELLABLE = [...WORDS, RING];

async function save(actions: Action[], more = {}) {
  const flow = { id: 'main', name: 'main', actions, ...more };
  const { flows } = context.store;
  await flows.save(await flows.head('main'), flow, { publish: true, now: START });
}
const record = async () => {
  const call = await context.store.calls.one('c');
  if (!call?.flow) throw new Error('There is no call with a flow.');
  return { ...call, run: call.flow.state };
};
const follow = (document: string) => post(context, urlTo('/flow', document), { CallUUID: 'c' });

describe('a document that is too long', () => {
  beforeEach(() => save([...UNTELLABLE, say('Never.')]));

  it('is told as an apology and the way to the queue', async () => {
    const document = await arrive(context, 'c');
    expect(document).toContain('something went wrong');
    expect(urlTo('/queue-try-agent', document)).toBeDefined();
    expect(await record()).toMatchObject({ state: 'greeting', run: { fell_back: { because: 'failed' } } });
  });

  it('is so however often the carrier repeats its requests', async () => {
    await arrive(context, 'c');
    const again = await arrive(context, 'c');
    expect(elementsOf(again)).toEqual(['Response', 'Redirect']);
    expect(await follow(again)).toContain('/queue-try-agent');
    expect((await record()).run.outcome).toBeUndefined();
  });
});

it('a fallback that cannot be told either ends the call', async () => {
  const { flows } = context.store;
  const fallback = { id: 'fallback', name: 'fallback', actions: UNTELLABLE };
  await flows.save(undefined, fallback, { publish: true, now: START });
  await save(UNTELLABLE, { fallback_flow_id: 'fallback' });
  expect(elementsOf(await arrive(context, 'c'))).toEqual(['Response', 'Hangup']);
  expect((await record()).run.outcome).toBe('failed');
});

it('a step that cannot be stored is given up', async () => {
  await save([say('Hello.'), { type: 'digits_receive', option: { length: 1 } }, say('Thanks.')]);
  const asked = await arrive(context, 'c');
  const [pressed = ''] = urlsIn(asked);
  const { commit } = context.store;
  context.store.commit = async () => {
    context.store.commit = commit;
    throw new Error('broken');
  };
  const document = await post(context, pressed, { CallUUID: 'c', Digits: '1' });
  expect(document).toContain('something went wrong');
  expect((await record()).state).toBe('greeting');
});

it('a notification that fails is delivered again, and gives nothing up', async () => {
  await save([say('Hello.'), { type: 'recording_start', option: { duration: 5 } }]);
  const document = await arrive(context, 'c');
  context.store.commit = async () => {
    throw new Error('broken');
  };
  expect(
    await post(context, urlTo('/flow/event', document), {
      CallUUID: 'c',
      RecordingID: 'r',
      RecordUrl: 'https://media.vobiz.ai/r.mp3',
    }),
  ).toBe('status 503');
  expect((await record()).run.fell_back).toBeUndefined();
});

it('a call whose flow cannot begin goes to the queue', async () => {
  await save([say('Hello.')]);
  context.store.flows.head = async () => {
    throw new Error('broken');
  };
  const document = await arrive(context, 'c');
  expect(urlTo('/queue-try-agent', document)).toBeDefined();
  expect((await context.store.calls.one('c'))?.state).toBe('greeting');
});
