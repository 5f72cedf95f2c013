/**
 * DynamoDB for one machine: dynalite's storage and expressions, plus what dynalite lacks. Writes run one after
 * another, each against its own write set that is committed in one atomic batch; so transactions are isolated,
 * and a kill at any moment leaves every request done or not done at all.
 */
import { AwsError, LostReply } from '../aws/protocol.ts';
import { patiently } from '../patience.ts';
import { type Capacity, readUnits, reportedUnits, writeUnits } from './capacity.ts';
import {
  type DynaliteOperation,
  describe,
  type Input,
  type Item,
  type Output,
  perform,
  READS,
  readItem,
  type Store,
  storage,
  TABLE_OPERATIONS,
  validate,
  WRITES,
} from './dynalite.ts';
import { transactGet, transactWrite } from './transactions.ts';
import { WriteSet } from './write-set.ts';

const TOKEN_LIFETIME_MS = 10 * 60_000;

interface Remembered {
  request: string;
  output: Output;
  until: number;
}

export class Engine {
  /** Units consumed since the start; reset by assigning zeros. */
  readonly capacity: Capacity = { read: 0, write: 0 };
  readonly #store: Store;
  readonly #now: () => number;
  readonly #tokens = new Map<string, Remembered>();
  #lastWrite: Promise<unknown> = Promise.resolve();
  #halted = false;

  private constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Opens the data in folder `path`, or an empty database in memory. */
  static async open(path: string | undefined, now: () => number = Date.now): Promise<Engine> {
    const store = storage.create({ path, createTableMs: 0 });
    try {
      await patiently(() => store.db.open(), isLocked);
    } catch (error) {
      if (!isLocked(error)) throw error;
      throw new Error(
        `The data in ${path} is in use: another Switchboard is running on it. Stop that one first.`,
      );
    }
    return new Engine(store, now);
  }

  get store(): Store {
    return this.#store;
  }

  /** Waits for the write that is under way, then closes. */
  async close(): Promise<void> {
    await this.#lastWrite;
    await this.#store.db.close();
  }

  /** From now on nothing is written and nobody is answered, as if the process were gone. */
  halt(): void {
    this.#halted = true;
  }

