/**
 * The door to DynamoDB: one client per container, and typed access to one table, with the product's conditions.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { ENV, TABLE } from '../platform/names.ts';
import { bounded, StoreUnavailable } from './outage.ts';

export interface Key {
  pk: string;
  sk: string;
}

export type Item = Key & Record<string, unknown>;
export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const ATTEMPT_MS = 400;
const BATCH = 100;
/** How often keys that DynamoDB left unprocessed are asked for again. */
const UNPROCESSED_ROUNDS = 3;

interface TableNames {
  calls: string;
  directory: string;
}

export function tablesFromEnv(env: NodeJS.ProcessEnv): TableNames {
  const calls = env[ENV.callsTable];
  const directory = env[ENV.directoryTable];
  if (!calls || !directory)
    throw new Error(`${ENV.callsTable} and ${ENV.directoryTable} must name the tables; the stack sets both.`);
  return { calls, directory };
}

export type Table = ReturnType<typeof table>;

export function documentClient(): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    maxAttempts: 4,
    requestHandler: {
      requestTimeout: ATTEMPT_MS,
      connectionTimeout: ATTEMPT_MS,
      throwOnRequestTimeout: true,
    },
  });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

/** Strong reads unless an index is named. */
export const table = (client: DynamoDBDocumentClient, name: string) => ({
  name,
  ...reads(client, name),
  ...writes(client, name),
});

function reads(client: DynamoDBDocumentClient, name: string) {
  return {
    async get(key: Key): Promise<Item | undefined> {
      const input = { TableName: name, Key: key, ConsistentRead: true };
      const { Item } = await bounded(options => client.send(new GetCommand(input), options));
      return Item as Item | undefined;
    },

    /** Every item of one partition that the condition selects, page by page. */
    async *query(input: Omit<QueryCommandInput, 'TableName'>): AsyncGenerator<Item> {
      let from: QueryCommandInput['ExclusiveStartKey'];
      do {
        const request = {
          TableName: name,
          ConsistentRead: input.IndexName === undefined,
          ...input,
          ...(from && { ExclusiveStartKey: from }),
        };
        const page = await bounded(options => client.send(new QueryCommand(request), options));
        yield* (page.Items ?? []) as Item[];
        from = page.LastEvaluatedKey;
      } while (from);
    },

    /** How many items the condition selects. */
    async count(input: Omit<QueryCommandInput, 'TableName'>): Promise<number> {
      const request = { TableName: name, ConsistentRead: true, Select: 'COUNT' as const, ...input };
      const { Count } = await bounded(options => client.send(new QueryCommand(request), options));
      return Count ?? 0;
    },

    /** The items that exist among `keys`, in no order. */
    async getAll(keys: Key[]): Promise<Item[]> {
      const found: Item[] = [];
      let open = keys;
      const rounds = Math.ceil(keys.length / BATCH) + UNPROCESSED_ROUNDS;
      for (let round = 0; open.length > 0; round++) {
        if (round === rounds) throw new StoreUnavailable('Some keys stayed unprocessed.');
        const request = { [name]: { Keys: open.slice(0, BATCH), ConsistentRead: true } };
        const page = await bounded(options =>
          client.send(new BatchGetCommand({ RequestItems: request }), options),
        );
        found.push(...((page.Responses?.[name] ?? []) as Item[]));
        open = [...((page.UnprocessedKeys?.[name]?.Keys ?? []) as Key[]), ...open.slice(BATCH)];
      }
      return found;
    },
  };
}

function writes(client: DynamoDBDocumentClient, name: string) {
  return {
    /** @returns false when the condition failed */
    put: (item: Item, condition?: Condition): Promise<boolean> =>
      holds(
        bounded(options =>
          client.send(new PutCommand({ TableName: name, Item: item, ...condition }), options),
        ),
      ),

    /** @returns false when the condition failed */
    remove: (key: Key, condition?: Condition): Promise<boolean> =>
      holds(
        bounded(options =>
          client.send(new DeleteCommand({ TableName: name, Key: key, ...condition }), options),
        ),
      ),

    /** All or nothing, over any tables. @returns false when a condition failed or another writer was faster */
    transact: (items: TransactItem[]): Promise<boolean> =>
      holds(bounded(options => client.send(new TransactWriteCommand({ TransactItems: items }), options))),
  };
}

export interface Condition {
  ConditionExpression: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
}

export const isNew: Condition = { ConditionExpression: `attribute_not_exists(${TABLE.partitionKey})` };

/** The item is still as it was read. */
function isAt(version: number): Condition {
  return {
    ConditionExpression: '#version = :read',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':read': version },
  };
}

/** Version 0 is what has never been stored. */
export function asItWas(item: { version: number } | undefined): Condition {
  return item && item.version > 0 ? isAt(item.version) : isNew;
}

/** @returns false when a condition failed or another writer was faster */
export async function holds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (lostTheRace(error)) return false;
    throw error;
  }
}

function lostTheRace(error: unknown): boolean {
  const { name, CancellationReasons: reasons = [] } = error as {
    name?: string;
    CancellationReasons?: { Code?: string }[];
  };
  if (name === 'ConditionalCheckFailedException' || name === 'TransactionConflictException') return true;
  return (
    name === 'TransactionCanceledException' &&
    reasons.some(({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict')
  );
}
