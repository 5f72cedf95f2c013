/**
 * Whatever a flow carries along and wants done, each of its steps is stored, and so is the end of its call: at every
 * limit at once, in texts that no packing makes smaller.
 */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { change } from '../../lambda/app/change.ts';
import { doneTodo } from '../../lambda/call/in-flow.ts';
import { hangUp as hungUp } from '../../lambda/call/transitions.ts';
import type { Action } from '../../lambda/flow/flow.ts';
import { storedBytes } from '../../lambda/store/calls.ts';
import { perform } from '../../lambda/tasks/perform.ts';
import { queue } from '../queue/fixtures.ts';
import { START, type TestContext, testContext } from '../support/context.ts';
import { urlsIn } from '../support/document.ts';
import { arrive, hangUp, LINE, post } from './carrier.ts';

/** Of the store. */
const ITEM_BYTES = 400 * 1024;

let context: TestContext;
beforeEach(async () => {
  context = await testContext({ FROM_NUMBER: LINE });
  context.pause = async () => undefined;
  await context.store.directory.numbers.create({ number: LINE, flow: 'main' });
  await save('after', [{ type: 'sleep', option: {} }]);
});
afterEach(() => context.stop());

async function save(id: string, actions: Action[], more = {}) {
  const { flows } = context.store;
  await flows.save(await flows.head(id), { id, name: id, actions, ...more }, { publish: true, now: START });
}
const record = async (id = 'c') => {
  const call = await context.store.calls.one(id);
  if (!call) throw new Error('There is no call.');
  return call;
};
const say = (text: string): Action => ({ type: 'talk', option: { text } });
const linkOn = (document: string, on: string) => {
  const found = urlsIn(document).find(url => new URL(url).searchParams.get('on') === on);
  if (!found) throw new Error(`No link for ${on} in ${document.slice(0, 500)}`);
  return found;
};

/** Bytes that look like chance, always the same. */
function noise(bytes: number, seed: string): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, n) =>
    createHash('sha256').update(`${seed} ${n}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, bytes);
}

const chars = (bytes: number, seed: string, from: number, many: number) =>
  Array.from(new Uint16Array(new Uint8Array(noise(2 * bytes, seed)).buffer), chance =>
    String.fromCharCode(from + (chance % many)),
  ).join('');

/** Texts of so many bytes of UTF-8, or a little less. */
const TEXTS = [
  ['Chinese', (bytes, seed) => chars(Math.floor(bytes / 3), seed, 0x4e00, 20_000)],
  ['printable ASCII', (bytes, seed) => chars(bytes, seed, 37, 90)],
] satisfies [string, (bytes: number, seed: string) => string][];

const to = (actions: Action[]): Action => ({
  type: 'call',
  option: { destinations: [{ type: 'tel', target: '+919822222222' }], actions },
});
const send = (data: string, sync = false): Action => ({
  type: 'webhook_send',
  option: { uri: 'https://a.test/', data_type: 'text/plain', data, sync },
});
const finish = (effect: string, body: string) =>
  change(context, 'c', held =>
    doneTodo(held, effect, { news: { type: 'answered', status: 200, body } }, context.now()),
  );

/** What is wanted is too much for one flow to be saved with. @returns actions that lead there */
async function sending(data: (n: number) => string): Promise<Action[]> {
  const parts = [0, 1, 2].map(part => `part-${part}`);
  for (const [part, id] of parts.entries())
    await save(
      id,
      [0, 1, 2, 3].map(n => send(data(part * 4 + n))),
    );
  return parts.map(flow_id => ({ type: 'fetch_flow', option: { flow_id } }));
}

/** The caller stays on the line, until these words. @param meanwhile before each next document is asked for */
async function listen(words: string, meanwhile: () => unknown): Promise<void> {
  let document = await arrive(context, 'c');
  for (let step = 0; !document.includes(words); step++) {
    expect(step).toBeLessThan(50);
    const { wait } = (await record()).flow?.state ?? {};
    await meanwhile();
    document = await post(context, linkOn(document, wait?.for ?? ''), { CallUUID: 'c' });
  }
}

async function work() {
  for (const task of context.tasks.splice(0)) await perform(context, task);
}

/** The call as it is now fits, and so it does when it ends now. */
async function fits() {
  const call = await record();
  expect(storedBytes(call)).toBeLessThan(ITEM_BYTES);
  const { call: ended } = hungUp({ call, agents: [] }, {}, queue({}), context.now());
  expect(storedBytes(ended)).toBeLessThan(ITEM_BYTES);
}

describe.each(TEXTS)('in %s', (_, text) => {
  const variables = Array.from({ length: 8 }, (_, n): Action => {
    const value = text(7900, `variable ${n}`);
    return { type: 'variable_set', option: { key: `v${n}`, value } };
  });
  const background: Action[] = [
    { type: 'recording_start', option: { on_end_flow_id: 'after' } },
    {
      type: 'transcribe_start',
      option: {
        on_end_flow_id: 'after',
        keywords: Array.from({ length: 50 }, (_, n) => ({ phrase: `w${n}`, value: text(900, `word ${n}`) })),
      },
    },
  ];

  it('a call with actions of its own is placed with all variables', async () => {
    const actions = Array.from({ length: 18 }, (_, n) => say(text(4800, `said ${n}`)));
    await save('main', [...variables, ...background, to(actions), say('Hello.')]);
    await listen('Hello.', async () => {
      await fits();
      await work();
    });
    const [placed = ''] = context.carrierLog.placed.map(({ answerUrl }) => answerUrl);
    const { dial, variables: given } = await record(new URL(placed).searchParams.get('call') ?? '');
    expect(dial?.flow?.actions).toHaveLength(18);
    expect(given?.v7).toBe(text(7900, 'variable 7'));
  });

  it('nobody does what the flow wants: it goes on, says what failed, and ends', async () => {
    const fetch: Action = { type: 'fetch', option: { event_url: 'https://a.test/' } };
    const said = (n: number) => say(text(4700, `said ${n}`));
    const lists = [
      [...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(said), fetch],
      [10, 11, 12, 13, 14, 15, 16].map(said),
    ];
    const sends = await sending(n => text(48_000, `data ${n}`));
    const last = [...sends, send('', true), say('The end.')];
    await save('main', [...variables, ...background, fetch, ...last], { on_complete_flow_id: 'after' });
    await listen('The end.', async () => {
      const { wait } = (await record()).flow?.state ?? {};
      const list = lists.shift();
      if (wait?.effect) await finish(wait.effect, list ? JSON.stringify(list) : text(64_000, 'answer'));
      await fits();
      context.time += 21_000;
    });
    const { flow } = await record();
    expect(flow?.state.stack.length).toBe(1);
    expect(flow?.failures).toContainEqual(expect.objectContaining({ do: 'http' }));
    await hangUp(context, 'c');
    const after = (await record()).flow?.todo.filter(({ effect }) => effect.do === 'start_flow');
    expect(after).toHaveLength(3);
  });
});

it('what is wanted is done before more is wanted, so that none of it is lost', async () => {
  const bodies = new Set<string | undefined>();
  context.request = async ({ body }) => {
    bodies.add(body);
    return { status: 200, text: '' };
  };
  const sends = await sending(n => noise(36_000, `data ${n}`).toString('base64'));
  await save('main', [...sends, say('The end.')]);
  await listen('The end.', work);
  expect(bodies.size).toBe(12);
});
