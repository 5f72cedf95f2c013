/**
 * The one way in which calls and agents change: a move (`call/transitions.ts`) and all it touches, in one
 * transaction, each item only if it is still as it was read.
 *
 *   dispatch A: reads agent v7, call X v3 ─ commit(agent v7→8, X v3→4) ─ committed
 *   dispatch B: reads agent v7, call Y v5 ─ commit(agent v7→8, Y v5→6) ─ refused: agent is at v8
 *   hangup X:   reads X v3 ─ commit(X v3→4) ─ refused: X is at v4; reads again, releases the agent too
 *
 * So an agent is never promised twice, a call never offered twice, and agent, call and place in line never
 * disagree, whichever process dies where. A refused writer reads again and decides anew.
 */
import type { Call } from '../call/call.ts';
import { inLine } from '../call/transitions.ts';
import type { Agent } from '../queue/agent.ts';
import { openCallback } from './callbacks.ts';
import { aliasItem, toItem, visitItems } from './calls.ts';
import { agentItem } from './directory.ts';
import { lineChange, lineItem, lineKey } from './line.ts';
import { asItWas, isNew, type Table, type TransactItem } from './table.ts';

export interface Change {
  call: { before: Call | undefined; after: Call };
  agents: { before: Agent; after: Agent }[];
  /** A callback that begins with it. */
  born?: Call;
  /** An open callback that changes with it. */
  renewed?: { before: Call; after: Call };
}

export interface Tables {
  calls: Table;
  directory: Table;
  retentionDays: number;
}

/** @returns the call as stored, or undefined when somebody was faster: read again and decide anew */
export async function commit(
  tables: Tables,
  { call, agents, born, renewed }: Change,
): Promise<Call | undefined> {
  const stored = { ...call.after, version: (call.before?.version ?? 0) + 1 };
  const moved = agents.filter(({ before, after }) => before !== after);
  const entry = lineChange(call.before, call.after);
  const item = toItem(stored, tables.retentionDays);
  const besides = [
    ...aliasItem(call.before, stored, tables.retentionDays),
    ...visitItems(call.before, stored, tables.retentionDays),
  ];
  const asRead = asItWas(call.before);
  const callbacks = [
    ...openCallback(tables.calls.name, call.before, stored),
    ...(born ? birth(tables, born) : []),
    ...(renewed ? renewal(tables, renewed) : []),
  ];
  if (moved.length === 0 && entry === 'none' && besides.length === 0 && callbacks.length === 0)
    return (await tables.calls.put(item, asRead)) ? stored : undefined;

  const writes: TransactItem[] = [
    { Put: { TableName: tables.calls.name, Item: item, ...asRead } },
    ...besides.map(Item => ({ Put: { TableName: tables.calls.name, Item } })),
    ...lineWrites(tables.calls.name, call.before, stored, entry),
    ...callbacks,
    ...moved.map(({ before, after }) => ({
      Put: {
        TableName: tables.directory.name,
        Item: agentItem({ ...after, version: before.version + 1 }),
        ...asItWas(before),
      },
    })),
  ];
  return (await tables.calls.transact(writes)) ? stored : undefined;
}

function birth({ calls: { name }, retentionDays }: Tables, born: Call): TransactItem[] {
  return [
    { Put: { TableName: name, Item: toItem({ ...born, version: 1 }, retentionDays), ...isNew } },
    ...lineWrites(name, undefined, born, lineChange(undefined, born)),
    ...openCallback(name, undefined, born),
  ];
}

/** Also when nothing changes in it: it is as it was read, and so still open. */
function renewal({ calls: { name }, retentionDays }: Tables, { before, after }: Required<Change>['renewed']) {
  const stored = { ...after, version: before.version + 1 };
  const hasMoved = inLine(before) && lineKey(before).sk + before.queue !== lineKey(after).sk + after.queue;
  const items: TransactItem[] = [
    { Put: { TableName: name, Item: toItem(stored, retentionDays), ...asItWas(before) } },
  ];
  const moves: TransactItem[] = [
    { Delete: { TableName: name, Key: lineKey(before) } },
    { Put: { TableName: name, Item: lineItem(after) } },
  ];
  return hasMoved ? [...items, ...moves] : items;
}

/** A call that goes back into a flow forgets the place that it leaves. */
function lineWrites(
  TableName: string,
  before: Call | undefined,
  after: Call,
  entry: 'enter' | 'leave' | 'none',
): TransactItem[] {
  if (entry === 'enter') return [{ Put: { TableName, Item: lineItem(after) } }];
  if (entry === 'leave') return [{ Delete: { TableName, Key: lineKey(before ?? after) } }];
  return [];
}
