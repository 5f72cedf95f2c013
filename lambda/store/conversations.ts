/**
 * Conversations of assistants, beside their calls in the calls table.
 *
 *   CALL#<id>  SESSION  the conversation as the last session to write it left it
 *
 * A session that has been succeeded cannot write over what its successor wrote.
 */
import type { Call } from '../call/call.ts';
import { DAY_MS } from '../platform/time.ts';
import type { MediaFormat } from '../vobiz/media-format.ts';
import type { Conversation } from '../voice/conversation.ts';
import type { Key, Table } from './table.ts';

/** The stream in use. */
export interface StreamPlace {
  connection: string;
  stream_id: string;
  format: MediaFormat;
}

export interface SavedConversation {
  conversation: Conversation;
  place?: StreamPlace;
  /** The last sequence of that stream that a successor need not hear. */
  after?: number;
}

const key = (call: string): Key => ({ pk: `CALL#${call}`, sk: 'SESSION' });

export type Conversations = ReturnType<typeof conversations>;

export function conversations(table: Table, retentionDays: number) {
  return {
    async load(call: string): Promise<SavedConversation | undefined> {
      const item = await table.get(key(call));
      if (!item) return undefined;
      const { pk: _pk, sk: _sk, ttl: _ttl, generation: _generation, ...saved } = item;
      return saved as unknown as SavedConversation;
    },

    /** @returns false when a later generation has written */
    save: (
      { id, joined_at }: Pick<Call, 'id' | 'joined_at'>,
      generation: number,
      saved: SavedConversation,
    ): Promise<boolean> =>
      table.put(
        {
          ...key(id),
          ...saved,
          generation,
          // The record's own time begins when the call ends, which is within a day.
          ttl: Math.ceil((joined_at + (retentionDays + 1) * DAY_MS) / 1000),
        },
        {
          ConditionExpression: 'attribute_not_exists(pk) OR generation <= :mine',
          ExpressionAttributeValues: { ':mine': generation },
        },
      ),

    erase: (call: string): Promise<boolean> => table.remove(key(call)),
  };
}
