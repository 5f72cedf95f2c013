/**
 * A view of the store in which writes stay pending: reads see what is pending, nobody else does. `commit` puts
 * all of it into the store in one LevelDB batch, which is atomic in memory and on disk; a process killed at any
 * point has written everything or nothing, an item never without its index entries.
 */
import type { BatchOperation, Collection, Item, Store } from './dynalite.ts';

/** One item touched by a request: as it was, and, when `written`, as it becomes (absent = deleted). */
export interface Change {
  table: string;
  before?: Item;
  after?: Item;
  written: boolean;
}

export class WriteSet {
  readonly view: Store;
  readonly #store: Store;
  readonly #pending = new Map<string, Item | undefined>();
  readonly #changes = new Map<string, Change>();

  constructor(store: Store) {
    this.#store = store;
    this.view = {
      ...store,
      getItemDb: table => this.#items(table),
      getIndexDb: (kind, table, index) =>
        this.#collection(
          `index-${kind.toLowerCase()}~${table}~${index}~`,
          store.getIndexDb(kind, table, index),
        ),
    };
  }

  /** What the requests so far have touched. */
  get changes(): Change[] {
    return [...this.#changes.values()];
  }

  async commit(): Promise<void> {
    const operations = [...this.#pending].map(
      ([key, value]): BatchOperation =>
        value === undefined ? { type: 'del', key } : { type: 'put', key, value },
    );
    if (operations.length > 0) await this.#store.db.batch(operations);
  }

  #items(table: string): Collection {
    const prefix = `item-${table}~`;
    const collection = this.#collection(prefix, this.#store.getItemDb(table));
    const changeOf = (key: string) => {
      const change = this.#changes.get(prefix + key) ?? { table, written: false };
      this.#changes.set(prefix + key, change);
      return change;
    };
    return {
      ...collection,
      get: (key, done) =>
        collection.get(key, (error, item) => {
          const change = changeOf(key);
          if (!change.written) change.before = item;
          done(error, item);
        }),
      put: (key, item, done) => {
        Object.assign(changeOf(key), { after: item, written: true });
        collection.put(key, item, done);
      },
      del: (key, done) => {
        Object.assign(changeOf(key), { after: undefined, written: true });
        collection.del(key, done);
      },
    };
  }

  #collection(prefix: string, stored: Collection): Collection {
    const keep = (key: string, value: Item | undefined, done: (error: unknown) => void) => {
      this.#pending.set(prefix + key, value);
      setImmediate(done, null);
    };
    return {
      ...stored,
      get: (key, done) =>
        this.#pending.has(prefix + key)
          ? setImmediate(done, null, this.#pending.get(prefix + key))
          : stored.get(key, done),
      put: keep,
      del: (key, done) => keep(key, undefined, done),
    };
  }
}
