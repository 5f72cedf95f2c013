/** Flows and versions that a request names, or the problem that says there are none. */
import type { Context } from '../app/context.ts';
import { flowOf } from '../app/flows.ts';
import type { Flow } from '../flow/flow.ts';
import type { FlowHead, SavedFlow } from '../store/flows.ts';
import { flowView } from './flow-view.ts';
import { warningsOf } from './flow-warnings.ts';
import { invalid, notFound } from './problem.ts';

/** @throws a 404 problem for a flow that nobody saved */
export async function knownFlow({ store }: Context, id: string): Promise<FlowHead> {
  const head = await store.flows.head(id);
  if (head) return head;
  throw notFound(`There is no flow "${id}". GET /flows lists them; PUT /flows/${id} saves one.`);
}

/**
 * The published version of a flow, by id or name.
 * @throws a 400 problem for the field `flow` that names none
 */
export async function requireFlow(context: Context, idOrName: string): Promise<Flow> {
  const flow = await flowOf(context, idOrName);
  if (flow) return flow;
  const remedy =
    'GET /flows lists them, PUT /flows/{id} saves one, POST /flows/{id}/publish publishes a draft';
  throw invalid([{ field: 'flow', message: `no flow "${idOrName}" is published; ${remedy}` }]);
}

/** @throws a 404 problem for a version that the flow does not have */
export async function knownVersion({ store }: Context, head: FlowHead, version: number): Promise<SavedFlow> {
  const isOwn = version >= head.first && version <= head.newest;
  const saved = isOwn ? await store.flows.version(head.id, version) : undefined;
  if (saved) return saved;
  throw notFound(
    `The flow "${head.id}" has no version ${version}. GET /flows/${head.id}/versions lists those that it has.`,
  );
}

/** One version, with what it names and is not set up. */
export async function flowAnswer(context: Context, head: FlowHead, version: number) {
  const saved = await knownVersion(context, head, version);
  return flowView(head, saved, await warningsOf(context, saved.flow));
}
