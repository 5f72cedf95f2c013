/**
 * A caller on hold would rather be called back, and says where; what is typed is read back first. The place in line is kept all the while: should an
 * agent become free, the caller is fetched as ever.
 */

import { limitOf } from '../app/callback-limits.ts';
import { askFor } from '../app/callbacks.ts';
import type { Context } from '../app/context.ts';
import { dispatch } from '../app/dispatch.ts';
import type { Call } from '../call/call.ts';
import { callersTelephone, telephoneOf } from '../call/telephone.ts';
import type { Continuation } from '../vobiz/continuation.ts';
import type { Webhook } from '../vobiz/webhook.ts';
import type { Document } from '../vobiz/xml.ts';
import { answerStep, inStep, type Move } from './reply.ts';

export async function callBack(
  context: Context,
  at: Continuation,
  webhook: Partial<Webhook>,
): Promise<Document> {
  const typed = webhook.digits ?? at.params.digits ?? '';
  const step = `queue-callback:${at.step}`;
  const { document, freed } = await answerStep(
    context,
    at.call,
    step,
    async (held, queue, now): Promise<Move> => {
      const { call } = held;
      if (call.state !== 'waiting') return { held, reply: inStep(call) };
      if (typed === '') return { held, reply: { kind: 'go', to: 'try' } };
      const country = queue.callback_country_code;
      const isMeant = typed === '#';
      const number = isMeant
        ? (readBackAt(call, at.step) ?? callersTelephone(call, country))
        : telephoneOf(typed, country);
      if (number === undefined) return { held, reply: { kind: 'callback', say: 'ask_again' } };
      const limit = await limitOf(context, call, { queue, number }, now);
      if (limit)
        return { held, reply: { kind: 'callback', say: limit === 'elsewhere' ? 'ask_again' : 'no_more' } };
      if (!isMeant) return { held, reply: { kind: 'callback', say: 'read_back', number } };
      const after = await askFor(context, held, { queue, number }, now);
      const isOver = after.call.state !== 'in_flow';
      return { held: after, reply: isOver ? { kind: 'callback', say: 'noted', number } : inStep(after.call) };
    },
  );
  await dispatch(context, freed);
  return document;
}

/** The number about which the document of that step asks whether it is right. */
function readBackAt({ replies }: Call, step: string): string | undefined {
  const reply = Object.values(replies).find(({ next }) => String(next) === step)?.reply;
  return reply?.kind === 'callback' && reply.say === 'read_back' ? reply.number : undefined;
}
