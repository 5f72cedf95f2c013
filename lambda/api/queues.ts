/**
 * Queues: only what their owner chose is stored, so that a default can change for everybody else; what is
 * answered is complete. The default queue always exists.
 */
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { type Context, completeQueue } from '../app/context.ts';
import { isAllowed } from '../platform/addresses.ts';
import { DEFAULT_QUEUE } from '../queue/queue.ts';
import type { QueueChoices } from '../store/directory.ts';
import { named, slug } from './fields.ts';
import { operation } from './operation.ts';
import { conflict, invalid, notFound } from './problem.ts';
import { queueSettings } from './queue-settings.ts';

const queueSchema = named('Queue', z.strictObject({ id: slug, ...queueSettings }));
const creation = named('NewQueue', z.partial(z.strictObject(queueSettings)));
const replacement = named('QueueChoices', z.partial(queueSchema));
const path = z.strictObject({ id: slug });

export const createQueue = operation({
  id: 'createQueue',
  summary: 'Set up a queue under a generated id',
  description: 'Settings that are left out have their defaults, now and when a default changes.',
  body: creation,
  answers: { 201: queueSchema },
  async handle(context, { body }) {
    const queue = { ...body, id: randomUUID() };
    checkWebhooks(context, queue);
    await context.store.directory.queues.create(queue);
    return { status: 201, body: completeQueue(context.settings, queue) };
  },
});

export const listQueues = operation({
  id: 'listQueues',
  summary: 'Every queue with its complete settings',
  answers: { 200: named('QueueList', z.strictObject({ queues: z.array(queueSchema) })) },
  async handle(context) {
    const stored = await context.store.directory.queues.list();
    const implied = stored.some(queue => queue.id === DEFAULT_QUEUE) ? [] : [{ id: DEFAULT_QUEUE }];
    const queues = [...implied, ...stored].map(queue => completeQueue(context.settings, queue));
    return { status: 200, body: { queues } };
  },
});

export const getQueue = operation({
  id: 'getQueue',
  summary: 'One queue with its complete settings',
  path,
  answers: { 200: queueSchema },
  problems: [404],
  async handle(context, { path: { id } }) {
    return { status: 200, body: completeQueue(context.settings, await knownQueue(context, id)) };
  },
});

export const putQueue = operation({
  id: 'putQueue',
  summary: 'Set up a queue under an id of your choice, or replace its settings',
  description:
    'Replaces them all: what is left out goes back to its default. An `id` in the body must agree.',
  path,
  body: replacement,
  answers: { 200: queueSchema, 201: queueSchema },
  async handle(context, { path: { id }, body }) {
    if (body.id !== undefined && body.id !== id)
      throw invalid([{ field: 'id', message: `must be "${id}" as in the path, or left out` }]);
    const queue = { ...body, id };
    checkWebhooks(context, queue);
    const { queues } = context.store.directory;
    const isNew = await queues.create(queue);
    if (!isNew) await queues.save(queue);
    const status = isNew && id !== DEFAULT_QUEUE ? 201 : 200;
    return { status, body: completeQueue(context.settings, queue) };
  },
});

export const deleteQueue = operation({
  id: 'deleteQueue',
  summary: 'Remove a queue',
  description:
    'Refused while callers are in line or a number leads to it. The default queue cannot be removed.',
  path,
  answers: { 204: null },
  problems: [404, 409],
  async handle(context, { path: { id } }) {
    if (id === DEFAULT_QUEUE)
      throw conflict(`The default queue always exists. PUT /queues/${id} with {} resets it.`);
    await knownQueue(context, id);
    const entries = (await context.store.directory.numbers.list()).filter(entry => entry.queue === id);
    if (entries.length > 0)
      throw conflict(
        `${entries.map(entry => entry.number).join(', ')} leads to this queue. Lead it elsewhere first.`,
      );
    const waiting = await context.store.line.length(id);
    if (waiting > 0)
      throw conflict(
        `Callers in line: ${waiting}. Wait until the line is empty, then send the request again.`,
      );
    await context.store.directory.queues.remove(id);
    return { status: 204 };
  },
});

/** @throws a 404 problem for a queue that nobody set up, other than the default one */
export async function knownQueue(context: Context, id: string): Promise<QueueChoices> {
  const queue = await context.store.directory.queues.one(id);
  if (queue) return queue;
  if (id === DEFAULT_QUEUE) return { id };
  throw notFound(`There is no queue "${id}". GET /queues lists them; PUT /queues/${id} sets it up.`);
}

/** @throws a 400 problem naming the fields that name a queue which nobody set up */
export async function requireQueues(context: Context, given: { field: string; id: string }[]): Promise<void> {
  if (given.every(({ id }) => id === DEFAULT_QUEUE)) return;
  const known = new Set((await context.store.directory.queues.list()).map(queue => queue.id));
  const errors = given
    .filter(({ id }) => id !== DEFAULT_QUEUE && !known.has(id))
    .map(({ field, id }) => ({ field, message: `there is no queue "${id}"; PUT /queues/${id} sets it up` }));
  if (errors.length > 0) throw invalid(errors);
}

/** Only https addresses are called, and those that the deployment allows. */
function checkWebhooks({ settings }: Context, queue: QueueChoices): void {
  const wrong = WEBHOOKS.filter(field => {
    const given = queue[field];
    return given && !given.startsWith('https:') && !isAllowed(new URL(given), settings.HTTP_ALLOW_HOSTS);
  });
  const message = 'must start with https://, unless the setting HTTP_ALLOW_HOSTS names its host and port';
  if (wrong.length > 0) throw invalid(wrong.map(field => ({ field, message })));
}

const WEBHOOKS = ['voicemail_webhook_url', 'callback_webhook_url'] as const;
