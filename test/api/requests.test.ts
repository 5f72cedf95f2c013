import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTROL_ROUTES, OPEN_ROUTES } from '../../lambda/platform/routes.ts';
import { type TestContext, testContext } from '../support/context.ts';
import { apiClient } from './client.ts';

let context: TestContext;
let api: Awaited<ReturnType<typeof apiClient>>;

beforeAll(async () => {
  context = await testContext();
  api = await apiClient(context);
});
afterAll(() => context.stop());

const ASHA = { number: '+919876543210', name: 'Asha' };

describe('a request that cannot be taken', () => {
  it('with a body of more than 64 KB gets 400 with the limit', async () => {
    const { status, body } = await api('POST /agents', { raw: 'x'.repeat(64 * 1024 + 1) });
    expect([status, body.detail]).toEqual([400, expect.stringContaining('at most 65536')]);
  });

  it.each([
    ['{"number":'],
    ['number=1'],
    [''],
    [Buffer.from([0x22, 0xff, 0x22])],
  ])('with a body that is not JSON (%j) gets 400', async raw => {
    expect((await api('POST /agents', { raw })).status).toBe(400);
  });

  it('is taken whatever type its JSON is sent as, for curl says it is a form', async () => {
    const type = 'application/x-www-form-urlencoded';
    expect((await api('POST /agents', { body: ASHA, type })).status).toBe(201);
  });

  it('without a body gets 400 with what to send', async () => {
    const { status, body } = await api('POST /agents');
    expect(status).toBe(400);
    expect(body.detail).toContain('application/json');
  });

  it.each(['null', '[]', '"text"', '7'])('with a body that is no object (%s) gets 400', async raw => {
    const { status, body } = await api('POST /agents', { raw });
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ field: '', message: 'must be a JSON object' }]);
  });

  it('with what no schema can read gets 400', async () => {
    const raw = '{"number": {"length": {"toString": 1, "valueOf": 2}}}';
    const { status, body } = await api('POST /agents', { raw });
    expect([status, body.detail]).toEqual([400, expect.stringContaining('"length"')]);
    const fine = { parameters: { type: 'object', properties: { length: { type: 'number' } } } };
    const tool = { name: 'measure', description: 'Measures.', url: 'https://example.com', ...fine };
    expect((await api('POST /assistants', { body: { http_tools: [tool] } })).status).toBe(201);
  });

  it('with an unknown query parameter gets 400 naming it', async () => {
    const { status, body } = await api('GET /agents?sate=all');
    expect(status).toBe(400);
    expect(body.errors[0].field).toBe('sate');
  });

  it('with a stray percent sign in the path is told what may stand there', async () => {
    const { status, body } = await api('GET /queues/%zz');
    expect(status).toBe(400);
    expect(body.errors[0].field).toBe('id');
  });

  it('is a problem document', async () => {
    const { status, headers, body } = await api('GET /queues/unknown');
    expect(headers['content-type']).toBe('application/problem+json');
    expect(body).toMatchObject({ type: 'about:blank', title: 'Not Found', status });
  });
});

it.each([
  '%2B919876543211',
  '%252B919876543211',
  '919876543211',
])('takes the number %s in a path', async id => {
  expect((await api(`PUT /numbers/${id}`, { body: { queue: 'default' } })).body.number).toBe('+919876543211');
});

it('takes JSON with a character set', async () => {
  const { status } = await api('POST /agents', { body: ASHA, type: 'application/json; charset=utf-8' });
  expect(status).toBe(201);
});

it('answers 503 with Retry-After while the store is away', async () => {
  context.dynamo.faults.inject({ operation: 'Query', times: 20 }, { kind: 'throttle' });
  const { status, headers, body } = await api('GET /agents');
  context.dynamo.faults.clear();
  expect([status, headers['retry-after']]).toEqual([503, '5']);
  expect(body.detail).toContain('Try again');
});

it('answers 500 without internals when something unforeseen happens', async () => {
  const broken = { ...context, now: () => Number.NaN };
  const broke = await apiClient(broken);
  const { status, body } = await broke('GET /queue/metrics');
  expect(status).toBe(500);
  expect(JSON.stringify(body)).not.toContain('Invalid time');
});

it('says that it is well', async () => {
  expect((await api('GET /health')).body).toEqual({ status: 'ok' });
});

describe('the OpenAPI document', () => {
  it('describes every route that the infrastructure declares, and no other', async () => {
    const { body } = await api('GET /openapi.json');
    const described = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual([...CONTROL_ROUTES, ...OPEN_ROUTES].sort());
  });

  it('asks for the key everywhere but on the open routes', async () => {
    const { body } = await api('GET /openapi.json');
    expect(body.security).toEqual([{ apiKey: [] }]);
    for (const route of CONTROL_ROUTES) expect(operationOf(body, route)).not.toHaveProperty('security');
    for (const route of OPEN_ROUTES) expect(operationOf(body, route).security).toEqual([]);
  });

  it('refers only to schemas that it holds, and has a different id for each operation', async () => {
    const { body } = await api('GET /openapi.json');
    const references = JSON.stringify(body).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g);
    const missing = [...references].map(([, id]) => id ?? '').filter(id => !(id in body.components.schemas));
    expect(missing).toEqual([]);
    const ids = [...CONTROL_ROUTES, ...OPEN_ROUTES].map(route => operationOf(body, route).operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('names the parameters of each path', async () => {
    const { body } = await api('GET /openapi.json');
    for (const route of CONTROL_ROUTES) {
      const inPath = operationOf(body, route)
        .parameters.filter(parameter => parameter.in === 'path')
        .map(parameter => `{${parameter.name}}`);
      expect(inPath).toEqual(route.match(/{\w+}/g) ?? []);
    }
  });
});

interface Described {
  operationId: string;
  security?: unknown;
  parameters: { name: string; in: string }[];
}

function operationOf(body: { paths: Record<string, Record<string, Described>> }, route: string): Described {
  const [method = '', path = ''] = route.split(' ');
  const operation = body.paths[path]?.[method.toLowerCase()];
  if (!operation) throw new Error(`${route} is not in the document`);
  return operation;
}
