/**
 * A call that is with an assistant: its stream ends, for whatever reason, and the carrier asks here what comes next.
 * Where the call goes the session has noted before; an end that nobody noted is a failure, and people take over. In a
 * flow the caller is back there in any case.
 */
import { assistantOf } from '../app/assistants.ts';
import { type Context, existingQueue, queueOf } from '../app/context.ts';
import * as move from '../call/assisted.ts';
import type { Call, Reply } from '../call/call.ts';
import { isAway } from '../call/in-flow.ts';
import type { Held } from '../call/transitions.ts';
import { streamName } from '../media/stream-name.ts';
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import { DEFAULT_QUEUE, type Queue } from '../queue/queue.ts';
import type { Continuation } from '../vobiz/continuation.ts';
import type { Webhook } from '../vobiz/webhook.ts';
import { type Document, response } from '../vobiz/xml.ts';
import type { Departure } from '../voice/conversation.ts';
import { answerStep, inStep, type Move } from './reply.ts';

type ToQueue = Extract<Departure, { to: 'queue' }>;

export async function assistantDone(context: Context, at: Continuation): Promise<Document> {
  const { document } = await answerStep(
    context,
    at.call,
    `assistant-done:${at.step}`,
    async (held, _, now) => {
      if (held.call.state !== 'assisted') return { held, reply: inStep(held.call) };
      if (isAway(held.call, 'conversed')) return backInFlow(context, held, now);
      const departure = held.call.departure ?? (await unexpected(context, held.call));
      if (departure.to !== 'queue')
        return { held: move.sayGoodbye(held, now), reply: { kind: 'hang_up' } } satisfies Move;
      const queue = await queueOrDefault(context, departure.queue);
      const leaving = move.noteDeparture(held, departure);
      return { held: move.joinQueue(leaving, queue, now), reply: wayTo(departure) };
    },
  );
  return document;
}

async function backInFlow(context: Context, held: Held, now: number): Promise<Move> {
  const { call } = held;
  const departure = call.departure ?? (await unexpected(context, call));
  const saved = await context.store.conversations.load(streamName(call.id, 'talk', move.talkOf(call)));
  const learnt = saved?.conversation.learnt ?? {};
  return { held: move.returnToFlow(held, departure, learnt, now), reply: { kind: 'go', to: 'flow' } };
}

const wayTo = (departure: ToQueue): Reply =>
  departure.reason === 'failed'
    ? { kind: 'apologise', because: departure.detail === 'no_keys' ? 'unavailable' : 'trouble' }
    : { kind: 'go', to: 'try' };

/** The stream broke for good, or no session ever spoke. */
async function unexpected(context: Context, { id, assistant = '' }: Call): Promise<ToQueue> {
  const { queue } = await assistantOf(context, assistant);
  log.warn('A call left its assistant without a word from it', { call: id });
  return { to: 'queue', queue, reason: 'failed', detail: 'stream_ended' };
}

/** A queue that has been removed since, or that a model made up, would have nobody to serve it. */
export async function queueOrDefault(context: Context, id = ''): Promise<Queue> {
  const queue = id === '' ? undefined : await existingQueue(context, id);
  return queue ?? queueOf(context, DEFAULT_QUEUE);
}

const COUNTED: Readonly<Record<string, string>> = {
  DroppedStream: METRICS.droppedStreams,
  DegradedStream: METRICS.degradedStreams,
};

/** Comes with every interruption and every sentence: nothing is read and nothing stored. */
export function streamStatus(
  context: Context,
  { call }: Continuation,
  { event }: Partial<Webhook>,
): Document {
  const name = COUNTED[event ?? ''];
  if (name) {
    publish([{ name, value: 1 }], context.now());
    log.warn('The carrier reports a stream in trouble', { call, event });
  }
  return response();
}
