/** Call records: listed newest first, read whole, erased on request. */
import * as z from 'zod/mini';
import type { Context } from '../app/context.ts';
import { OUTCOMES } from '../call/call.ts';
import type { CallSummary } from '../store/reports.ts';
import { callSchema, callView, summarySchema, summaryView } from './call-view.ts';
import { moment, named, slug, wholeInQuery } from './fields.ts';
import { operation } from './operation.ts';
import { period } from './period.ts';
import { conflict, invalid, notFound } from './problem.ts';

const path = z.strictObject({
  id: z
    .string()
    .check(
      z.describe('`call_id`, or the CallUUID by which the carrier knows the call'),
      z.minLength(1),
      z.maxLength(256),
    ),
});

const DEFAULT_LIMIT = 50;

export const listCalls = operation({
  id: 'listCalls',
  summary: 'Call records, newest first',
  description:
    'Calls that joined their queue, or began in none, in [from, to): by default the last 24 hours, at most 400 days. A call that a flow runs on is listed by its beginning, with the queue in which an agent last answered, else its last; with `queue`, once for each time that it joined that queue, as the metrics count it. `next` is the `cursor` of the following page, null on the last; send the other parameters with it unchanged.',
  query: z.strictObject({
    queue: z.optional(slug),
    assistant: z.optional(slug),
    from: z.optional(moment),
    to: z.optional(moment),
    outcome: z.optional(z.enum(OUTCOMES)),
    limit: z.optional(wholeInQuery(1, 200)),
    cursor: z.optional(z.string()),
  }),
  answers: {
    200: named('CallList', z.strictObject({ calls: z.array(summarySchema), next: z.nullable(z.string()) })),
  },
  async handle(context, { query: { queue, assistant, outcome, limit = DEFAULT_LIMIT, cursor, ...wanted } }) {
    const { from, to } = period(wanted, context.now());
    const last = cursor === undefined ? undefined : placeOf(cursor, to);
    const isWanted = (call: CallSummary) =>
      (queue === undefined ? call.visit === undefined : call.queue === queue) &&
      (assistant === undefined || call.assistant === assistant) &&
      (outcome === undefined || call.outcome === outcome);
    const found = await firstOf(limit + 1, context.store.reports.newestFirst(from, to, last), isWanted);
    const page = found.slice(0, limit);
    const end = found.length > limit ? page.at(-1) : undefined;
    return {
      status: 200,
      body: {
        calls: page.map(call => summaryView(call, context.now())),
        next: end ? cursorOf(end) : null,
      },
    };
  },
});

export const getCall = operation({
  id: 'getCall',
  summary: 'One call record',
  path,
  answers: { 200: callSchema },
  problems: [404],
  async handle(context, { path: { id } }) {
    const call = await knownCall(context, id);
    const { conversations, runs, transcripts } = context.store;
    const [spoken, followed, transcribed] = await Promise.all([
      conversations.ofCall(call.id),
      runs.list(call.id),
      transcripts.ofCall(call.id),
    ]);
    const beside = { conversations: spoken, runs: followed, transcripts: transcribed };
    return { status: 200, body: callView(call, beside, context.now()) };
  },
});

export const eraseCall = operation({
  id: 'eraseCall',
  summary: 'Erase the record of a call that has ended',
  description:
    'With its transcripts and the runs of flows that followed. It no longer counts in the metrics. A recording stays with the carrier; delete it there.',
  path,
  answers: { 204: null },
  problems: [404, 409],
  async handle(context, { path: { id } }) {
    const { calls, conversations, rollups, runs, transcripts } = context.store;
    const call = await knownCall(context, id);
    if (call.state !== 'ended')
      throw conflict('This call goes on. Erase its record when the call has ended.');
    if (call.callback && call.callback.told_at === undefined)
      throw conflict('The end of this callback is still to be told to the webhook of its queue. Try again.');
    if (call.flow && call.flow.todo.length > 0)
      throw conflict('What the flow of this call has left to do is not done yet. Try again in a minute.');
    // In this order: without its rollup the hour is read from the records, with or without this one.
    const joined = [...(call.queue === '' ? [] : [call]), ...(call.visits ?? [])];
    for (const { queue, joined_at } of joined) await rollups.forget(queue, joined_at, context.now());
    await conversations.erase(call.id);
    await transcripts.erase(call.id);
    await runs.erase(call.id);
    await calls.erase(call);
    // A session that still had something to write could until now.
    await transcripts.erase(call.id);
    return { status: 204 };
  },
});

/** @throws a 404 problem when neither we nor the carrier know a call by this name */
async function knownCall({ store: { calls } }: Context, id: string) {
  const call = await calls.one(id);
  if (call) return call;
  const placed = await calls.named(id);
  const named = placed === undefined ? undefined : await calls.one(placed);
  if (named) return named;
  throw notFound('There is no call with this id; its record may have expired. GET /calls lists calls.');
}

async function firstOf<T>(count: number, all: AsyncIterable<T>, isWanted: (one: T) => boolean): Promise<T[]> {
  const found: T[] = [];
  for await (const one of all) {
    if (isWanted(one)) found.push(one);
    if (found.length === count) break;
  }
  return found;
}

type Place = Pick<CallSummary, 'joined_at' | 'id'>;

const cursorOf = ({ joined_at, id }: Place) => Buffer.from(`${joined_at}#${id}`).toString('base64url');

function placeOf(cursor: string, to: number): Place {
  const [, joined_at, id] = /^(\d{1,15})#(.+)$/s.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (joined_at && id && Number(joined_at) < to) return { joined_at: Number(joined_at), id };
  throw invalid([{ field: 'cursor', message: 'must be the "next" of an earlier answer' }]);
}
