/** Where the carrier opens the stream that a reply needs: to the assistant, or beside the call to the transcriber. */
import type { Context } from '../app/context.ts';
import type { Call, Reply } from '../call/call.ts';
import { reserveStream, streamUrl } from '../media/reserve.ts';
import { streamName } from '../media/stream-name.ts';
import { log } from '../platform/log.ts';

/**
 * The stream's address is derived from the call, so that a repeated request is told the same; what it needs is
 * reserved again while the call still needs it, in case the first request died before it was.
 * @returns undefined where the reply needs none, or it cannot be reserved: the call then goes on without it
 */
export async function streamFor(context: Context, call: Call, reply: Reply): Promise<string | undefined> {
  const stream = neededBy(call, reply);
  if (!stream) return undefined;
  try {
    return stream.isOver
      ? await streamUrl(context, call, stream.name)
      : await reserveStream(context, call, stream.name);
  } catch (error) {
    log.error('No stream could be reserved; the call goes on without it', error, { call: call.id });
    return undefined;
  }
}

function neededBy(call: Call, reply: Reply): { name: string; isOver: boolean } | undefined {
  if (reply.kind === 'converse')
    return { name: streamName(call.id, 'talk', call.talk?.n ?? 1), isOver: call.state !== 'assisted' };
  const told = reply.kind === 'flow' ? call.flow?.told.find(({ at }) => at === reply.at) : undefined;
  if (!told?.verbs.some(({ verb }) => verb === 'transcribe') || !call.transcription) return undefined;
  const { n, stopped_at } = call.transcription;
  return {
    name: streamName(call.id, 'transcript', n),
    isOver: call.state === 'ended' || stopped_at !== undefined,
  };
}
