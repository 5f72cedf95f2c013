/**
 * The parts of dynalite that the engine stands on: its store (LevelDB, on disk or in memory), the validation of
 * each operation's input, and the operations themselves as functions of a store. dynalite ships no types; these
 * describe what is used, for the version that package.json pins.
 */
import { createRequire } from 'node:module';
import { AwsError } from '../aws/protocol.ts';

export type AttributeValue = Record<string, unknown>;
export type Item = Record<string, AttributeValue>;
export type Input = Record<string, unknown>;
export type Output = Record<string, unknown>;

type Callback<T> = (error: unknown, value?: T) => void;

export type KeySchema = { AttributeName: string; KeyType: 'HASH' | 'RANGE' }[];
export interface SecondaryIndex {
  IndexName: string;
  KeySchema: KeySchema;
  Projection: { ProjectionType: 'ALL' | 'KEYS_ONLY' | 'INCLUDE'; NonKeyAttributes?: string[] };
}
export interface Table {
  TableName: string;
  TableStatus: string;
  KeySchema: KeySchema;
  AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
  GlobalSecondaryIndexes?: SecondaryIndex[];
}

/** A key-value map inside the store: the items of a table, or the entries of an index. */
export interface Collection {
  get(key: string, done: Callback<Item>): void;
  put(key: string, value: Item, done: Callback<void>): void;
  del(key: string, done: Callback<void>): void;
}

export type BatchOperation = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };

export interface Store {
  db: {
    open(): Promise<void>;
    close(): Promise<void>;
    get(key: string): Promise<unknown>;
    put(key: string, value: unknown): Promise<void>;
    batch(operations: BatchOperation[]): Promise<void>;
    iterator(range: { gte: string; lt: string }): AsyncIterable<[string, unknown]>;
  };
  getItemDb(table: string): Collection;
  getIndexDb(kind: string, table: string, index: string): Collection;
  getTable(name: string, mustBeActive: boolean, done: Callback<Table>): void;
}

interface Storage {
  create(options: { path?: string; createTableMs?: number }): Store;
  itemSize(item: Item): number;
  createKey(item: Item, table: Table): string;
  validateKey(key: Item, table: Table): Error | undefined;
  checkConditional(input: Input, item: Item | undefined): Error | null | undefined;
}
interface Validation {
  types: Record<string, unknown>;
  custom?: (input: Input, store: Store) => string | undefined;
}
interface Validations {
  checkTypes(input: Input, types: Record<string, unknown>): Input;
  checkValidations(input: Input, types: unknown, custom: unknown, store: Store): void;
}

const require = createRequire(import.meta.url);
export const storage = require('dynalite/db') as Storage;
const validations = require('dynalite/validations') as Validations;

/** The operations taken over as they are; everything else is refused or implemented by the engine. */
export const READS = ['GetItem', 'Query', 'Scan', 'BatchGetItem'] as const;
export const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'] as const;
export const TABLE_OPERATIONS = ['DescribeTable', 'ListTables'] as const;

export type DynaliteOperation =
  | (typeof READS)[number]
  | (typeof WRITES)[number]
  | (typeof TABLE_OPERATIONS)[number]
  | 'CreateTable'
  | 'DeleteTable';

/** Checks an operation's input as DynamoDB does and returns it parsed. Throws `AwsError` when it is malformed. */
export function validate(store: Store, operation: DynaliteOperation, input: Input): Input {
  const rules = require(`dynalite/validations/${lowerFirst(operation)}`) as Validation;
  try {
    const parsed = validations.checkTypes({ ...input }, rules.types);
    validations.checkValidations(parsed, rules.types, rules.custom, store);
    return parsed;
  } catch (error) {
    throw toAwsError(error);
  }
}

/** Performs a validated operation on a store. Rejects with `AwsError`. */
export function perform(store: Store, operation: DynaliteOperation, parsed: Input): Promise<Output> {
  type Action = (store: Store, input: Input, done: Callback<Output>) => void;
  const action = require(`dynalite/actions/${lowerFirst(operation)}`) as Action;
  return settle(done => action(store, parsed, done));
}

/** The description of an active table. Rejects with `ResourceNotFoundException`. */
export const describe = (store: Store, name: string): Promise<Table> =>
  settle(done => store.getTable(name, true, done));

/** The item under a key, if there is one. */
export async function readItem(store: Store, table: Table, key: Item): Promise<Item | undefined> {
  const invalid = storage.validateKey(key, table);
  if (invalid) throw toAwsError(invalid);
  const items = store.getItemDb(table.TableName);
  return settle<Item | undefined>(done => items.get(storage.createKey(key, table), done));
}

function settle<T>(start: (done: Callback<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => (error ? reject(toAwsError(error)) : resolve(value as T)));
  });
}

/** dynalite's errors carry the reply body; anything else is a fault of this program and passes through. */
export function toAwsError(error: unknown): unknown {
  const body = (error as { body?: { __type: string; message?: string; Message?: string } } | null)?.body;
  if (!body) return error;
  const code = body.__type.split('#').at(-1) ?? body.__type;
  return new AwsError(code, body.message ?? body.Message ?? code);
}

const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
