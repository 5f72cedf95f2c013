/** The versions of a flow, and which of them calls run. */
import * as z from 'zod/mini';
import { retried } from '../app/retry.ts';
import { iso, named, slug, time } from './fields.ts';
import { flowSchema } from './flow-view.ts';
import { flowAnswer, knownFlow, knownVersion } from './known-flow.ts';
import { operation } from './operation.ts';

const path = z.strictObject({ id: slug });

export const listFlowVersions = operation({
  id: 'listFlowVersions',
  summary: 'The versions of a flow, oldest first',
  path,
  answers: {
    200: named(
      'FlowVersions',
      z.strictObject({
        versions: z.array(
          z.strictObject({ version: z.int(), name: z.string(), saved_at: time, published: z.boolean() }),
        ),
      }),
    ),
  },
  problems: [404],
  async handle(context, { path: { id } }) {
    const head = await knownFlow(context, id);
    const versions = (await context.store.flows.versions(head)).map(({ flow, saved_at }) => ({
      version: flow.version,
      name: flow.name,
      saved_at: iso(saved_at),
      published: flow.version === head.published,
    }));
    return { status: 200, body: { versions } };
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
