/** A flow as a Mermaid flowchart: a node for each action, an arrow for each way on. */
import * as z from 'zod/mini';
import { isRefused } from '../../lambda/flow/action.ts';
import { type Action, isTarget } from '../../lambda/flow/flow.ts';
import { entryOf } from '../../lambda/flow/registry.ts';
import { labelOf, quoted, shaped } from './flow-node.ts';

export function drawing(actions: Action[]): string {
  return ['flowchart TD', '  start(("call")) --> n0', ...partOf(actions, 'n').map(line => `  ${line}`)].join(
    '\n',
  );
}

/** @param prefix of the names of its nodes */
function partOf(actions: Action[], prefix: string): string[] {
  const nodeOf = (id: string) => `${prefix}${actions.findIndex(action => action.id === id)}`;
  return actions.flatMap((action, at) => {
    const node = `${prefix}${at}`;
    const next = isTarget(action.next_id) ? nodeOf(action.next_id) : `${prefix}${at + 1}`;
    const isLast = at + 1 === actions.length && !isTarget(action.next_id);
    return [
      shaped(node, action.type, labelOf(action)),
      ...jumpsOf(action).map(([label, id]) => arrow(node, nodeOf(id), label)),
      ...(isTarget(action.on_error_target_id)
        ? [`${node} -. fails .-> ${nodeOf(action.on_error_target_id)}`]
        : []),
      ...(ends(action) || isLast ? [] : [arrow(node, next, onward(action))]),
      ...innerOf(action, node),
    ];
  });
}

/** The actions of a call that it places. */
function innerOf({ option }: Action, node: string): string[] {
  const inner = option?.actions as Action[] | undefined;
  if (!inner?.length) return [];
  const part = partOf(inner, `${node}_`).map(line => `  ${line}`);
  return [`subgraph ${node}_call [the new call]`, ...part, 'end', `${node} -.-> ${node}_0`];
}

/** Labels, and the actions that they lead to. */
function jumpsOf({ type, option = {} }: Action): [string, string][] {
  const entry = entryOf(type);
  if (!entry || isRefused(entry)) return [];
  const targets = entry.targets?.(z.parse(entry.option, option)) ?? {};
  return Object.entries(targets).map(([path, id]) => [labelOfJump(path, option), id]);
}

function labelOfJump(path: string, { loop_count }: Record<string, unknown>): string {
  if (path === 'false_target_id') return 'no';
  if (path === 'default_target_id') return 'else';
  if (path === 'target_id')
    return loop_count === undefined ? '' : `${loop_count} time${loop_count === 1 ? '' : 's'}`;
  return path.replace('target_ids.', '');
}

/** Of the way to the next action. */
function onward({ type }: Action): string {
  if (type === 'branch') return 'else';
  if (type === 'goto') return 'then';
  return type.startsWith('condition_') ? 'yes' : '';
}

function ends({ type, option = {} }: Action): boolean {
  if (type === 'hangup' || type === 'stop') return true;
  if (type === 'goto') return option.loop_count === undefined;
  return type === 'branch' && isTarget(option.default_target_id as string | undefined);
}

const arrow = (from: string, to: string, label: string): string =>
  label === '' ? `${from} --> ${to}` : `${from} -->|${quoted(label)}| ${to}`;
