/**
 * Consumed capacity by DynamoDB's published rules.
 *
 * - Write: 1 unit per started KB of the larger of the item before and after; at least 1, also for a failed
 *   condition or a delete of nothing. In a transaction twice that, condition checks included.
 * - Global index, on top, never doubled: nothing when the projected entry stays as it is; 1 unit per started KB of
 *   the entry written or removed; a changed index key is a removal and a write.
 * - Read: 1 unit per started 4 KB, half when eventually consistent, twice in a transaction. A query adds up the
 *   sizes of all items read before filters; at least one unit (or half) even when nothing matches.
 *
 * Sizes are dynalite's (attribute names plus values); strings count as UTF-16 units, so text outside ASCII counts
 * a little low. A cancelled transaction is counted in full.
 */
import { type Item, type Output, type SecondaryIndex, storage, type Table } from './dynalite.ts';
import type { Change } from './write-set.ts';

const KB = 1024;

/** Running totals in write and read request units. */
export interface Capacity {
  read: number;
  write: number;
}

/** Write units of one touched item. */
export function writeUnits(table: Table, change: Change, transactional: boolean): number {
  const larger = Math.max(sizeOf(change.before), change.written ? sizeOf(change.after) : 0);
  const base = units(larger, KB) * (transactional ? 2 : 1);
  if (!change.written) return base;
  return (table.GlobalSecondaryIndexes ?? []).reduce(
    (sum, index) => sum + indexUnits(table, index, change),
    base,
  );
}

/** Read units of one item that was looked up by its key. */
export function readUnits(
  item: Item | undefined,
  consistency: 'eventual' | 'strong' | 'transaction',
): number {
  const factor = { eventual: 0.5, strong: 1, transaction: 2 }[consistency];
  return units(sizeOf(item), 4 * KB) * factor;
}

/** Read units of a reply of dynalite that was asked for its consumed capacity. */
export function reportedUnits(output: Output, minimum: number): number {
  interface Report {
    CapacityUnits: number;
  }
  const report = output.ConsumedCapacity as Report | Report[] | undefined;
  if (Array.isArray(report)) return report.reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
  return Math.max(report?.CapacityUnits ?? 0, minimum);
}

function indexUnits(table: Table, index: SecondaryIndex, change: Change): number {
  const before = project(table, index, change.before);
  const after = project(table, index, change.after);
  if (JSON.stringify(before) === JSON.stringify(after)) return 0;
  if (before && after && sameKey(index, before, after)) {
    return units(Math.max(sizeOf(before), sizeOf(after)), KB);
  }
  return [before, after].reduce((sum, entry) => sum + (entry ? units(sizeOf(entry), KB) : 0), 0);
}

/** The index entry of an item, in a fixed order of attributes; none when an index key is missing. */
function project(table: Table, index: SecondaryIndex, item?: Item): Item | undefined {
  const keys = index.KeySchema.map(key => key.AttributeName);
  if (!item || keys.some(key => item[key] === undefined)) return undefined;
  const all = index.Projection.ProjectionType === 'ALL';
  const projected = new Set([
    ...keys,
    ...table.KeySchema.map(key => key.AttributeName),
    ...(index.Projection.NonKeyAttributes ?? []),
  ]);
  const entries = Object.entries(item).filter(([name]) => all || projected.has(name));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const sameKey = (index: SecondaryIndex, a: Item, b: Item) =>
  index.KeySchema.every(key => JSON.stringify(a[key.AttributeName]) === JSON.stringify(b[key.AttributeName]));

const sizeOf = (item: Item | undefined) => (item ? storage.itemSize(item) : 0);
const units = (size: number, unit: number) => Math.max(1, Math.ceil(size / unit));
