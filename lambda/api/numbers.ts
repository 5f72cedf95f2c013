/** Numbers: where a dialled number leads, to a queue, an assistant or a flow. One without an entry leads to the default queue. */
import * as z from 'zod/mini';
import type { Context } from '../app/context.ts';
import { e164 } from '../platform/numbers.ts';
import type { NumberEntry } from '../queue/entry.ts';
import { DEFAULT_QUEUE } from '../queue/queue.ts';
import { requireAssistant } from './assistants.ts';
import { named, numberInPath, oneTarget, type Target, target } from './fields.ts';
import { requireFlow } from './known-flow.ts';
import { operation } from './operation.ts';
import { conflict, invalid, notFound } from './problem.ts';
import { requireQueues } from './queues.ts';

const numberSchema = named('NumberEntry', z.strictObject({ number: e164, ...target }));
const creation = named('NewNumberEntry', z.strictObject({ number: e164, ...target }).check(...oneTarget));
const replacement = named(
  'NumberTarget',
  z.strictObject({ number: z.optional(e164), ...target }).check(...oneTarget),
);
const path = z.strictObject({ id: numberInPath });

export const createNumber = operation({
  id: 'createNumber',
  summary: 'Lead a number to a queue, an assistant or a flow',
  body: creation,
  answers: { 201: numberSchema },
  problems: [409],
  async handle(context, { body: { number, ...whither } }) {
    const entry = await entryOf(context, number, whither);
    if (!(await context.store.directory.numbers.create(entry)))
      throw conflict(`${number} leads somewhere already. PUT /numbers/${number} changes where.`);
    return { status: 201, body: entry };
  },
});

export const listNumbers = operation({
  id: 'listNumbers',
  summary: 'Every number with an entry',
  answers: { 200: named('NumberList', z.strictObject({ numbers: z.array(numberSchema) })) },
  async handle(context) {
    return { status: 200, body: { numbers: await context.store.directory.numbers.list() } };
  },
});

export const getNumber = operation({
  id: 'getNumber',
  summary: 'Where a number leads',
  path,
  answers: { 200: numberSchema },
  problems: [404],
  async handle(context, { path: { id } }) {
    const entry = await context.store.directory.numbers.one(id);
    if (!entry) throw noEntry(id);
    return { status: 200, body: entry };
  },
});

export const putNumber = operation({
  id: 'putNumber',
  summary: 'Lead a number to a queue, an assistant or a flow, whether or not it led somewhere before',
  description:
    'A `number` in the body must agree with the path. A flow that is named by its name is kept by its id.',
  path,
  body: replacement,
  answers: { 200: numberSchema, 201: numberSchema },
  async handle(context, { path: { id }, body: { number, ...whither } }) {
    if (number !== undefined && number !== id)
      throw invalid([{ field: 'number', message: `must be ${id} as in the path, or left out` }]);
    const entry = await entryOf(context, id, whither);
    const { numbers } = context.store.directory;
    const isNew = await numbers.create(entry);
    if (!isNew) await numbers.save(entry);
    return { status: isNew ? 201 : 200, body: entry };
  },
});

export const deleteNumber = operation({
  id: 'deleteNumber',
  summary: 'Forget where a number leads; it leads to the default queue again',
  path,
  answers: { 204: null },
  problems: [404],
  async handle(context, { path: { id } }) {
    if (!(await context.store.directory.numbers.remove(id))) throw noEntry(id);
    return { status: 204 };
  },
});

/** @throws a 400 problem when there is no such queue, assistant or published flow */
async function entryOf(
  context: Context,
  number: string,
  { queue, assistant, flow }: Target,
): Promise<NumberEntry> {
  if (flow !== undefined) return { number, flow: (await requireFlow(context, flow)).id };
  if (assistant !== undefined) {
    await requireAssistant(context, assistant);
    return { number, assistant };
  }
  const id = queue ?? DEFAULT_QUEUE;
  await requireQueues(context, [{ field: 'queue', id }]);
  return { number, queue: id };
}

const noEntry = (number: string) =>
  notFound(`${number} has no entry and leads to the default queue. PUT /numbers/${number} sets one.`);
