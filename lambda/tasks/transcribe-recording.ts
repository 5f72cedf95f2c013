/**
 * A recording is transcribed as a whole, once in each language. Its transcript is stored before anybody is told, so a
 * task that is repeated, as each may be, asks no transcriber again and tells the same news under the same name. The flow
 * that follows is left to be done by the call's own: the sweeper sees that it is.
 */
import { askCarrier } from '../app/ask-carrier.ts';
import { change } from '../app/change.ts';
import type { Context } from '../app/context.ts';
import { notify } from '../app/send-signed.ts';
import type { Task } from '../app/task.ts';
import type { Call, CallRecording } from '../call/call.ts';
import { leaveTodo } from '../call/in-flow.ts';
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import { MOST_ENTRIES, recordingName } from '../store/transcripts.ts';
import { EMPTY, type Entry } from '../transcription/transcript.ts';
import { transcriber } from '../voice/assistant.ts';

type RecordingTask = Extract<Task, { kind: 'transcribe_recording' }>;

const PATIENCE_MS = 180_000;
/** Nobody writes beside the task. */
const GENERATION = 1;

/** @throws an Error when it should be tried again */
export async function transcribeRecording(context: Context, task: RecordingTask): Promise<void> {
  const call = await context.store.calls.one(task.call);
  const recording = call?.recordings?.find(({ id }) => id === task.recording);
  if (!call || recording?.url === undefined) return;
  try {
    const entries = await transcriptOf(context, call, recording, task.language);
    await tell(context, call, recording, task.language, entries);
    await follow(context, call, task);
  } catch (error) {
    publish([{ name: METRICS.transcriptionFailures, value: 1 }], context.now());
    throw error;
  }
}

async function transcriptOf(
  context: Context,
  call: Call,
  recording: CallRecording,
  language: string,
): Promise<Entry[]> {
  const { transcripts } = context.store;
  const name = recordingName(recording.id, language);
  const known = await transcripts.load(call.id, name);
  if (known?.transcript.ended_at !== undefined) return transcripts.entries(call.id, name);
  const entries = await understand(context, recording, language);
  // The last write says that all of it is there.
  for (let from = 0; from === 0 || from < entries.length; from += MOST_ENTRIES) {
    const part = entries.slice(from, from + MOST_ENTRIES);
    const isLast = from + MOST_ENTRIES >= entries.length;
    const ended = isLast ? { ended_at: context.now() } : {};
    const transcript = { ...EMPTY, entries: from + part.length, ...ended };
    if (!(await transcripts.save(call, name, GENERATION, { transcript }, part)))
      throw new Error('The call of a recording has been erased meanwhile.');
  }
  log.info('A recording was transcribed', { call: call.id, entries: entries.length });
  return entries;
}

async function understand(
  context: Context,
  { url = '', kind, began_at }: CallRecording,
  language: string,
): Promise<Entry[]> {
  const file = await askCarrier(context, client => client.recording(url));
  if (file.kind !== 'ok') throw new Error(`The carrier gave no file of a recording: ${file.kind}.`);
  const options = { model: transcriber(language), language };
  const utterances = await context.transcribeFile(file, options, AbortSignal.timeout(PATIENCE_MS));
  return utterances.map(({ text, began, ended }, at) => ({
    kind: 'speech',
    n: at + 1,
    who: kind === 'message' ? 'caller' : 'either',
    at: began_at + Math.round(began * 1000),
    ended_at: began_at + Math.round(ended * 1000),
    text,
  }));
}

async function tell(
  context: Context,
  call: Call,
  recording: CallRecording,
  language: string,
  entries: Entry[],
): Promise<void> {
  const url = call.transcription?.webhook_url ?? context.settings.TRANSCRIPT_WEBHOOK_URL;
  if (url === '') return;
  await notify(context, {
    url,
    id: `transcript-${call.id}-${recordingName(recording.id, language)}`,
    body: {
      type: 'transcript.recording',
      call_id: call.id,
      recording_id: recording.id,
      language,
      entries: entries.flatMap(entry =>
        entry.kind === 'speech'
          ? [{ who: entry.who, text: entry.text, began_at: iso(entry.at), ended_at: iso(entry.ended_at) }]
          : [],
      ),
    },
  });
}

async function follow(context: Context, call: Call, { effect, recording, on_end_flow: flow }: RecordingTask) {
  if (flow === undefined) return;
  const id = `${effect}.transcribed.${recording}`;
  const variables = call.flow?.state.variables ?? {};
  const wanted = { id, do: 'start_flow', flow, variables, completes: 0 } as const;
  await change(context, call.id, (held, _queue, now) => leaveTodo(held, wanted, now));
}

const iso = (at: number) => new Date(at).toISOString();
