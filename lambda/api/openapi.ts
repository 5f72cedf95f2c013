/** The OpenAPI 3.1 document, made from the operations and the schemas that check their requests. */
import * as z from 'zod/mini';
import { OPEN_ROUTES } from '../platform/routes.ts';
import { components, named } from './fields.ts';
import type { Operation, Shape } from './operation.ts';
import type { ProblemStatus } from './problem.ts';

const problemSchema = named(
  'Problem',
  z.strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.optional(z.array(z.strictObject({ field: z.string(), message: z.string() }))),
  }),
);

/** How API Gateway itself refuses. */
const refusalSchema = named('Refusal', z.strictObject({ message: z.string() }));

const PROBLEMS: Record<ProblemStatus, string> = {
  400: 'Something in the request must be put right; `errors` names each field',
  404: 'There is no such thing',
  409: 'Not possible in the present state',
  500: 'Something is wrong on our side',
  503: 'The store does not answer; try again after `Retry-After` seconds',
};

export function document(operations: Readonly<Record<string, Operation>>, url: string) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [route, operation] of Object.entries(operations)) {
    const [method = '', path = ''] = route.split(' ');
    paths[path] = { ...paths[path], [method.toLowerCase()]: describe(route, operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Switchboard App API',
      version: '1.0.0',
      description:
        'Agents, queues, assistants, flows, numbers, callbacks and calls of a Switchboard deployment.',
    },
    servers: [{ url }],
    security: [{ apiKey: [] }],
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'The API key' } },
      schemas: schemas(),
    },
  };
}

function describe(
  route: string,
  { id, summary, description, path, query, body, bodyMayMiss, ...rest }: Operation,
) {
  const open = (OPEN_ROUTES as readonly string[]).includes(route);
  const expected: ProblemStatus[] = [400, ...(rest.problems ?? []), 500, 503];
  return {
    operationId: id,
    summary,
    ...(description && { description }),
    ...(open && { security: [] }),
    parameters: [...parameters('path', path), ...parameters('query', query)],
    ...(body && { requestBody: { required: bodyMayMiss !== true, content: json(body) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(rest.answers).map(([status, schema]) => [status, success(status, schema)]),
      ),
      ...(!open && { 401: refusal('The API key is missing'), 403: refusal('The API key is not accepted') }),
      ...Object.fromEntries(expected.map(status => [status, problem(status)])),
    },
  };
}

function parameters(place: 'path' | 'query', shape: Shape | undefined) {
  return Object.entries(shape?.def.shape ?? {}).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path',
    schema: plain(z.toJSONSchema(field as z.ZodMiniType, { io: 'input' })),
  }));
}

const success = (status: string, schema: z.ZodMiniType | null) => ({
  description: status === '201' ? 'Created' : 'Done',
  ...(schema && { content: json(schema) }),
});

const problem = (status: ProblemStatus) => ({
  description: PROBLEMS[status],
  content: { 'application/problem+json': { schema: reference(problemSchema) } },
});

const refusal = (description: string) => ({ description, content: json(refusalSchema) });

const json = (schema: z.ZodMiniType) => ({ 'application/json': { schema: reference(schema) } });

const REFERENCE = '#/components/schemas/';

function reference(schema: z.ZodMiniType) {
  const { id } = components.get(schema) ?? {};
  if (!id) throw new Error('A schema of a body needs a name in the document: see `named`.');
  return { $ref: REFERENCE + id };
}

function schemas() {
  const { schemas: all } = z.toJSONSchema(components, { io: 'input', uri: id => REFERENCE + id });
  return Object.fromEntries(Object.entries(all).map(([id, schema]) => [id, plain(schema)]));
}

/** Without what only a file of its own would need. */
function plain({ $schema: _dialect, $id: _place, ...schema }: Record<string, unknown>) {
  return schema;
}
