/** One document goes on over everything that a flow gets at once: other flows, and a queue that is not there. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Action } from '../../lambda/flow/flow.ts';
import { START, type TestContext, testContext } from '../support/context.ts';
import { elementsOf, urlsIn } from '../support/document.ts';
import { arrive, LINE, post } from './carrier.ts';

let context: TestContext;
beforeEach(async () => {
  context = await testContext();
  await context.store.directory.numbers.create({ number: LINE, flow: 'main' });
  await save('other', [{ type: 'variable_set', option: { key: 'a', value: 'b' } }]);
});
afterEach(() => context.stop());

async function save(id: string, actions: Action[]) {
  const { flows } = context.store;
  await flows.save(await flows.head(id), { id, name: id, actions }, { publish: true, now: START });
}
const run = async () => (await context.store.calls.one('c'))?.flow;
const say = (text: string): Action => ({ type: 'talk', option: { text } });
const OTHER: Action = { type: 'fetch_flow', option: { flow_id: 'other' } };

it('a recording is stopped when what stands before it was heard, also with a flow in between', async () => {
  const recording: Action = { type: 'recording_start', option: {} };
  await save('main', [recording, say('Your order?'), OTHER, { type: 'recording_stop' }, say('Your card?')]);
  const first = await arrive(context, 'c');
  expect(first).not.toContain('Your card?');
  expect((await run())?.todo).toEqual([]);
  const [next = ''] = urlsIn(first).filter(url => url.includes('on=continued'));
  expect(await post(context, next, { CallUUID: 'c' })).toContain('Your card?');
  expect((await run())?.todo).toMatchObject([{ effect: { do: 'stop_recording' } }]);
});

it.each<[string, Action[]]>([
  ['another flow', [OTHER, { type: 'goto', option: { target_id: 'top' } }]],
  [
    'a queue that is not there',
    [{ type: 'queue_join', option: { queue_id: 'no' }, on_error_target_id: 'top' }],
  ],
])('a loop over %s is a document a round', async (_, actions) => {
  await save('main', [{ ...say('Welcome.'), id: 'top' }, ...actions]);
  expect(elementsOf(await arrive(context, 'c'))).toEqual(['Response', 'Speak', 'Redirect']);
});

it('the question before another flow is the one that a consent answers, and keys during it count', async () => {
  const keys: Action = { type: 'digits_receive', option: { length: 1 } };
  const consent: Action = { type: 'variable_set', option: { key: 'recording.consent', value: 'yes' } };
  await save('main', [say('May we record?'), OTHER, keys, consent, say('Thanks.')]);
  const asked = await arrive(context, 'c');
  expect(elementsOf(asked)).toEqual(['Response', 'Gather', 'Speak', 'Redirect']);
  const [pressed = ''] = urlsIn(asked);
  await post(context, pressed, { CallUUID: 'c', Digits: '1' });
  const { consent: given } = (await context.store.calls.one('c')) ?? {};
  expect(given).toMatchObject({ words: 'May we record?', flow: 'main', version: 1, action: '0' });
});
