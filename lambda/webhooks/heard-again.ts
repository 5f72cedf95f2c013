/**
 * A transfer breaks off every stream of a call. Where one has brought the caller here, from the music to an agent or
 * from an assistant that would not go, the transcription of the call begins again with this document, as the same one.
 */
import type { Context } from '../app/context.ts';
import { links, signingKey } from '../app/urls.ts';
import { transcriptStream } from '../flow/document.ts';
import { reserveStream } from '../media/reserve.ts';
import { streamName } from '../media/stream-name.ts';
import { log } from '../platform/log.ts';
import type { Continuation } from '../vobiz/continuation.ts';
import { type Document, response, type Verb } from '../vobiz/xml.ts';

/** Steps of the URLs that calls are transferred to. */
const BY_TRANSFER = /^(fetch|departed)-\d+$/;

export async function heardAgain(
  context: Context,
  at: Continuation | undefined,
  document: Document,
): Promise<Document> {
  if (!at || !BY_TRANSFER.test(at.step) || document.children.length === 0) return document;
  try {
    const call = await context.store.calls.one(at.call);
    const { transcription } = call ?? {};
    if (!call || !transcription || transcription.stopped_at !== undefined || call.state === 'ended')
      return document;
    const url = await reserveStream(context, call, streamName(call.id, 'transcript', transcription.n));
    const to = links(context, await signingKey(context), call.id, at.step);
    const stream = transcriptStream(url, transcription.track, to('/flow/event', { of: 'transcription' }));
    return response(stream, ...(document.children as Verb[]));
  } catch (error) {
    log.error('A transcription could not begin again; the call goes on without it', error, { call: at.call });
    return document;
  }
}
