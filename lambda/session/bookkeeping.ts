/**
 * What a session writes down: the conversation as it stands, for a successor; on the call, that the caller has heard
 * the assistant and what it all came to; and what is counted for the dashboard.
 */
import { change } from '../app/change.ts';
import { noteAnswered, summarise } from '../call/assisted.ts';
import type { Call } from '../call/call.ts';
import { streamOf } from '../media/stream-name.ts';
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import type { SavedConversation } from '../store/conversations.ts';
import type { Conversation } from '../voice/conversation.ts';
import { saving } from './saving.ts';
import type { Stage } from './stage.ts';

export type Books = ReturnType<typeof bookkeeping>;

/** @param now the conversation and its place in the stream, as they are */
export function bookkeeping(stage: Stage, now: () => SavedConversation, onSuperseded: () => void) {
  const { context, task, call, settings } = stage;
  let answered = call.assisted_at !== undefined;
  let concealed = 0;
  let closed = false;

  const count = (name: string, value = 1) =>
    publish([{ name, value, assistant: settings.id }], context.now());
  const store = saving(
    () => context.store.conversations.save(call, streamOf(task), task.generation, now()),
    onSuperseded,
  );

  /** All that the call has had, this one included, which has been stored just now. */
  async function conversationsOf(held: Call): Promise<Conversation[]> {
    if (!held.talk) return [now().conversation];
    const stored = await context.store.conversations.ofCall(call.id);
    return stored.map(({ conversation }) => conversation);
  }

  return {
    store,
    /** The first audio has left for the caller. */
    answered(): void {
      if (answered) return;
      answered = true;
      change(context, call.id, held => noteAnswered(held, context.now())).catch(error =>
        log.error('It could not be noted that an assistant has answered', error, { call: call.id }),
      );
    },
    /** The successor may begin. */
    async handOver(): Promise<void> {
      count(METRICS.sessionHandOvers);
      await stage.keeping.release();
    },
    reconnected: () => count(METRICS.sttReconnects),
    concealed(): void {
      concealed++;
    },
    /** At the end of the session, whoever goes on with the conversation. */
    close(interruptions: number): void {
      if (closed) return;
      closed = true;
      if (interruptions > 0) count(METRICS.interruptions, interruptions);
      if (concealed > 0) count(METRICS.framesConcealed, concealed);
    },
    /** At the end of the conversation. */
    async summarise(): Promise<void> {
      await change(context, call.id, async held => summarise(held, await conversationsOf(held.call)));
    },
  };
}
