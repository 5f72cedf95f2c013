/**
 * While the store is away nobody is lost: a caller hears music and comes back to the very same step, with what
 * the carrier reported about it. Notifications have no document; the carrier must deliver those again.
 */

import type { Context } from '../app/context.ts';
import { links, musicUrl, signingKey } from '../app/urls.ts';
import type { WebhookPath } from '../platform/routes.ts';
import type { Continuation } from '../vobiz/continuation.ts';
import type { Document } from '../vobiz/xml.ts';
import { comeBack } from './documents.ts';
import { fieldsOf, type Request } from './request.ts';

const PAUSE_SECS = 5;

const STEPS: readonly string[] = [
  '/answer',
  '/fallback',
  '/queue-try-agent',
  '/queue-hold',
  '/queue-leave',
  '/dial-complete',
  '/queue-voicemail',
  '/assistant-done',
  '/call-answered',
  '/flow',
  '/queue-callback',
  '/callback-answered',
  '/callback-done',
];

/** A step of a call; else a mere notification. */
export const isAwaitedByCaller = (request: Request): boolean =>
  STEPS.includes(request.path) && fieldsOf(request).event !== 'Hangup';

/** @returns undefined where no caller waits for a document */
export async function laterDocument(
  context: Context,
  request: Request,
  at: Continuation | undefined,
): Promise<Document | undefined> {
  const fields = fieldsOf(request);
  if (!isAwaitedByCaller(request)) return undefined;
  const key = await signingKey(context);
  const music = musicUrl(context, key, PAUSE_SECS);
  if (!at)
    return comeBack(music, `${context.settings.PUBLIC_URL}${request.path}?key=${encodeURIComponent(key)}`);
  const told = { status: fields.dialStatus, digits: fields.digits, by: fields.bLeg?.to };
  const kept = Object.fromEntries(
    Object.entries(told).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
  const path = request.path as WebhookPath;
  return comeBack(music, links(context, key, at.call, at.step)(path, { ...at.params, ...kept }));
}
