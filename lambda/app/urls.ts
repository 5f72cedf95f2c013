/** The signed URLs under which the carrier goes on with a call. */

import type { Call } from '../call/call.ts';
import type { WebhookPath } from '../platform/routes.ts';
import { continuationUrl } from '../vobiz/continuation.ts';
import type { Context } from './context.ts';

/** Makes the URLs of one document, all of one call and one step. */
export type Links = (path: WebhookPath, params?: Record<string, string | number>) => string;

export function links(context: Context, key: string, call: string, step: string | number): Links {
  const publicUrl = context.settings.PUBLIC_URL;
  return (path, params = {}) => continuationUrl({ publicUrl, key, path, call, step, params });
}

/** Always the same for the same length, so that the carrier may keep the file. */
export function musicUrl(context: Context, key: string, secs: number): string {
  return links(context, key, 'music', secs)('/hold-music.wav');
}

/** A sound of our own, for flows; always the same, as the music is. */
export function soundUrl(context: Context, key: string, name: string): string {
  return links(context, key, 'sound', name)('/flow/sound.wav');
}

/** Where a reserved caller is fetched to from the music. */
export async function fetchUrl(context: Context, call: Call): Promise<string> {
  return links(context, await signingKey(context), call.id, `fetch-${call.offers}`)('/queue-try-agent');
}

export async function signingKey(context: Context): Promise<string> {
  const [key] = await context.webhookKeys();
  if (!key) throw new Error('No WEBHOOK_KEY in the secret: put one there, as docs/deploy.md shows.');
  return key;
}
