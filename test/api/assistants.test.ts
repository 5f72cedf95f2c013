import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assistantOf } from '../../lambda/app/assistants.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { apiClient } from './client.ts';

let context: TestContext;
let api: Awaited<ReturnType<typeof apiClient>>;

beforeEach(async () => {
  context = await testContext({ OPENAI_MODEL: 'gpt-of-the-house', HTTP_ALLOW_HOSTS: 'tools.local:8080' });
  api = await apiClient(context);
});
afterEach(() => context.stop());

const tool = (changes: object = {}) => ({
  name: 'look_up',
  description: 'Looks up an order.',
  url: 'https://shop.example.com/orders',
  parameters: { type: 'object', properties: { order: { type: 'string' } } },
  timeout_ms: 2000,
  ...changes,
});

describe('assistants', () => {
  it('have a default one that is always there, with the choices of the deployment', async () => {
    const { body } = await api('GET /assistants');
    expect(body.assistants).toHaveLength(1);
    expect(body.assistants[0]).toMatchObject({
      id: 'default',
      llm: { model: 'gpt-of-the-house' },
      tts: { provider: 'openai', voice: 'alloy' },
    });
    expect((await api('GET /assistants/default')).body).toEqual(body.assistants[0]);
    expect((await api('DELETE /assistants/default')).status).toBe(409);
  });

  it('keep their choices, one by one, and what the session takes is the same', async () => {
    const choices = { prompt: 'You sell shoes.', llm: { temperature: 0.9 }, http_tools: [tool()] };
    const { status, body } = await api('PUT /assistants/shoes', { body: choices });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      id: 'shoes',
      name: 'shoes',
      prompt: 'You sell shoes.',
      llm: { provider: 'openai', model: 'gpt-of-the-house', temperature: 0.9 },
      http_tools: [tool()],
    });
    expect((await api('GET /assistants/shoes')).body).toEqual(body);
    expect(await assistantOf(context, 'shoes')).toEqual(body);
    expect((await api('GET /assistants')).body.assistants).toHaveLength(2);
  });

  it.each<[choices: { language?: string; stt?: object }, model: string]>([
    [{}, 'nova-2-phonecall'],
    [{ language: 'en-IN' }, 'nova-3'],
    [{ language: 'hi' }, 'nova-3'],
    [{ language: 'de', stt: { keyterms: ['Vobiz'] } }, 'nova-3'],
    [{ language: 'de', stt: { model: 'nova-2' } }, 'nova-2'],
  ])('have a transcriber for their language: %o', async (choices, model) => {
    const { body } = await api('PUT /assistants/shoes', { body: choices });
    expect(body.stt).toEqual({ provider: 'deepgram', keyterms: [], ...choices.stt, model });
  });

  it('go back to the defaults for what is left out, and are removed', async () => {
    await api('PUT /assistants/shoes', { body: { greeting: 'Shoes!' } });
    const { status, body } = await api('PUT /assistants/shoes', { body: { id: 'shoes', greeting: '' } });
    expect([status, body.greeting]).toEqual([200, '']);
    expect((await api('DELETE /assistants/shoes')).status).toBe(204);
    expect((await api('GET /assistants/shoes')).status).toBe(404);
    expect((await api('DELETE /assistants/shoes')).status).toBe(404);
  });

  it('get an id where they are given none', async () => {
    const { status, body } = await api('POST /assistants', { body: { name: 'Anna' } });
    expect(status).toBe(201);
    expect((await api(`GET /assistants/${body.id}`)).body.name).toBe('Anna');
  });

  it('are called "Assistant" where they are given neither id nor name', async () => {
    expect((await api('POST /assistants', { body: {} })).body.name).toBe('Assistant');
  });

  it('need of a tool no more than its name, what it does and where it is', async () => {
    const { parameters: _, timeout_ms: __, ...least } = tool();
    const { status, body } = await api('PUT /assistants/shoes', { body: { http_tools: [least] } });
    expect(status).toBe(201);
    const whole = { ...least, parameters: { type: 'object', properties: {} }, timeout_ms: 5000 };
    expect(body.http_tools).toEqual([whole]);
    expect((await assistantOf(context, 'shoes')).http_tools).toEqual([whole]);
    const { http_tools } = (await api('GET /openapi.json')).body.components.schemas.NewAssistant.properties;
    expect(http_tools.items.required).toEqual(['name', 'description', 'url']);
    expect(http_tools.items.properties).toMatchObject({
      parameters: { default: { type: 'object', properties: {} } },
      timeout_ms: { default: 5000 },
    });
  });

  it('have a voice of Deepgram where they choose its speech and no voice', async () => {
    const { body } = await api('PUT /assistants/shoes', { body: { tts: { provider: 'deepgram' } } });
    expect(body.tts).toEqual({ provider: 'deepgram', model: 'aura-2', voice: 'thalia' });
  });

  it('may call a private host that the settings name', async () => {
    const body = { http_tools: [tool({ url: 'http://tools.local:8080/orders' })] };
    expect((await api('PUT /assistants/shoes', { body })).status).toBe(201);
  });

  it('stay while a number leads to them', async () => {
    await api('PUT /assistants/shoes', { body: {} });
    await api('PUT /numbers/918000000000', { body: { assistant: 'shoes' } });
    const { status, body } = await api('DELETE /assistants/shoes');
    expect([status, body.detail]).toEqual([409, expect.stringContaining('+918000000000')]);
  });

  it.each([
    ['colour', { colour: 'red' }, 'not known here'],
    ['llm.colour', { llm: { colour: 'red' } }, 'not known here'],
    ['llm.temperature', { llm: { temperature: 3 } }, 'at most 2'],
    ['llm.provider', { llm: { provider: 'other' } }, '"openai"'],
    ['prompt', { prompt: '' }, 'at least 1 character'],
    ['language', { language: 'English please' }, 'language tag'],
    ['max_secs', { max_secs: 7201 }, 'at most 7200'],
    ['transfer_key', { transfer_key: '10' }, 'one of 0-9'],
    ['queue', { queue: 'nowhere' }, 'PUT /queues/nowhere'],
    ['built_in_tools.0', { built_in_tools: ['fly'] }, 'transfer_to_queue'],
    ['http_tools.0.name', { http_tools: [tool({ name: 'end_call' })] }, 'built-in tool'],
    ['http_tools.0.name', { http_tools: [tool({ name: 'finish' })] }, 'built-in tool'],
    ['http_tools.0.name', { http_tools: [tool({ name: 'look up' })] }, 'letters, digits'],
    ['http_tools', { http_tools: [tool(), tool()] }, 'different name'],
    ['http_tools.0.url', { http_tools: [tool({ url: 'http://shop.example.com/' })] }, 'https'],
    ['http_tools.0.url', { http_tools: [tool({ url: 'https://169.254.169.254/latest' })] }, 'private'],
    ['http_tools.0.url', { http_tools: [tool({ url: 'orders' })] }, 'must be a URL'],
    ['http_tools.0.parameters.type', { http_tools: [tool({ parameters: {} })] }, 'must be "object"'],
    ['http_tools.0.description', { http_tools: [tool({ description: undefined })] }, 'is missing'],
    ['http_tools.0.timeout_ms', { http_tools: [tool({ timeout_ms: 60_000 })] }, 'at most 10000'],
    ['id', { id: 'boots' }, 'must be "shoes"'],
  ])('refuse a bad %s: %j', async (field, body, message) => {
    const reply = await api('PUT /assistants/shoes', { body });
    expect(reply.status).toBe(400);
    expect(reply.body.errors).toContainEqual({ field, message: expect.stringContaining(message) });
    expect((await api('GET /assistants/shoes')).status).toBe(404);
  });
});

describe('a number', () => {
  const put = (body: object) => api('PUT /numbers/918000000000', { body });

  it('leads to an assistant, or to a queue, whichever was said last', async () => {
    expect(await put({ assistant: 'default' })).toMatchObject({
      status: 201,
      body: { number: '+918000000000', assistant: 'default' },
    });
    expect((await put({ queue: 'default' })).body).toEqual({ number: '+918000000000', queue: 'default' });
    expect((await api('GET /numbers/918000000000')).body).not.toHaveProperty('assistant');
  });

  it.each([
    ['queue', {}, 'is missing; name a queue, an assistant or a flow'],
    ['queue', { queue: 'default', assistant: 'default' }, 'cannot be given together with another target'],
    ['assistant', { assistant: 'nobody' }, 'PUT /assistants/nobody'],
    ['queue', { assistant: 'default', flow: 'x' }, 'cannot be given together with another target'],
  ])('is refused with a bad %s: %j', async (field, body, message) => {
    const reply = await put(body);
    expect(reply.status).toBe(400);
    expect(reply.body.errors).toContainEqual({ field, message: expect.stringContaining(message) });
  });
});
