/**
 * DynamoDB in memory, behind the interface of `lambda/store/table.ts`: conditions, transactions and both indexes
 * of the calls table. Each operation takes effect at one moment, between the hooks `before` and `after`; a hook
 * can make it wait, fail it with `StoreUnavailable`, or never return, as for a process that died there.
 */
import { INDEX } from '../../lambda/platform/names.ts';
import type { Condition, Item, Key, Table, TransactItem } from '../../lambda/store/table.ts';
import { type Expression, holds } from './expressions.ts';

export interface Hooks {
  before(): Promise<void> | undefined;
  after(): Promise<void> | undefined;
}

const NO_HOOKS: Hooks = { before: () => undefined, after: () => undefined };

type Query = Parameters<Table['query']>[0];
type Partition = Map<string, Item>;

/** All tables of one deployment. */
export class MemoryTables {
  readonly #partitions = new Map<string, Partition>();
  /** Counts the writes that took effect. */
  writes = 0;

  /** The table as one process sees it: its operations pass its own hooks. */
  view(name: string, hooks: Hooks = NO_HOOKS): Table {
    const operation = async <T>(effect: () => T): Promise<T> => {
      await hooks.before();
      const result = effect();
      await hooks.after();
      return result;
    };
    const select = (input: Query) => this.#select(name, input);
    return {
      name,
      get: key => operation(() => this.#get(name, key)),
      async *query(input) {
        yield* await operation(() => select(input));
      },
      count: input => operation(() => select(input).length),
      getAll: keys => operation(() => keys.flatMap(key => this.#get(name, key) ?? [])),
      put: (item, condition) => operation(() => this.#transact([put(name, item, condition)])),
      remove: (key, condition) => operation(() => this.#transact([remove(name, key, condition)])),
      transact: items => operation(() => this.#transact(items)),
    };
  }

  /** Everything that is stored in a table. */
  *items(name: string): Generator<Item> {
    for (const [key, partition] of this.#partitions)
      if (key.startsWith(`${name}/`)) yield* partition.values();
  }

  #get(table: string, { pk, sk }: Key): Item | undefined {
    return this.#partitions.get(`${table}/${pk}`)?.get(sk);
  }

  #transact(items: TransactItem[]): boolean {
    const writes = items.map(writeOf);
    if (new Set(writes.map(({ table, key }) => `${table}/${key.pk}/${key.sk}`)).size < writes.length)
      throw new Error('A transaction may touch each item only once.');
    if (!writes.every(({ table, key, condition }) => !condition || holds(condition, this.#get(table, key))))
      return false;
    for (const { table, key, item } of writes) if (item !== 'as it is') this.#set(table, key, item);
    this.writes++;
    return true;
  }

  #set(table: string, { pk, sk }: Key, item: Item | undefined): void {
    const at = `${table}/${pk}`;
    const partition = this.#partitions.get(at) ?? new Map<string, Item>();
    this.#partitions.set(at, partition);
    if (item) partition.set(sk, Object.freeze(item));
    else partition.delete(sk);
  }

  #select(table: string, input: Query): Item[] {
    const expression = expressionOf(input.KeyConditionExpression ?? '', input);
    const index = input.IndexName ? indexNamed(input.IndexName) : undefined;
    const order = index?.sortKey ?? 'sk';
    const from = index ? this.items(table) : this.#partition(table, input);
    const found = [...from]
      .filter(item => holds(expression, item))
      .sort((a, b) => (String(a[order]) < String(b[order]) ? -1 : 1));
    return index ? found.map(item => projected(item, index)) : found;
  }

  /** The values of every key condition of the product name the partition first. */
  #partition(table: string, { ExpressionAttributeValues: values = {} }: Query): Iterable<Item> {
    const pk = Object.values(values)[0];
    return this.#partitions.get(`${table}/${pk}`)?.values() ?? [];
  }
}

type Index = (typeof INDEX)[keyof typeof INDEX];

function indexNamed(name: string): Index {
  const index = Object.values(INDEX).find(one => one.name === name);
  if (!index) throw new Error(`The table in memory has no index "${name}".`);
  return index;
}

function projected(item: Item, index: Index): Item {
  const kept = [
    'pk',
    'sk',
    index.partitionKey,
    index.sortKey,
    ...('projects' in index ? index.projects : []),
  ];
  return Object.fromEntries(kept.filter(field => field in item).map(field => [field, item[field]])) as Item;
}

interface Write {
  table: string;
  key: Key;
  item: Item | 'as it is' | undefined;
  condition: Expression | undefined;
}

const put = (TableName: string, Item: Item, condition?: Condition): TransactItem => ({
  Put: { TableName, Item, ...condition },
});

const remove = (TableName: string, Key: Key, condition?: Condition): TransactItem => ({
  Delete: { TableName, Key, ...condition },
});

function writeOf({ Put, Delete, ConditionCheck }: TransactItem): Write {
  const request = Put ?? Delete ?? ConditionCheck;
  if (!request?.TableName) throw new Error('The table in memory knows only Put, Delete and ConditionCheck.');
  const key = (Put?.Item ?? Delete?.Key ?? ConditionCheck?.Key) as Key;
  const { ConditionExpression: text } = request;
  return {
    table: request.TableName,
    key,
    item: ConditionCheck ? 'as it is' : Put && defined(Put.Item as Item),
    condition: text === undefined ? undefined : expressionOf(text, request),
  };
}

function expressionOf(
  text: string,
  given: Pick<Query, 'ExpressionAttributeNames' | 'ExpressionAttributeValues'>,
): Expression {
  return { text, names: given.ExpressionAttributeNames ?? {}, values: given.ExpressionAttributeValues ?? {} };
}

/** What is undefined is not stored. */
const defined = (item: Item): Item =>
  Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined)) as Item;
