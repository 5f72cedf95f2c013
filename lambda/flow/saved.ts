/** The form of a flow that somebody saves, without a look into its actions; and the flow that is kept of it. */
import * as z from 'zod/mini';
import { type Action, type Flow, isTarget, LONGEST_FLOW } from './flow.ts';
import { slugOrNone } from './options.ts';

/** What VoIPBin's answers and ours say of a flow beside what its owner wrote; it may be sent back, and means nothing. */
const TOLD = [
  'customer_id',
  'type',
  'persist',
  'direct_hash',
  'tm_create',
  'tm_update',
  'tm_delete',
  'version',
  'newest_version',
  'published_version',
  'created_at',
  'updated_at',
  'saved_at',
  'warnings',
] as const;

/** What whoever saves a flow may say beside it. */
export const besideFlow = {
  id: z.optional(
    z
      .string()
      .check(z.regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, hyphens or underscores')),
  ),
  draft: z.optional(
    z.boolean().check(z.describe('Saved as a version that no call runs before it is published')),
  ),
};

const otherFlow = z.optional(z.nullable(z.string().check(z.maxLength(128))));

/** @param action of one of its actions */
export const savedFlow = <A extends z.ZodMiniType>(action: A) =>
  z.strictObject({
    name: z.string().check(z.minLength(1), z.maxLength(128)),
    detail: z.optional(z.nullable(z.string().check(z.maxLength(2000)))),
    actions: z.array(action).check(z.minLength(1), z.maxLength(LONGEST_FLOW)),
    on_complete_flow_id: otherFlow,
    fallback_flow_id: otherFlow,
    fallback_queue_id: z.optional(z.nullable(slugOrNone)),
    ...(Object.fromEntries(TOLD.map(name => [name, z.optional(z.unknown())])) as Record<
      (typeof TOLD)[number],
      z.ZodMiniOptional<z.ZodMiniUnknown>
    >),
  });

/** In which problems were looked for, and none found. */
export interface WrittenFlow {
  name: string;
  detail?: string | null;
  actions: (Action & { tm_execute?: unknown })[];
  on_complete_flow_id?: string | null;
  fallback_flow_id?: string | null;
  fallback_queue_id?: string | null;
}

/** All that its owner wrote, and nothing else. */
export function flowFrom(written: WrittenFlow): Omit<Flow, 'id' | 'version'> {
  const { name, detail, actions, on_complete_flow_id, fallback_flow_id, fallback_queue_id } = written;
  const others = { on_complete_flow_id, fallback_flow_id, fallback_queue_id };
  return {
    name,
    ...(detail && { detail }),
    actions: actions.map(({ tm_execute: _, ...action }) => action),
    ...Object.fromEntries(Object.entries(others).filter(([, id]) => isTarget(id ?? undefined))),
  };
}
