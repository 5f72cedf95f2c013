/** Numbers: where a dialled number leads. One without an entry leads to the default queue. */
import * as z from 'zod/mini';
import { e164 } from '../platform/numbers.ts';
import { named, numberInPath, slug } from './fields.ts';
import { operation } from './operation.ts';
import { conflict, invalid, notFound } from './problem.ts';
import { requireQueues } from './queues.ts';

const later = z.optional(z.never('is not available in this version; lead the number to a queue'));

const numberSchema = named('NumberEntry', z.strictObject({ number: e164, queue: slug }));
const creation = named(
  'NewNumberEntry',
  z.strictObject({ number: e164, queue: slug, flow: later, assistant: later }),
);
const replacement = named(
  'NumberTarget',
  z.strictObject({ number: z.optional(e164), queue: slug, flow: later, assistant: later }),
);
const path = z.strictObject({ id: numberInPath });

export const createNumber = operation({
  id: 'createNumber',
  summary: 'Lead a number to a queue',
  body: creation,
  answers: { 201: numberSchema },
  problems: [409],
  async handle(context, { body: { number, queue } }) {
    await requireQueues(context, [{ field: 'queue', id: queue }]);
    const entry = { number, queue };
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
  summary: 'Lead a number to a queue, whether or not it led somewhere before',
  description: 'A `number` in the body must agree with the path.',
  path,
  body: replacement,
  answers: { 200: numberSchema, 201: numberSchema },
  async handle(context, { path: { id }, body: { number, queue } }) {
    if (number !== undefined && number !== id)
      throw invalid([{ field: 'number', message: `must be ${id} as in the path, or left out` }]);
    await requireQueues(context, [{ field: 'queue', id: queue }]);
    const { numbers } = context.store.directory;
    const entry = { number: id, queue };
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

const noEntry = (number: string) =>
  notFound(`${number} has no entry and leads to the default queue. PUT /numbers/${number} sets one.`);
