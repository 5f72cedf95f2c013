/** A recording or a transcription stops, or all recordings of a call are transcribed as soon as they are there. */
import { askCarrier } from '../../app/ask-carrier.ts';
import type { Context } from '../../app/context.ts';
import { stopTranscription } from '../../app/stop-transcription.ts';
import { type Call, carrierId } from '../../call/call.ts';
import type { Done } from '../../call/flow-todo.ts';
import { isDeclined } from '../../flow/consent.ts';
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

/** After the end of a call: so late its recordings are still heard of for the first time, and their files are there. */
const WORD_MS = 120_000;
const FILES_MS = 3_000_000;

type Transcribe = Extract<Effect, { do: 'transcribe_recordings' }>;

/**
 * A file is announced when its recording has ended, which may be long after the call. One that is missing holds up all.
 * Whoever has not agreed to be recorded has still left their messages.
 */
export async function transcribeRecordings(
  context: Context,
  subject: Subject,
  { id: effect, language, on_end_flow }: Transcribe,
): Promise<Done> {
  const call = await context.store.calls.one(subject.call);
  if (!call) return {};
  const { id, ended_at = context.now() } = call;
  const recordings = (call.recordings ?? []).filter(({ kind }) => kind === 'message' || !isDeclined(call));
  const since = context.now() - ended_at;
  const there = recordings.filter(({ url }) => url !== undefined);
  const missing = recordings.length - there.length;
  if ((missing > 0 && since < FILES_MS) || (since < WORD_MS && isUnheardOf(call))) return 'later';
  for (const recording of there)
    await context.start({
      kind: 'transcribe_recording',
      call: id,
      effect: subject.run === undefined ? effect : `${subject.run}.${effect}`,
      recording: recording.id,
      language,
      ...(on_end_flow !== undefined && { on_end_flow }),
    });
  return missing === 0 ? {} : { failed: `${missing} of ${recordings.length} recordings came to no file` };
}

/** The call is being recorded, or was told to be, and the carrier has not said so yet. */
function isUnheardOf({ flow, recordings = [] }: Call): boolean {
  const told = flow?.told.filter(({ verbs }) =>
    verbs.some(({ verb }) => verb === 'record_message' || verb === 'record_call'),
  );
  const unknown = told?.some(({ at }) => !recordings.some(({ step }) => step === at));
  return flow?.state.recording !== undefined || unknown === true;
}
