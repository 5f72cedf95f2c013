/** The life of a flow by the App API: saved, versioned, published, removed; and what is refused, with its place. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flowOf } from '../../lambda/app/flows.ts';
import { LARGEST_FLOW } from '../../lambda/flow/flow.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { apiClient } from './client.ts';

let context: TestContext;
let api: Awaited<ReturnType<typeof apiClient>>;
beforeAll(async () => {
  context = await testContext();
  api = await apiClient(context);
});
afterAll(() => context.stop());

const SEED = new URL('../flow/seed/', import.meta.url);
const talk = (text: string) => ({ type: 'talk', option: { text } });
const flow = (text: string, more: object = {}) => ({ name: 'Greeting', actions: [talk(text)], ...more });
const errors = async (body: unknown, request = 'POST /flows') => {
  const reply = await api(request, { body });
  expect(reply.status).toBe(400);
  return Object.fromEntries(
    reply.body.errors.map((one: { field: string; message: string }) => [one.field, one.message]),
  );
};

describe('the published patterns', () => {
  it.each(readdirSync(SEED))('%s is saved unchanged', async file => {
    const raw = readFileSync(new URL(file, SEED), 'utf8');
    const { status, body } = await api('POST /flows', { raw });
    expect(status).toBe(201);
    const given = JSON.parse(raw);
    expect(body).toMatchObject({ ...given, version: 1, published_version: 1 });
    expect(await flowOf(context, body.id)).toMatchObject(given);
  });

  it('warn of what they name and nobody has set up, with the fallback', async () => {
    const raw = readFileSync(new URL('support-call.json', SEED), 'utf8');
    const { body } = await api('PUT /flows/support', { raw });
    expect(body.warnings).toEqual([
      {
        field: 'actions[2].option.queue_id',
        message:
          'there is no queue "support-queue-id"; PUT /queues/support-queue-id sets it up; until then callers hear an apology and go to the fallback, the queue "default"',
      },
      {
        field: 'on_complete_flow_id',
        message:
          'there is no flow "post-call-survey-flow-id", by its id or its name; PUT /flows/post-call-survey-flow-id saves one; until then nothing follows this flow',
      },
    ]);
    await api('PUT /queues/support-queue-id', { body: {} });
    await api('PUT /flows/post-call-survey-flow-id', { body: flow('How was it?') });
    expect((await api('GET /flows/support')).body.warnings).toEqual([]);
  });
});

it('each warning says what happens until it is heeded', async () => {
  const actions = [
    { type: 'recording_start', option: { on_end_flow_id: 'file it' } },
    { type: 'transcribe_start', option: { webhook_url: 'http://10.0.0.5/words' } },
    { type: 'webhook_send', option: { uri: 'http://example.com' } },
    { type: 'ai_talk', option: { ai_id: 'ann' }, on_error_target_id: 'end' },
    { id: 'end', type: 'email_send', option: { destinations: [{ type: 'email', target: 'a@example.com' }] } },
  ];
  const body = { name: 'Warned', actions, fallback_flow_id: 'rescue' };
  const { warnings } = (await api('POST /flows', { body })).body;
  const untils = warnings.map((one: { field: string; message: string }) => [
    one.field,
    one.message.split('; until then ')[1],
  ]);
  expect(untils).toEqual([
    ['actions[0].option.on_end_flow_id', 'nothing follows it'],
    ['actions[1].option.webhook_url', 'nobody is told there'],
    ['actions[2].option.uri', 'the action fails, and the flow goes on'],
    ['actions[3].option.ai_id', 'the action fails, and the flow goes to its on_error_target_id'],
    ['actions[4].type', 'the action fails, and the flow goes on'],
    ['fallback_flow_id', 'callers whom the flow can take no further go to the fallback queue'],
  ]);
  expect(warnings[0].message).toContain('POST /flows with that name saves one');
  expect(warnings[2].message).toContain('Only https addresses are called.');
});

it('a name that several flows have is warned of, an id is not', async () => {
  const body = (id: string) => ({
    name: 'Leading',
    actions: [{ type: 'fetch_flow', option: { flow_id: id } }],
  });
  for (const id of ['twin-1', 'twin-2'])
    await api(`PUT /flows/${id}`, { body: { ...flow('Hi'), name: 'Twin' } });
  const { warnings } = (await api('PUT /flows/leading', { body: body('Twin') })).body;
  expect(warnings).toMatchObject([{ field: 'actions[0].option.flow_id' }]);
  expect(warnings[0].message).toMatch(/^2 flows have the name "Twin", .*"twin-[12]", "twin-[12]"$/);
  expect((await api('PUT /flows/leading', { body: body('twin-2') })).body.warnings).toEqual([]);
});

it('the schema for editors is open, and the document describes a flow alike', async () => {
  const { status, body } = await api('GET /flow-schema.json');
  expect([status, body.$id]).toEqual([200, 'https://switchboard.test/flow-schema.json']);
  const { body: document } = await api('GET /openapi.json');
  expect(document.paths['/flow-schema.json'].get.security).toEqual([]);
  const { NewFlow } = document.components.schemas;
  expect(NewFlow.properties.actions).toEqual(body.properties.actions);
  expect(Object.keys(NewFlow.properties)).toEqual(expect.arrayContaining(['id', 'draft']));
});

describe('versions', () => {
  it('rise with each change, and calls run the published one', async () => {
    expect((await api('PUT /flows/menu', { body: flow('One') })).status).toBe(201);
    const again = await api('PUT /flows/menu', { body: { id: 'menu', ...flow('One') } });
    expect([again.status, again.body.version]).toEqual([200, 1]);
    const draft = await api('PUT /flows/menu', { body: flow('Two', { draft: true }) });
    expect(draft.body).toMatchObject({ version: 2, newest_version: 2, published_version: 1 });
    expect((await flowOf(context, 'menu'))?.version).toBe(1);
    expect((await api('GET /flows/menu')).body.actions).toEqual([talk('Two')]);
    expect((await api('GET /flows/menu?version=1')).body.actions).toEqual([talk('One')]);
    expect((await api('GET /flows/menu?version=3')).status).toBe(404);

    expect((await api('POST /flows/menu/publish')).body.published_version).toBe(2);
    expect((await flowOf(context, 'menu'))?.actions).toEqual([talk('Two')]);
    const back = await api('POST /flows/menu/publish', { body: { version: 1 } });
    expect(back.body).toMatchObject({ version: 1, published_version: 1, newest_version: 2 });
    expect((await api('POST /flows/menu/publish', { body: { version: 9 } })).status).toBe(404);
    const { body } = await api('GET /flows/menu/versions');
    const [newest, first] = [
      { version: 2, published: false },
      { version: 1, published: true },
    ];
    expect(body).toMatchObject({ versions: [newest, first], next: null });
    const page = await api('GET /flows/menu/versions?limit=1');
    expect(page.body).toMatchObject({ versions: [newest], next: 2 });
    const last = await api('GET /flows/menu/versions?limit=1&before=2');
    expect(last.body).toMatchObject({ versions: [first], next: null });
  });

  it('are published by saving the same draft for good', async () => {
    await api('PUT /flows/later', { body: flow('Soon', { draft: true }) });
    expect(await flowOf(context, 'later')).toBeUndefined();
    const { body } = await api('PUT /flows/later', { body: flow('Soon') });
    expect(body).toMatchObject({ version: 1, published_version: 1 });
  });

  it('are each saved when two save at once', async () => {
    await api('PUT /flows/busy', { body: flow('Zero') });
    const replies = await Promise.all(
      ['One', 'Two'].map(text => api('PUT /flows/busy', { body: flow(text) })),
    );
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    const { body } = await api('GET /flows/busy/versions');
    expect(body.versions).toHaveLength(3);
  });

  it('can be sent back as they were answered', async () => {
    const { body } = await api('PUT /flows/round', { body: flow('Round', { detail: 'A note' }) });
    const back = await api('PUT /flows/round', { body });
    expect([back.status, back.body]).toEqual([200, body]);
  });
});

describe('ids', () => {
  it('are the user’s to choose, once', async () => {
    expect((await api('POST /flows', { body: flow('Hi', { id: 'mine' }) })).body.id).toBe('mine');
    const { status, body } = await api('POST /flows', { body: flow('Ho', { id: 'mine' }) });
    expect([status, body.detail]).toEqual([
      409,
      'There is a flow "mine" already. PUT /flows/mine saves a new version.',
    ]);
    expect(await errors(flow('Hi', { id: 'a b' }))).toHaveProperty('id');
    expect(await errors(flow('Hi', { id: 'yours' }), 'PUT /flows/mine')).toHaveProperty('id');
    expect((await api('GET /flows')).body.flows.map(({ id }: { id: string }) => id)).toContain('mine');
  });

  it('a flow is exported from VoIPBin with more than its owner wrote', async () => {
    const exported = {
      id: 'decc2634-0b2a-11eb-b38d-87a8f1051188',
      customer_id: '5e4a0680-804e-11ec-8477-2fea5968d85b',
      type: 'flow',
      name: 'simple outbound flow',
      detail: '',
      actions: [
        {
          id: 'b0f5a2c0-0b2a-11eb-8d0d-3f1b1c1c1c1c',
          next_id: '00000000-0000-0000-0000-000000000000',
          type: 'answer',
          tm_execute: '',
        },
      ],
      on_complete_flow_id: '00000000-0000-0000-0000-000000000000',
      tm_create: '2020-10-10T21:04:11.1100Z',
      tm_update: null,
      tm_delete: null,
    };
    const { status, body } = await api('POST /flows', { body: exported });
    expect([status, body.detail, body.on_complete_flow_id]).toEqual([201, null, null]);
    expect(body.actions[0]).not.toHaveProperty('tm_execute');
  });
});

describe('a number', () => {
  const put = (flowName: string) => api('PUT /numbers/+911140000002', { body: { flow: flowName } });

  it('leads to a published flow, by its id or its name', async () => {
    await api('PUT /flows/entry', { body: flow('Hi', { name: 'The entry', draft: true }) });
    const { status, body } = await put('entry');
    expect([status, body.errors[0]]).toEqual([
      400,
      { field: 'flow', message: expect.stringContaining('no flow "entry" is published') },
    ]);
    await api('POST /flows/entry/publish');
    expect((await put('The entry')).body).toEqual({ number: '+911140000002', flow: 'entry' });
    expect((await put('entry')).body).toEqual({ number: '+911140000002', flow: 'entry' });
  });
});

it('a call that is placed begins the flow, with first variables', async () => {
  await api('PUT /flows/survey', { body: flow('How was it?', { name: 'The survey' }) });
  const order = { to: '+919812345678', from: '+918000000000', flow: 'The survey' };
  const { status, body } = await api('POST /calls', {
    body: { ...order, variables: { 'customer.name': 'Asha' } },
  });
  expect([status, body.dial.flow, body.variables]).toEqual([201, 'survey', { 'customer.name': 'Asha' }]);
  const call = await context.store.calls.one(body.call_id);
  expect(call?.dial?.flow).toEqual({ id: 'survey' });
});

describe('removal', () => {
  it('is refused while a number leads there, and leaves a running call its version', async () => {
    await api('PUT /flows/leaving', { body: flow('Bye') });
    await api('PUT /numbers/+911140000001', { body: { flow: 'leaving' } });
    const refused = await api('DELETE /flows/leaving');
    expect([refused.status, refused.body.detail]).toEqual([
      409,
      '+911140000001 leads to this flow. Lead it elsewhere first.',
    ]);
    await api('DELETE /numbers/+911140000001');
    expect((await api('DELETE /flows/leaving')).status).toBe(204);
    expect((await api('DELETE /flows/leaving')).status).toBe(404);
    expect((await api('GET /flows/leaving/versions')).status).toBe(404);
    expect((await context.store.flows.version('leaving', 1))?.flow.actions).toEqual([talk('Bye')]);
    expect((await api('PUT /flows/leaving', { body: flow('Bye') })).body.version).toBe(2);
    expect((await api('GET /flows/leaving?version=1')).status).toBe(404);
    expect((await api('POST /flows/leaving/publish', { body: { version: 1 } })).status).toBe(404);
  });
});

describe('refused', () => {
  it('with every problem at once, each at its place', async () => {
    const body = {
      id: 'has space',
      draft: 'yes',
      colour: 'red',
      actions: [
        { id: 'vip', type: 'answer' },
        { id: 'vip', type: 'dance' },
        { type: 'mute' },
        {
          type: 'branch',
          option: { target_ids: { vip: 'vip-x', old: 'vip' }, speed: 1 },
          next_id: 'nowhere',
        },
        'talk',
        { type: 'goto', options: {} },
      ],
    };
    expect(await errors(body)).toEqual({
      id: 'must be 1 to 64 letters, digits, hyphens or underscores',
      draft: 'must be true or false',
      colour: 'is not known here; leave it out, or correct its spelling',
      name: 'is missing; it must be a text',
      'actions[1].id': 'is the id of actions[0] already',
      'actions[1].type': '"dance" is no action; GET /flow-schema.json lists them',
      'actions[2].type':
        '"mute" cannot be used. Vobiz can mute the members of a conference only, not the leg of a call.',
      'actions[3].next_id': 'no action has the id "nowhere"',
      'actions[3].option.speed': 'is not known here; leave it out, or correct its spelling',
      'actions[3].option.target_ids.vip': 'no action has the id "vip-x"',
      'actions[4]': 'must be a JSON object',
      'actions[5].options': 'is not known here; leave it out, or correct its spelling',
      'actions[5].option.target_id': 'is missing; it must be a text',
    });
  });

  it('when it is no flow, or a flow without actions', async () => {
    expect(await errors([talk('Hi')])).toEqual({ '': 'must be a JSON object' });
    expect(await errors({ name: 'Empty', actions: [] })).toEqual({ actions: 'must have at least 1 entry' });
    expect(await errors({ name: 'None' })).toEqual({ actions: 'is missing; it must be a list' });
  });

  it('when it is larger than can be stored, whatever its spaces', async () => {
    const long = { name: 'Long', actions: Array.from({ length: 60 }, () => talk('x'.repeat(5000))) };
    expect((await errors(long))['']).toContain(`it may have ${LARGEST_FLOW}`);
    const wide = JSON.stringify(flow('Hi'), null, 9).replaceAll(' ', ' '.repeat(2000));
    expect(wide.length).toBeGreaterThan(LARGEST_FLOW);
    expect((await api('POST /flows', { raw: wide })).status).toBe(201);
    const { status, body } = await api('POST /flows', { raw: 'x'.repeat(4 * LARGEST_FLOW + 1) });
    expect([status, body.detail]).toEqual([400, expect.stringContaining('send at most')]);
  });
});
