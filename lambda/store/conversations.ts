/**
 * Conversations of assistants, beside their calls in the calls table.
 *
 *   CALL#<id>  SESSION      the first conversation, as the last session to write it left it
 *   CALL#<id>  SESSION#000002, ...  those after it, of a call that a flow sends to assistants again
 *
 * A session that has been succeeded cannot write over what its successor wrote.
 */
import type { Call } from '../call/call.ts';
import { readStreamName } from '../media/stream-name.ts';
import { DAY_MS } from '../platform/time.ts';
import type { MediaFormat } from '../vobiz/media-format.ts';
import type { Conversation } from '../voice/conversation.ts';
import type { Item, Key, Table } from './table.ts';

/** The stream in use. */
export interface StreamPlace {
  connection: string;
  stream_id: string;
  format: MediaFormat;
}

export interface SavedConversation {
  conversation: Conversation;
  assistant?: string;
  place?: StreamPlace;
  /** The last sequence of that stream that a successor need not hear. */
  after?: number;
}

const SESSION = 'SESSION';
const DIGITS = 6;

const partition = (call: string): string => `CALL#${call}`;

function keyOf(stream: string): Key {
  const { call, n } = readStreamName(stream);
  return { pk: partition(call), sk: n === 1 ? SESSION : `${SESSION}#${String(n).padStart(DIGITS, '0')}` };
}

/** `#` sorts right before `$`. */
const all = (call: string) => ({
  KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
  ExpressionAttributeValues: { ':pk': partition(call), ':first': SESSION, ':last': `${SESSION}$` },
});

export type Conversations = ReturnType<typeof conversations>;

export function conversations(table: Table, retentionDays: number) {
  async function itemsOf(call: string): Promise<Item[]> {
    const found: Item[] = [];
    for await (const item of table.query(all(call))) found.push(item);
    return found;
  }

  return {
    /** @param stream its name; the call's own id is that of the first conversation */
    async load(stream: string): Promise<SavedConversation | undefined> {
      const item = await table.get(keyOf(stream));
      return item && savedIn(item);
    },

    /** All conversations of a call, first to last. */
    async ofCall(call: string): Promise<SavedConversation[]> {
      return (await itemsOf(call)).map(savedIn);
    },

    /** @returns false when a later generation has written */
    save: (
      { joined_at }: Pick<Call, 'joined_at'>,
      stream: string,
      generation: number,
      saved: SavedConversation,
    ): Promise<boolean> =>
      table.put(
        {
          ...keyOf(stream),
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

    /** All conversations of a call. */
    async erase(call: string): Promise<void> {
      for (const { pk, sk } of await itemsOf(call)) await table.remove({ pk, sk });
    },
  };
}

function savedIn({ pk: _pk, sk: _sk, ttl: _ttl, generation: _generation, ...saved }: Item) {
  return saved as unknown as SavedConversation;
}
