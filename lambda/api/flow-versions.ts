/** The versions of a flow, and which of them calls run. */
import * as z from 'zod/mini';
import { retried } from '../app/retry.ts';
import { iso, named, slug, time, wholeInQuery } from './fields.ts';
import { flowSchema } from './flow-view.ts';
import { flowAnswer, knownFlow, knownVersion } from './known-flow.ts';
import { operation } from './operation.ts';

const DEFAULT_LIMIT = 50;

const path = z.strictObject({ id: slug });

export const listFlowVersions = operation({
  id: 'listFlowVersions',
  summary: 'The versions of a flow, newest first',
  description:
    'Up to `limit` (50) of them, below the version `before` where it is given. `next` is the `before` of the following page, null on the last.',
  path,
  query: z.strictObject({
    before: z.optional(wholeInQuery(1, 999_999_999)),
    limit: z.optional(wholeInQuery(1, 200)),
  }),
  answers: {
    200: named(
      'FlowVersions',
      z.strictObject({
        versions: z.array(
          z.strictObject({ version: z.int(), name: z.string(), saved_at: time, published: z.boolean() }),
        ),
        next: z.nullable(z.int()),
      }),
    ),
  },
  problems: [404],
  async handle(context, { path: { id }, query: { before, limit = DEFAULT_LIMIT } }) {
    const head = await knownFlow(context, id);
    const below = Math.min(before ?? Number.POSITIVE_INFINITY, head.newest + 1);
    const versions = (await context.store.flows.versions(head, below, limit)).map(note => ({
      ...note,
      saved_at: iso(note.saved_at),
      published: note.version === head.published,
    }));
    const last = versions.at(-1)?.version ?? head.first;
    return { status: 200, body: { versions, next: last > head.first ? last : null } };
  },
});

export const publishFlow = operation({
  id: 'publishFlow',
  summary: 'Have calls run the newest version of a flow, or an earlier one',
  path,
  body: named('Publication', z.strictObject({ version: z.optional(z.int().check(z.minimum(1))) })),
  bodyMayMiss: true,
  answers: { 200: flowSchema },
  problems: [404],
  async handle(context, { path: { id }, body }) {
    const head = await retried(context, `The flow ${id}`, async () => {
      const before = await knownFlow(context, id);
      const { flow } = await knownVersion(context, before, body.version ?? before.newest);
      const after = await context.store.flows.publish(before, flow, context.now());
      return after && { result: after };
    });
    return { status: 200, body: await flowAnswer(context, head, head.published ?? head.newest) };
  },
});
