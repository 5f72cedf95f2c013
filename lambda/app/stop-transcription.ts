/**
 * A transcription that the flow has ended: the carrier closes its stream, and no other of the call. Its session, which
 * finds out by itself, writes down what was heard before.
 */
import { type Call, carrierId } from '../call/call.ts';
import { askCarrier } from './ask-carrier.ts';
import type { Context } from './context.ts';

/** May be repeated. @throws an Error when the carrier does not close the stream */
export async function stopTranscription(context: Context, call: Call): Promise<void> {
  if (!call.transcription) return;
  const saved = await context.store.transcripts.load(call.id, String(call.transcription.n));
  const stream = saved?.place?.stream_id;
  // Without its name it cannot be told from the stream to an assistant.
  if (stream === undefined && call.state === 'assisted') return;
  const outcome = await askCarrier(context, client => client.stopStreams(carrierId(call), stream));
  if (outcome.kind !== 'ok' && outcome.kind !== 'gone')
    throw new Error(`The carrier did not close a stream: ${outcome.kind}.`);
}
