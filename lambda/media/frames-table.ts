/**
 * The door to the table of the media path, whose sort key is a number. Strong reads; every request bounded like all
 * requests to the store. An update names each attribute that it sets or removes, so that writers who know nothing of
 * one another (a session, the pulse, a socket that closes) do not undo each other's work.
 */
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { bounded } from '../store/outage.ts';
import { type Condition, holds, type TransactItem } from '../store/table.ts';

const CONFLICTS = 3;

export interface FrameKey {
  pk: string;
  sk: number;
}

export type FrameItem = FrameKey & Record<string, unknown>;

export interface Update extends Condition {
  UpdateExpression: string;
}

export interface FramesTable {
  name: string;
  get(key: FrameKey): Promise<FrameItem | undefined>;
  /** Every item of one partition that the condition selects, in order, or the first `Limit` of them. */
  query(input: Omit<QueryCommandInput, 'TableName'>): Promise<FrameItem[]>;
  /** @returns false when the condition failed */
  put(item: FrameItem, condition?: Condition): Promise<boolean>;
  /** @returns false when the condition failed */
  update(key: FrameKey, update: Update): Promise<boolean>;
  remove(key: FrameKey): Promise<void>;
  /** All or nothing. @returns false when a condition failed or another writer was faster */
  transact(items: TransactItem[]): Promise<boolean>;
}

export const framesTable = (client: DynamoDBDocumentClient, name: string): FramesTable => ({
  name,
  ...reads(client, name),
  ...writes(client, name),
});

function reads(client: DynamoDBDocumentClient, TableName: string): Pick<FramesTable, 'get' | 'query'> {
  return {
    async get(Key) {
      const command = new GetCommand({ TableName, Key, ConsistentRead: true });
      const { Item } = await bounded(options => client.send(command, options));
      return Item as FrameItem | undefined;
    },

    async query(input) {
      const found: FrameItem[] = [];
      let from: QueryCommandInput['ExclusiveStartKey'];
      do {
        const request = { TableName, ConsistentRead: true, ...input, ExclusiveStartKey: from };
        const page = await bounded(options => client.send(new QueryCommand(request), options));
        found.push(...((page.Items ?? []) as FrameItem[]));
        from = page.LastEvaluatedKey;
      } while (from && found.length < (input.Limit ?? Number.POSITIVE_INFINITY));
      return found;
    },
  };
}

function writes(
  client: DynamoDBDocumentClient,
  TableName: string,
): Pick<FramesTable, 'put' | 'update' | 'remove' | 'transact'> {
  return {
    put: (Item, condition) =>
      isMet(() =>
        bounded(options => client.send(new PutCommand({ TableName, Item, ...condition }), options)),
      ),

    update: (Key, update) =>
      isMet(() => bounded(options => client.send(new UpdateCommand({ TableName, Key, ...update }), options))),

    async remove(Key) {
      await bounded(options => client.send(new DeleteCommand({ TableName, Key }), options));
    },

    transact: TransactItems =>
      holds(bounded(options => client.send(new TransactWriteCommand({ TransactItems }), options))),
  };
}

/**
 * Unlike in `store/table.ts`, a write that met a transaction is no lost race: here it would be taken for a lost lease.
 * @returns false when the condition failed, and only then
 */
async function isMet(write: () => Promise<unknown>): Promise<boolean> {
  for (let conflicts = 0; ; conflicts++) {
    try {
      await write();
      return true;
    } catch (error) {
      const { name } = error as Error;
      if (name === 'ConditionalCheckFailedException') return false;
      if (name !== 'TransactionConflictException' || conflicts === CONFLICTS) throw error;
    }
  }
}

/** Epoch seconds. */
export const expiresAfter = (now: number, secs: number) => Math.ceil(now / 1000) + secs;

/** Longer than a socket of API Gateway lives, and a conversation with it. */
export const CALL_SECS = 3 * 3600;
