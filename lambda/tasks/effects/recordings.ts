/** A recording or a transcription stops, or all recordings of a call are transcribed as soon as they are there. */
import { askCarrier } from '../../app/ask-carrier.ts';
import type { Context } from '../../app/context.ts';
import { stopTranscription } from '../../app/stop-transcription.ts';
import { carrierId } from '../../call/call.ts';
import type { Done } from '../../call/flow-todo.ts';
import type { Effect } from '../../flow/effect.ts';
import type { Subject } from './subject.ts';
import { tried } from './tries.ts';

export async function stopRecording(context: Context, { call: id }: Subject): Promise<Done> {
  const call = await context.store.calls.one(id);
  if (!call || call.state === 'ended') return {};
  const attempt = () => askCarrier(context, client => client.stopRecording(carrierId(call)));
  const { kind } = await tried(
    context,
    attempt,
    ({ kind }) => kind !== 'unavailable' && kind !== 'rate_limited',
  );
  return kind === 'ok' || kind === 'gone'
    ? {}
    : { failed: `the carrier did not stop the recording: ${kind}` };
}

export async function stopTranscribing(context: Context, { call: id }: Subject): Promise<Done> {
  const call = await context.store.calls.one(id);
  if (call && call.state !== 'ended') await stopTranscription(context, call);
  return {};
}

/** A file is announced when its recording has ended, which may be long after the call. */
export async function transcribeRecordings(
  context: Context,
  { call: id }: Subject,
  { language, on_end_flow }: Extract<Effect, { do: 'transcribe_recordings' }>,
): Promise<Done> {
  const recordings = (await context.store.calls.one(id))?.recordings ?? [];
  if (recordings.some(({ url }) => url === undefined)) return 'later';
  for (const recording of recordings)
    await context.start({
      kind: 'transcribe_recording',
      call: id,
      recording: recording.id,
      language,
      ...(on_end_flow !== undefined && { on_end_flow }),
    });
  return {};
}
