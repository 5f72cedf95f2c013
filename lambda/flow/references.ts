/** What a flow needs that stands elsewhere: other flows, queues, assistants, addresses, settings. */
import * as z from 'zod/mini';
import { isRefused, type Reference } from './action.ts';
import { failsHow } from './begin.ts';
import { type Action, type Flow, isTarget } from './flow.ts';
import { hasVariable } from './options.ts';
import { entryOf } from './registry.ts';

export interface Need extends Reference {
  /** Where its action's failure leads; absent where the flow itself needs it. */
  failure?: 'to_error_target' | 'go_on' | 'fall_back';
  /** Of an action that another call runs, which has no fallback but the usual one. */
  inCall?: true;
}

/** @param flow in which no problems are; what a variable will name is left out */
export function needsOf(flow: Omit<Flow, 'id' | 'version'>): Need[] {
  const { on_complete_flow_id, fallback_flow_id, fallback_queue_id } = flow;
  const own: [Reference['kind'], string, string | undefined][] = [
    ['flow', 'on_complete_flow_id', on_complete_flow_id],
    ['flow', 'fallback_flow_id', fallback_flow_id],
    ['queue', 'fallback_queue_id', fallback_queue_id],
  ];
  return [
    ...needsOfList(flow.actions, 'actions'),
    ...own.flatMap(([kind, path, id]) => (isTarget(id) ? [{ kind, path, id }] : [])),
  ].filter(({ id }) => !hasVariable(id));
}

const needsOfList = (actions: readonly Action[], place: string): Need[] =>
  actions.flatMap((action, at) => needsOfAction(action, `${place}[${at}]`));

function needsOfAction(action: Action, place: string): Need[] {
  const entry = entryOf(action.type);
  if (!entry || isRefused(entry)) return [];
  const { option = {} } = action;
  const failure: Need['failure'] = isTarget(action.on_error_target_id) ? 'to_error_target' : failsHow(action);
  const references = entry.references?.(z.parse(entry.option, option)) ?? [];
  const inner = entry.inner === undefined ? undefined : option[entry.inner];
  return [
    ...references.map(({ kind, path, id }) => ({ kind, path: named(place, path), id, failure })),
    ...needsOfList((inner ?? []) as Action[], `${place}.option.${entry.inner}`).map(
      need => ({ ...need, inCall: true }) as const,
    ),
  ];
}

const named = (place: string, path: string): string =>
  path === '' ? `${place}.type` : `${place}.option.${path}`;
