/**
 * A session that listens to a call and says nothing: each side goes to a transcriber of its own, what comes back is
 * written down and told. It has no part in the call, whose flow goes on at once: whatever fails here, the call does
 * not notice. The session ends when the stream does, or hands over to another.
 */
import type { SessionTask } from '../app/task.ts';
import type { Call } from '../call/call.ts';
import type { Transcription } from '../call/flow-run.ts';
import type { Track } from '../media/frame-log.ts';
import { readStreamName, streamOf } from '../media/stream-name.ts';
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import { aborted } from './aborted.ts';
import { follow } from './following.ts';
import { momentToHandOver } from './handing-over.ts';
import { type Keeping, whileHeld } from './keeping.ts';
import type { Providers } from './providers.ts';
import type { SessionContext } from './session-context.ts';
import { transcriber } from './transcriber.ts';
import { watch } from './transcription-watch.ts';

export interface TranscriptStage {
  context: SessionContext;
  task: SessionTask;
  call: Call;
  order: Transcription;
  /** What the transcript is called in the store. */
  name: string;
  providers: Providers;
  keeping: Keeping;
  remainingMs(): number;
}

/** Nobody waits for a quiet moment to hand over, so whoever is not needed soon is not needed. */
const STAND_BY_MS = 20_000;

/** The first has the stream's events, and is followed in any case. */
const TRACKS: Record<Transcription['track'], readonly ['inbound', ...Track[]]> = {
  inbound: ['inbound'],
  outbound: ['inbound', 'outbound'],
  both: ['inbound', 'outbound'],
};

export async function transcribe(
  context: SessionContext,
  task: SessionTask,
  remainingMs: () => number,
): Promise<void> {
  const { n } = readStreamName(streamOf(task));
  const call = await context.store.calls.one(task.call);
  const order = call?.transcription;
  if (!call || order?.n !== n) return;
  const providers = await context.providers();
  await whileHeld(
    context,
    task,
    keeping => serve({ context, task, call, order, name: String(n), providers, keeping, remainingMs }),
    STAND_BY_MS,
  );
}

async function serve(stage: TranscriptStage): Promise<void> {
  const { context, task, call, name, order, keeping } = stage;
  const [saved, entries] = await Promise.all([
    context.store.transcripts.load(call.id, name),
    context.store.transcripts.entries(call.id, name),
  ]);
  log.info('A transcription session has begun', { call: call.id, generation: task.generation });
  const over = new AbortController();
  const parts = transcriber(stage, saved, entries);
  const { listener, untilOver } = watch(stage, parts, parts.from);
  const source = { stream: streamOf(task), tracks: TRACKS[order.track], from: parts.from };
  const reading = parts.isOver ? undefined : follow(context, source, listener, over.signal);
  try {
    const why = await Promise.race([
      aborted(AbortSignal.any([keeping.lost, parts.superseded])).then(() => 'lost' as const),
      untilOver(over.signal).then(() => 'over' as const),
      momentToHandOver(stage, () => true, over.signal).then(() => 'handed over' as const),
    ]);
    over.abort();
    if (why === 'over') await parts.finish();
    await parts.stop();
    if (why === 'handed over') publish([{ name: METRICS.sessionHandOvers, value: 1 }], context.now());
    if (why !== 'lost') await keeping.release();
    log.info('A transcription session has ended', { call: call.id, generation: task.generation, why });
  } finally {
    over.abort();
    await parts.stop();
    await reading;
  }
}
