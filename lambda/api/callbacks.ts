/** Callbacks that are open, asked for here as well as by callers; what has become of one stays with its record. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { change } from '../app/change.ts';
import { type Context, completeQueue } from '../app/context.ts';
import { dispatch } from '../app/dispatch.ts';
import { isOurs } from '../app/our-lines.ts';
import { type CallbackCall, giveUp, isCallback, newCallback } from '../call/callback.ts';
import { measure } from '../call/measure.ts';
import { publish } from '../platform/metrics.ts';
import { e164 } from '../platform/numbers.ts';
import { byPlace } from '../queue/match.ts';
import { DEFAULT_QUEUE } from '../queue/queue.ts';
import { callbackSchema, callbackView } from './callback-view.ts';
import { named, slug, whole } from './fields.ts';
import { operation } from './operation.ts';
import { lineFor } from './place-call.ts';
import { conflict, invalid, notFound } from './problem.ts';
import { knownQueue } from './queues.ts';

const path = z.strictObject({ id: z.string().check(z.minLength(1), z.maxLength(256)) });

export const createCallback = operation({
  id: 'createCallback',
  summary: 'Call somebody back when an agent is free',
  description:
    'The callback stands in the line of its queue from now on, before and behind callers on hold. A number has one at a time: a second request is a conflict. `from` must be a number of the account; FROM_NUMBER if it is left out.',
  body: named(
    'NewCallback',
    z.strictObject({
      number: e164,
      from: z.optional(e164),
      queue: z.optional(slug),
      priority: z.optional(whole(0, 99)),
    }),
  ),
  answers: { 201: callbackSchema },
  problems: [404, 409],
  async handle(context, { body }) {
    const { number: to, queue: queueId = DEFAULT_QUEUE } = body;
    const from = lineFor(context, to, body.from, 'number');
    if (await isOurs(context, to, [from]))
      throw invalid([{ field: 'number', message: 'is a line of ours, which would call itself' }]);
    const queue = completeQueue(context.settings, await knownQueue(context, queueId));
    const now = context.now();
    const priority = body.priority ?? queue.priority;
    const wish = { id: randomUUID(), from, to, priority, skills: [], joined_at: now };
    const callback = newCallback(wish, queue, now);
    const stored = await context.store.commit({ call: { before: undefined, after: callback }, agents: [] });
    if (!stored) throw conflict(`${to} has a callback open already; GET /callbacks lists it.`);
    publish(measure(undefined, stored), now);
    await dispatch(context, [queue.id]);
    return { status: 201, body: callbackView(await knownCallback(context, callback.id)) };
  },
});

export const listCallbacks = operation({
  id: 'listCallbacks',
  summary: 'Callbacks that are open, in the order of their places',
  query: z.strictObject({ queue: z.optional(slug) }),
  answers: { 200: named('CallbackList', z.strictObject({ callbacks: z.array(callbackSchema) })) },
  async handle(context, { query: { queue } }) {
    const calls = await context.store.calls.some(await context.store.callbacks.list());
    const open = calls.filter(isCallback).filter(call => queue === undefined || call.queue === queue);
    return { status: 200, body: { callbacks: open.sort(byPlace).map(callbackView) } };
  },
});

export const getCallback = operation({
  id: 'getCallback',
  summary: 'One callback, open or over',
  path,
  answers: { 200: callbackSchema },
  problems: [404],
  handle: async (context, { path: { id } }) => ({
    status: 200,
    body: callbackView(await knownCallback(context, id)),
  }),
});

export const cancelCallback = operation({
  id: 'cancelCallback',
  summary: 'Call nobody back',
  description: 'While it waits. Its record stays: GET /callbacks/{id}, GET /calls/{id}.',
  path,
  answers: { 200: callbackSchema },
  problems: [404, 409],
  async handle(context, { path: { id } }) {
    await knownCallback(context, id);
    await change(context, id, (held, _queue, now) => giveUp(held, 'cancelled', now));
    const callback = await knownCallback(context, id);
    if (callback.callback.result !== 'cancelled')
      throw conflict(
        'It is being called back right now, or it is over already: GET /callbacks/{id} says which.',
      );
    return { status: 200, body: callbackView(callback) };
  },
});

/** @throws a 404 problem */
async function knownCallback({ store }: Context, id: string): Promise<CallbackCall> {
  const call = await store.calls.one(id);
  if (call && isCallback(call)) return call;
  throw notFound(
    'There is no callback with this id; its record may have expired. GET /callbacks lists open ones.',
  );
}