  /** Performs one API operation. `wrote` is called after each commit. Rejects with `AwsError`. */
  async execute(operation: string, input: Input, wrote: () => void = () => undefined): Promise<Output> {
    if (this.#halted) throw new LostReply();
    if (isOneOf(READS, operation)) return this.#read(operation, input);
    if (isOneOf(WRITES, operation)) return this.#serial(() => this.#write(operation, input, wrote));
    if (isOneOf(TABLE_OPERATIONS, operation)) return this.#plain(operation, input);
    if (operation === 'TransactWriteItems') return this.#serial(() => this.#transactOnce(input, wrote));
    if (operation === 'TransactGetItems') return this.#serial(() => this.#transactGet(input));
    if (operation === 'CreateTable' || operation === 'DeleteTable') {
      return this.#serial(() => this.#plain(operation, input));
    }
    throw new AwsError('UnknownOperationException', `The local DynamoDB does not know ${operation}.`);
  }

  /** Deletes an item if `isStale` still holds of it, free of charge: how TTL removes items. */
  deleteStale(tableName: string, key: Item, isStale: (item: Item) => boolean): Promise<boolean> {
    return this.#serial(async () => {
      const item = await readItem(this.#store, await describe(this.#store, tableName), key);
      if (!item || !isStale(item)) return false;
      const writes = new WriteSet(this.#store);
      await perform(writes.view, 'DeleteItem', { TableName: tableName, Key: key });
      await writes.commit();
      return true;
    });
  }

  #plain(operation: DynaliteOperation, input: Input): Promise<Output> {
    return perform(this.#store, operation, validate(this.#store, operation, input));
  }

  async #read(operation: DynaliteOperation, input: Input): Promise<Output> {
    const parsed = validate(this.#store, operation, { ...input, ReturnConsumedCapacity: 'TOTAL' });
    const output = await perform(this.#store, operation, parsed);
    this.capacity.read += reportedUnits(output, input.ConsistentRead ? 1 : 0.5);
    if (!isCapacityWanted(input)) delete output.ConsumedCapacity;
    return output;
  }

  async #write(operation: DynaliteOperation, input: Input, wrote: () => void): Promise<Output> {
    const parsed = validate(this.#store, operation, input);
    const writes = new WriteSet(this.#store);
    try {
      const output = await perform(writes.view, operation, parsed);
      await writes.commit();
      if (writes.changes.some(change => change.written)) wrote();
      return { ...output, ConsumedCapacity: await this.#charge(writes, false, input) };
    } catch (error) {
      await this.#charge(writes, false, input);
      throw withOldItem(error, input, writes);
    }
  }

  /** A repeated client token within ten minutes gets the first answer; nothing is written again. */
  async #transactOnce(input: Input, wrote: () => void): Promise<Output> {
    const { ClientRequestToken: token, ...request } = input;
    const fingerprint = JSON.stringify(request);
    for (const [old, { until }] of this.#tokens) if (until <= this.#now()) this.#tokens.delete(old);
    const known = typeof token === 'string' ? this.#tokens.get(token) : undefined;
    if (known && known.request !== fingerprint) {
      throw new AwsError('IdempotentParameterMismatchException', 'The token was used with another request');
    }
    if (known) return known.output;
    const output = await this.#transactWrite(input);
    const until = this.#now() + TOKEN_LIFETIME_MS;
    if (typeof token === 'string') this.#tokens.set(token, { request: fingerprint, output, until });
    wrote();
    return output;
  }

  async #transactWrite(input: Input): Promise<Output> {
    const writes = new WriteSet(this.#store);
    try {
      await transactWrite(this.#store, writes, input);
    } catch (error) {
      await this.#charge(writes, true, input);
      throw error;
    }
    await writes.commit();
    return { ConsumedCapacity: await this.#charge(writes, true, input) };
  }

  async #transactGet(input: Input): Promise<Output> {
    const output = await transactGet(this.#store, input);
    const items = output.Responses as { Item?: Item }[];
    this.capacity.read += items.reduce((sum, { Item: item }) => sum + readUnits(item, 'transaction'), 0);
    return output;
  }

  /** Adds what the touched items cost; returns it per table in the shape of `ConsumedCapacity` when asked for. */
  async #charge(writes: WriteSet, transactional: boolean, input: Input): Promise<unknown> {
    const perTable = new Map<string, number>();
    for (const change of writes.changes) {
      const units = writeUnits(await describe(this.#store, change.table), change, transactional);
      perTable.set(change.table, (perTable.get(change.table) ?? 0) + units);
      this.capacity.write += units;
    }
    if (!isCapacityWanted(input)) return undefined;
    const report = [...perTable].map(([TableName, CapacityUnits]) => ({ TableName, CapacityUnits }));
    return input.TableName ? report[0] : report;
  }

  #serial<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#lastWrite.then(() => {
      if (this.#halted) throw new LostReply();
      return work();
    });
    this.#lastWrite = run.catch(() => undefined);
    return run;
  }
}

/** `ReturnValuesOnConditionCheckFailure: ALL_OLD` puts the item as it is into the error. */
function withOldItem(error: unknown, input: Input, writes: WriteSet): unknown {
  if (!(error instanceof AwsError) || error.code !== 'ConditionalCheckFailedException') return error;
  if (input.ReturnValuesOnConditionCheckFailure !== 'ALL_OLD') return error;
  const item = writes.changes[0]?.before;
  return item ? new AwsError(error.code, error.message, { Item: item }) : error;
}

const isCapacityWanted = ({ ReturnConsumedCapacity: wanted }: Input) =>
  wanted === 'TOTAL' || wanted === 'INDEXES';

const isOneOf = <T extends string>(names: readonly T[], name: string): name is T =>
  (names as readonly string[]).includes(name);

/** LevelDB lets one process at a time open its folder. */
const isLocked = (error: unknown) =>
  ((error as Error).cause as { code?: string } | undefined)?.code === 'LEVEL_LOCKED';
