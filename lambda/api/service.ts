/** What everybody may ask: whether we are here, and what we can do. */
import * as z from 'zod/mini';
import { flowSchema as schema } from '../flow/schema.ts';
import { named } from './fields.ts';
import { document } from './openapi.ts';
import { type Operation, operation } from './operation.ts';

export const health = operation({
  id: 'health',
  summary: 'Whether the service answers',
  answers: { 200: named('Health', z.strictObject({ status: z.literal('ok') })) },
  handle: async () => ({ status: 200, body: { status: 'ok' } }),
});

/** @param operations every operation by its route, this one included */
export const openapi = (operations: () => Readonly<Record<string, Operation>>) =>
  operation({
    id: 'getDocument',
    summary: 'This document',
    answers: { 200: named('OpenApiDocument', z.looseObject({ openapi: z.string() })) },
    handle: async ({ settings }) => ({ status: 200, body: document(operations(), settings.PUBLIC_URL) }),
  });

export const flowSchema = operation({
  id: 'getFlowSchema',
  summary: 'What a flow may hold, as a JSON Schema',
  description: 'For editors. Saving a flow looks at more: whether jumps lead somewhere, for example.',
  answers: { 200: named('FlowSchema', z.looseObject({ $schema: z.string() })) },
  handle: async ({ settings }) => ({
    status: 200,
    body: schema(`${settings.PUBLIC_URL}/flow-schema.json`),
  }),
});
