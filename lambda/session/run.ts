/**
 * One session: a Lambda function that holds a conversation for up to a quarter of an hour. It takes the lease, goes on
 * from what is stored, and ends when the conversation is over, when another session has taken over, or when it hands
 * over itself. Whatever happens to it, the conversation is stored up to the last turn and the frames are in the log,
 * so that a successor can go on.
 */
import { assistantOf } from '../app/assistants.ts';
import type { SessionTask } from '../app/task.ts';
import { isInTalk } from '../call/assisted.ts';
import type { Call } from '../call/call.ts';
import { readStreamName, streamOf } from '../media/stream-name.ts';
import { log } from '../platform/log.ts';
import type { SavedConversation } from '../store/conversations.ts';
import { resume } from '../voice/resume.ts';
import { begin } from '../voice/step.ts';
import { whileHeld } from './keeping.ts';
import { converse } from './session.ts';
import type { SessionContext } from './session-context.ts';
import type { Stage } from './stage.ts';
import { transcribe } from './transcribe.ts';

/** Whatever the stream is for. @param remainingMs what the function has left to live */
export function runSession(
  context: SessionContext,
  task: SessionTask,
  remainingMs: () => number,
): Promise<void> {
  const run = readStreamName(streamOf(task)).kind === 'transcript' ? transcribe : talk;
  return run(context, task, remainingMs);
}

async function talk(context: SessionContext, task: SessionTask, remainingMs: () => number): Promise<void> {
  const call = await context.store.calls.one(task.call);
  const { n } = readStreamName(streamOf(task));
  if (!call || !isTalking(call, n)) return;
  const [settings, providers] = await Promise.all([
    assistantOf(context, call.assistant, call.talk),
    context.providers(),
  ]);
  await whileHeld(context, task, keeping =>
    serve({ context, task, call, n, settings, providers, keeping, remainingMs }),
  );
}

async function serve(stage: Stage): Promise<void> {
  const { context, task, call, n, settings } = stage;
  const [saved, current] = await Promise.all([
    context.store.conversations.load(streamOf(task)),
    context.store.calls.one(call.id),
  ]);
  if (!current || !isTalking(current, n)) return;
  log.info('A session has begun', { call: call.id, talk: n, generation: task.generation });
  const played = await playedSince(context, saved);
  const now = context.now();
  const start = saved
    ? resume(saved.conversation, settings, now, played)
    : { conversation: begin(settings, variablesOf(call), now, call.talk?.outcomes), commands: [] };
  await converse({ ...stage, call: current }, start, saved);
}

/** What the carrier has played to the caller while nobody was listening. */
async function playedSince(context: SessionContext, saved: SavedConversation | undefined) {
  if (!saved?.place) return [];
  const { happenings } = await context.streams.log.read(saved.place.connection, saved.after ?? -1);
  return happenings.flatMap(({ event, at }) =>
    event.event === 'playedStream' ? [{ name: event.name, at }] : [],
  );
}

const variablesOf = ({ flow, variables = {} }: Call) => flow?.state.variables ?? variables;

const isTalking = (call: Call, n: number): call is Call & { assistant: string } =>
  isInTalk(call, n) && call.assistant !== undefined;
