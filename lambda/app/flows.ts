/**
 * Stored flows, for calls. A version never changes, so each container keeps the ones that it has read last; only the
 * head, which says what is live, is read each time.
 */
import type { Flow, Flows } from '../flow/flow.ts';
import type { Context } from './context.ts';

const KEPT = 50;

type Cache = Map<string, Flow>;

/** By store, of which a container has one. */
const caches = new WeakMap<object, Cache>();

/** The published version of the flow of that id, else of that name; undefined where nothing is published. */
export async function flowOf(context: Context, idOrName: string): Promise<Flow | undefined> {
  if (idOrName === '') return undefined;
  const { flows } = context.store;
  const head = (await flows.head(idOrName)) ?? (await flows.named(idOrName));
  return head?.published === undefined ? undefined : versionOf(context, head.id, head.published);
}

/** @param names as the state of a flow names them; those that do not exist are missing from the library */
export async function libraryOf(
  context: Context,
  names: readonly { flow: string; version: number }[],
): Promise<Flows> {
  const found = await Promise.all(names.map(({ flow, version }) => versionOf(context, flow, version)));
  const library = new Map(
    found.flatMap(flow => (flow ? [[keyOf(flow.id, flow.version), flow] as const] : [])),
  );
  return (id, version) => library.get(keyOf(id, version));
}

async function versionOf({ store }: Context, id: string, version: number): Promise<Flow | undefined> {
  const cache = cacheOf(store);
  const key = keyOf(id, version);
  const flow = cache.get(key) ?? (await store.flows.version(id, version))?.flow;
  if (flow) keep(cache, key, flow);
  return flow;
}

const keyOf = (id: string, version: number): string => `${version} ${id}`;

function cacheOf(store: object): Cache {
  const cache = caches.get(store) ?? new Map();
  caches.set(store, cache);
  return cache;
}

/** As the one read last; the one not read for longest goes. */
function keep(cache: Cache, key: string, flow: Flow): void {
  cache.delete(key);
  cache.set(key, flow);
  for (const oldest of cache.keys()) {
    if (cache.size <= KEPT) break;
    cache.delete(oldest);
  }
}
