/**
 * Flows: saved as versions that never change, one of which calls run. A call that runs keeps its version, whatever is
 * saved, published or removed meanwhile.
 */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import type { Context } from '../app/context.ts';
import { retried } from '../app/retry.ts';
import type { FlowHead, NewFlow } from '../store/flows.ts';
import { named, slug, wholeInQuery } from './fields.ts';
import { flowBody, flowOfBody, flowProblems, LARGEST_BODY } from './flow-body.ts';
import { flowSchema, headSchema, headView } from './flow-view.ts';
import { flowAnswer, knownFlow } from './known-flow.ts';
import { operation } from './operation.ts';
import { conflict, invalid } from './problem.ts';

const path = z.strictObject({ id: slug });

const DRAFTS =
  'It is published at once, unless `draft` is true. What it names and is not set up is told in `warnings`.';

export const createFlow = operation({
  id: 'createFlow',
  summary: 'Save a flow, under a generated id unless it has one',
  description: `Takes a flow of VoIPBin as it is. ${DRAFTS}`,
  body: flowBody,
  problemsOf: flowProblems,
  largestBody: LARGEST_BODY,
  answers: { 201: flowSchema },
  problems: [409],
  async handle(context, { body }) {
    const flow = flowOfBody(body.id ?? randomUUID(), body);
    const how = { publish: body.draft !== true, now: context.now() };
    const head = await context.store.flows.save(undefined, flow, how);
    if (!head)
      throw conflict(`There is a flow "${flow.id}" already. PUT /flows/${flow.id} saves a new version.`);
    return { status: 201, body: await flowAnswer(context, head, head.newest) };
  },
});

export const listFlows = operation({
  id: 'listFlows',
  summary: 'Every flow, without its actions',
  answers: { 200: named('FlowList', z.strictObject({ flows: z.array(headSchema) })) },
  async handle(context) {
    return { status: 200, body: { flows: (await context.store.flows.list()).map(headView) } };
  },
});

export const getFlow = operation({
  id: 'getFlow',
  summary: 'One flow: its newest version, or the one that is asked for',
  path,
  query: z.strictObject({ version: z.optional(wholeInQuery(1, 1_000_000)) }),
  answers: { 200: flowSchema },
  problems: [404],
  async handle(context, { path: { id }, query: { version } }) {
    const head = await knownFlow(context, id);
    return { status: 200, body: await flowAnswer(context, head, version ?? head.newest) };
  },
});

export const putFlow = operation({
  id: 'putFlow',
  summary: 'Save a flow under an id of your choice, or a new version of it',
  description: `The same flow once more is no new version. An \`id\` in the body must agree. ${DRAFTS}`,
  path,
  body: flowBody,
  problemsOf: flowProblems,
  largestBody: LARGEST_BODY,
  answers: { 200: flowSchema, 201: flowSchema },
  async handle(context, { path: { id }, body }) {
    if (body.id !== undefined && body.id !== id)
      throw invalid([{ field: 'id', message: `must be "${id}" as in the path, or left out` }]);
    const flow = flowOfBody(id, body);
    const { head, isNew } = await retried(context, `The flow ${id}`, async () => {
      const before = await context.store.flows.head(id);
      const after = await saveOver(context, before, flow, body.draft !== true);
      return after && { result: { head: after, isNew: before === undefined } };
    });
    return { status: isNew ? 201 : 200, body: await flowAnswer(context, head, head.newest) };
  },
});

export const deleteFlow = operation({
  id: 'deleteFlow',
  summary: 'Remove a flow with its versions',
  description:
    'Refused while a number leads to it. Calls that run it go on to their end; what else names it leads to its fallback from then on.',
  path,
  answers: { 204: null },
  problems: [404, 409],
  async handle(context, { path: { id } }) {
    const { directory, flows } = context.store;
    await knownFlow(context, id);
    const entries = (await directory.numbers.list()).filter(entry => entry.flow === id);
    if (entries.length > 0)
      throw conflict(
        `${entries.map(entry => entry.number).join(', ')} leads to this flow. Lead it elsewhere first.`,
      );
    await retried(context, `The flow ${id}`, async () => {
      const head = await flows.head(id);
      return head === undefined || (await flows.remove(head, context.now()))
        ? { result: undefined }
        : undefined;
    });
    return { status: 204 };
  },
});

/** @returns undefined when somebody was faster */
async function saveOver(
  context: Context,
  before: FlowHead | undefined,
  flow: NewFlow,
  publish: boolean,
): Promise<FlowHead | undefined> {
  const { flows } = context.store;
  const newest = before && (await flows.version(before.id, before.newest))?.flow;
  if (!before || !newest || !isDeepStrictEqual(newest, { ...flow, version: newest.version }))
    return flows.save(before, flow, { publish, now: context.now() });
  return !publish || before.published === before.newest
    ? before
    : flows.publish(before, newest, context.now());
}
