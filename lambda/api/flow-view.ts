/** A flow as it is answered: one version of it, and what is to be known of it besides. */
import * as z from 'zod/mini';
import type { FlowHead, SavedFlow } from '../store/flows.ts';
import { iso, named, time } from './fields.ts';
import type { Warning } from './flow-warnings.ts';

const version = z.int().check(z.minimum(1));
const text = z.nullable(z.string());

const headFields = {
  id: z.string(),
  name: z.string(),
  newest_version: version,
  published_version: z.nullable(version),
  created_at: time,
  updated_at: time,
};

export const headSchema = z.strictObject(headFields);

export const flowSchema = named(
  'Flow',
  z.strictObject({
    ...headFields,
    version,
    saved_at: time,
    detail: text,
    actions: z.array(z.looseObject({ type: z.string() })),
    on_complete_flow_id: text,
    fallback_flow_id: text,
    fallback_queue_id: text,
    warnings: z.array(z.strictObject({ field: z.string(), message: z.string() })),
  }),
);

export const headView = (head: FlowHead): z.infer<typeof headSchema> => ({
  id: head.id,
  name: head.name,
  newest_version: head.newest,
  published_version: head.published ?? null,
  created_at: iso(head.created_at),
  updated_at: iso(head.updated_at),
});

export const flowView = (
  head: FlowHead,
  { flow, saved_at }: SavedFlow,
  warnings: Warning[],
): z.infer<typeof flowSchema> => ({
  ...headView(head),
  name: flow.name,
  version: flow.version,
  saved_at: iso(saved_at),
  detail: flow.detail ?? null,
  actions: flow.actions.map(action => ({ ...action })),
  on_complete_flow_id: flow.on_complete_flow_id ?? null,
  fallback_flow_id: flow.fallback_flow_id ?? null,
  fallback_queue_id: flow.fallback_queue_id ?? null,
  warnings,
});
