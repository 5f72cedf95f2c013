/**
 * The conversation in time: events come in from everywhere, one after the other; each steps the pure conversation,
 * whose commands are then performed in order. A timer rings when the conversation waits for nothing else.
 */
import type { Assistant } from '../voice/assistant.ts';
import type { Command, Conversation, ConversationEvent, Stepped } from '../voice/conversation.ts';
import { step } from '../voice/step.ts';

export interface Talk {
  /** As of now. */
  readonly conversation: Conversation;
  emit(event: ConversationEvent): void;
  /** Go on from a value that another session left. */
  adopt(stepped: Stepped): void;
  /** Nothing happens any more: what comes is for a successor. */
  freeze(): void;
}

interface Surroundings {
  perform(command: Command): void;
  /** How much of the latest sentence has been posted. */
  posted(): { piece: string; audio_ms: number } | undefined;
  /** The conversation cannot go on in this session. */
  onBroken(error: unknown): void;
}

export function talk(
  start: Conversation,
  settings: Assistant,
  now: () => number,
  { perform, posted, onBroken }: Surroundings,
): Talk {
  let conversation = start;
  let frozen = false;
  let draining = false;
  let alarm: NodeJS.Timeout | undefined;
  const pending: ConversationEvent[] = [];

  /** No more of a sentence can have been heard than has been posted, whatever happens next. */
  const notePosted = () => {
    const latest = posted();
    if (latest) apply(step(conversation, { type: 'posted', ...latest }, settings, now()));
  };

  const apply = (stepped: Stepped) => {
    conversation = stepped.conversation;
    for (const command of stepped.commands) perform(command);
  };

  /** Performing a command may cause an event at once; it waits for its turn. */
  const drain = () => {
    if (draining) return;
    draining = true;
    try {
      for (let event = pending.shift(); event && !frozen; event = pending.shift()) {
        notePosted();
        apply(step(conversation, event, settings, now()));
      }
    } catch (error) {
      frozen = true;
      onBroken(error);
    }
    draining = false;
    setAlarm();
  };

  const setAlarm = () => {
    clearTimeout(alarm);
    if (frozen || conversation.wake_at === undefined) return;
    alarm = setTimeout(() => emit({ type: 'tick' }), Math.max(1, conversation.wake_at - now()));
  };

  const emit = (event: ConversationEvent) => {
    if (frozen) return;
    pending.push(event);
    drain();
  };

  return {
    get conversation() {
      return conversation;
    },
    emit,
    adopt(stepped) {
      apply(stepped);
      drain();
    },
    freeze() {
      frozen = true;
      clearTimeout(alarm);
    },
  };
}
