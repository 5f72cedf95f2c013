/**
 * Answering a step: if this step was answered before, with the same document; else decide, remember in the same
 * write what is said, and say it.
 */

import { type Changed, change } from '../app/change.ts';
import type { Context } from '../app/context.ts';
import { links, musicUrl, signingKey, soundUrl } from '../app/urls.ts';
import type { Call, Reply, Told } from '../call/call.ts';
import { tell, toldBefore } from '../call/replies.ts';
import type { Held } from '../call/transitions.ts';
import type { Queue } from '../queue/queue.ts';
import { type Document, response } from '../vobiz/xml.ts';
import { documentFor } from './documents.ts';
import { streamFor } from './stream-for.ts';

/** A move together with what the caller is told. */
export interface Move {
  held: Held;
  reply: Reply;
}

export type Decision = (held: Held, queue: Queue, now: number) => Move | Promise<Move>;

/** The call has nothing to do with this request (any more): nothing is said, nothing is stored. */
const SILENCE: Reply = { kind: 'nothing' };

export interface Answered {
  document: Document;
  freed: string[];
}

/** @param step what makes the request unique within its call, such as `queue-hold:4` */
export async function answerStep(
  context: Context,
  id: string,
  step: string,
  decide: Decision,
): Promise<Answered> {
  const changed = await change(context, id, async (held, queue, now) => {
    if (toldBefore(held.call, step)) return held;
    const { held: moved, reply } = await decide(held, queue, now);
    return reply.kind === 'nothing' ? moved : { ...moved, call: tell(moved.call, step, reply) };
  });
  if (!changed) return { document: response(), freed: [] };
  const told = toldBefore(changed.call, step) ?? { reply: SILENCE, next: 0 };
  return { document: await write(context, changed, told), freed: changed.freed };
}

export async function write(
  context: Context,
  { call, queue }: Pick<Changed, 'call' | 'queue'>,
  { reply, next }: Told,
): Promise<Document> {
  const key = await signingKey(context);
  return documentFor(reply, {
    call,
    queue,
    links: links(context, key, call.id, next),
    music: secs => musicUrl(context, key, secs),
    fromNumber: context.settings.FROM_NUMBER,
    streamUrl: await streamFor(context, call, reply),
    sound: name => soundUrl(context, key, name),
  });
}

/** What a caller is told whose state alone decides, whatever was asked. */
export function inStep(call: Call): Reply {
  switch (call.state) {
    case 'dialing':
      return SILENCE;
    case 'assisted':
      return { kind: 'go', to: 'assistant_done' };
    case 'in_flow':
      return { kind: 'go', to: 'flow' };
    case 'greeting':
      return { kind: 'go', to: 'try' };
    case 'waiting':
      return { kind: 'go', to: 'hold' };
    case 'offered':
      return { kind: 'go', to: 'try' };
    case 'voicemail':
      return { kind: 'go', to: 'voicemail' };
    case 'connected':
      return SILENCE;
    case 'ended':
      return call.outcome === 'overflow' ? { kind: 'turn_away' } : SILENCE;
  }
}
