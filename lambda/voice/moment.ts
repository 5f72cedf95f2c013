/**
 * What a part of the conversation works on while one event is taken in: a copy of the conversation that it may
 * change, and the commands so far. Entries are shared with the original, so they are replaced, never changed.
 */
import type { Assistant } from './assistant.ts';
import type { Command, Conversation, Entry } from './conversation.ts';

export interface Moment {
  talk: Conversation;
  readonly settings: Assistant;
  readonly now: number;
  readonly commands: Command[];
}

/** Something that waits for a time. */
export interface Timer {
  /** When it is due, epoch ms (any time in the past: at once); undefined: it waits for nothing. */
  due(talk: Conversation, settings: Assistant): number | undefined;
  /** What is done then; afterwards this timer is no longer due. */
  act(moment: Moment): void;
}

export function momentOf({ entries, ...rest }: Conversation, settings: Assistant, now: number): Moment {
  return { talk: { ...structuredClone(rest), entries: [...entries] }, settings, now, commands: [] };
}

/** Replaces entries by what `change` makes of them; `undefined` removes one. */
export function changeEntries({ talk }: Moment, change: (entry: Entry) => Entry | undefined): void {
  talk.entries = talk.entries.map(change).filter(entry => entry !== undefined);
}

/** Neither side says anything, and nothing is on its way. */
export const isQuiet = ({ phase, utterance, digits }: Conversation): boolean =>
  phase === 'listening' && !utterance && digits.length === 0;
