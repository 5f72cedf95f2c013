/**
 * Every request of the carrier. It is answered whatever happens, and soon, since each request to the store has a
 * second and no longer: a step of a live call with a document, even while the store is away (hold, and come back to
 * the same step), or could not go on in its flow; a mere notification with 503, so that the carrier delivers it again.
 * Only what fails authentication gets 403.
 */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Context, queueOf } from '../app/context.ts';
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import { problem } from '../platform/problem.ts';
import { WEBHOOK_PATHS, type WebhookPath } from '../platform/routes.ts';
import { StoreUnavailable } from '../store/outage.ts';
import type { Continuation } from '../vobiz/continuation.ts';
import { type Document, response } from '../vobiz/xml.ts';
import { answer } from './answer.ts';
import { assistantDone, streamStatus } from './assistant.ts';
import { authenticate } from './authenticate.ts';
import { callbackAnswered, callbackDone, callbackEvent } from './callback.ts';
import { callBack } from './callback-wish.ts';
import { dialComplete, dialEvent } from './dial.ts';
import { whisper } from './documents.ts';
import { flowNext } from './flow.ts';
import { flowEvent } from './flow-event.ts';
import { hangUp } from './hangup.ts';
import { heardAgain } from './heard-again.ts';
import { hold, leaveByKey, tryAgent } from './line.ts';
import { laterDocument } from './outage.ts';
import { callAnswered, callEnded, callRinging } from './outbound.ts';
import { decode, fieldsOf, type Request } from './request.ts';
import { rescued } from './rescue.ts';
import { musicFile, sound, unavailable, xml } from './response.ts';
import { recorded, voicemail } from './voicemail.ts';

export async function serve(
  context: Context,
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  const request = decode(event);
  if (!isWebhook(request.path) || !METHODS.includes(request.method))
    return problem(404, 'See GET /openapi.json for what there is.');
  let at: Continuation | undefined;
  let isAuthentic = false;
  try {
    const caller = await authenticate(context, request);
    if (!caller.ok) return refuse(context, request.path, caller.reason);
    isAuthentic = true;
    at = caller.continuation;
    if (request.path === '/hold-music.wav') return musicFile(Number(at?.step));
    if (request.path === '/flow/sound.wav') return sound(at?.step ?? '');
    const document = await route(context, request.path, request, at);
    return xml(await heardAgain(context, at, document));
  } catch (error) {
    log.error('A webhook could not be handled', error, { path: request.path, call: at?.call });
    return (await instead(context, error, request, { at, isAuthentic })) ?? unavailable();
  }
}

/** @returns undefined where nobody waits for a document, or none can be had */
async function instead(
  context: Context,
  error: unknown,
  request: Request,
  { at, isAuthentic }: { at: Continuation | undefined; isAuthentic: boolean },
): Promise<APIGatewayProxyStructuredResultV2 | undefined> {
  if (!(error instanceof StoreUnavailable)) return isAuthentic ? rescued(context, request, at) : undefined;
  publish([{ name: METRICS.storeRetries, value: 1 }], context.now());
  const later = await laterDocument(context, request, at);
  return later && xml(later);
}

async function route(
  context: Context,
  path: WebhookPath,
  request: Request,
  at: Continuation | undefined,
): Promise<Document> {
  if (path === '/hangup') return hangUp(context, request);
  if (!at) return answer(context, request);
  const webhook = fieldsOf(request);
  switch (path) {
    case '/queue-try-agent':
      return tryAgent(context, at.call, at.step);
    case '/queue-hold':
      return hold(context, at.call, at.step);
    case '/queue-leave':
      return leaveByKey(context, at.call, at.step, webhook.digits ?? at.params.digits);
    case '/dial-event':
      return dialEvent(context, at, webhook);
    case '/dial-complete':
      return dialComplete(context, at, webhook);
    case '/agent-confirm':
      return confirm(context, at.call);
    case '/queue-voicemail':
      return voicemail(context, at.call, at.step);
    case '/assistant-done':
      return assistantDone(context, at);
    case '/stream-status':
      return streamStatus(context, at, webhook);
    case '/call-answered':
      return callAnswered(context, at, webhook);
    case '/call-ringing':
      return callRinging(context, at, webhook);
    case '/call-ended':
      return callEnded(context, at, webhook);
    case '/flow':
      return flowNext(context, at, webhook);
    case '/flow/event':
      return flowEvent(context, at, webhook);
    case '/queue-callback':
      return callBack(context, at, webhook);
    case '/callback-answered':
      return callbackAnswered(context, at, webhook);
    case '/callback-event':
      return callbackEvent(context, at, webhook);
    case '/callback-done':
      return callbackDone(context, at, webhook);
    case '/voicemail-done':
    case '/voicemail-file':
      return recorded(context, at, webhook);
    default:
      throw new Error(`${path} is no step of a call.`);
  }
}

async function confirm(context: Context, id: string): Promise<Document> {
  const call = await context.store.calls.one(id);
  return call ? whisper(await queueOf(context, call.queue)) : response();
}

function refuse(context: Context, path: string, reason: string): APIGatewayProxyStructuredResultV2 {
  publish([{ name: METRICS.refusedWebhooks, value: 1 }], context.now());
  log.warn('A webhook was refused', { path, reason });
  return problem(403, 'Use the URL exactly as the deployment printed it, with its key.');
}

const METHODS: readonly string[] = ['GET', 'POST'];

const isWebhook = (path: string): path is WebhookPath => (WEBHOOK_PATHS as readonly string[]).includes(path);
