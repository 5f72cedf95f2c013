/**
 * A step of a flow that can be neither taken nor told, for a reason of ours, would fail in the same way however often
 * the carrier repeats it. So the flow is given up, and the caller hears of its fallback; whoever has just called, and
 * whose call cannot even begin, goes to the queue.
 */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { change } from '../app/change.ts';
import type { Context } from '../app/context.ts';
import { giveUpFlow } from '../app/flow-step.ts';
import { isInFlow } from '../call/in-flow.ts';
import { log } from '../platform/log.ts';
import type { Continuation } from '../vobiz/continuation.ts';
import { type Document, hangup, response } from '../vobiz/xml.ts';
import { answer } from './answer.ts';
import { isAwaitedByCaller } from './outage.ts';
import { write } from './reply.ts';
import { fieldsOf, type Request } from './request.ts';
import { xml } from './response.ts';

/** A fallback may be as hard to tell as its flow; the flow that is given up then too only hangs up. */
const ATTEMPTS = 2;

/** @returns undefined where no caller in a flow waits for a document, or where this fails too */
export async function rescued(
  context: Context,
  request: Request,
  at: Continuation | undefined,
): Promise<APIGatewayProxyStructuredResultV2 | undefined> {
  if (!isAwaitedByCaller(request)) return undefined;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++)
    try {
      const document = await withoutFlow(context, request, at);
      // Written here, since that fails where a document is too long.
      return document && xml(document);
    } catch (error) {
      log.error('A caller could not be taken out of a flow', error, { call: at?.call, attempt });
    }
  return undefined;
}

async function withoutFlow(
  context: Context,
  request: Request,
  at: Continuation | undefined,
): Promise<Document | undefined> {
  const id = at?.call ?? fieldsOf(request).callId;
  if (id === undefined) return undefined;
  let isGivenUp = false;
  const changed = await change(context, id, (held, _queue, now) => {
    const { call, agents } = held;
    if (!isInFlow(call) || call.state !== 'in_flow') return held;
    isGivenUp = true;
    return giveUpFlow(context, { call, agents }, now);
  });
  if (!changed) return at ? undefined : answer(context, request, 'queue');
  const { state, flow, step } = changed.call;
  if (flow && isGivenUp)
    return write(context, changed, { reply: { kind: 'flow', at: flow.state.step }, next: step });
  // The flow is over, and its last words are what failed.
  return flow && state === 'in_flow' ? response(hangup()) : undefined;
}
