/**
 * Whether a flow wants to know of machines (`amd`), which the carrier must be told when it places the call: in its own
 * actions, or in those of a flow that it fetches by a name that is known by then.
 */
import type { Dialled } from '../call/flow-run.ts';
import { amd } from '../flow/actions/amd.ts';
import { fetchFlow } from '../flow/actions/fetch_flow.ts';
import type { Action } from '../flow/flow.ts';
import { hasVariable } from '../flow/options.ts';
import type { Context } from './context.ts';
import { flowOf } from './flows.ts';

/** Fetched flows that are looked into, while somebody waits for the call to be placed. */
const MOST = 20;

export async function asksForMachines(context: Context, { id, actions }: Dialled): Promise<boolean> {
  const lists = [actions ?? (await flowOf(context, id ?? ''))?.actions ?? []];
  const names = new Set<string>();
  for (const list of lists) {
    if (list.some(({ type }) => type === amd.type)) return true;
    for (const name of fetchedBy(list)) {
      if (names.has(name) || names.size === MOST) continue;
      names.add(name);
      lists.push((await flowOf(context, name))?.actions ?? []);
    }
  }
  return false;
}

const fetchedBy = (actions: readonly Action[]): string[] =>
  actions
    .filter(({ type }) => type === fetchFlow.type)
    .map(({ option }) => option?.flow_id)
    .filter(name => typeof name === 'string' && !hasVariable(name)) as string[];
