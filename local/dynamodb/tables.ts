/**
 * Tables by declaration: create what is missing, accept what is there with the same keys and indexes, refuse what
 * differs, since the data in it was written by another version.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError } from '../aws/protocol.ts';
import type { KeySchema, SecondaryIndex, Table } from './dynalite.ts';
import type { Engine } from './engine.ts';

/** A table as CloudFormation and CreateTable declare it. */
export interface TableDefinition {
  TableName: string;
  KeySchema: KeySchema;
  AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
  GlobalSecondaryIndexes?: SecondaryIndex[];
}

/** A table in short, all keys strings. `projects` of an index: attribute names, or all when absent. */
export interface TableSpec {
  name: string;
  partitionKey: string;
  sortKey?: string;
  ttl?: string;
  indexes?: { name: string; partitionKey: string; sortKey?: string; projects?: readonly string[] }[];
}

/** Creates the table unless it exists; resolves when it can be used. */
export async function ensureTable(engine: Engine, definition: TableDefinition): Promise<void> {
  const name = definition.TableName;
  let table = await lookUp(engine, name);
  if (table?.TableStatus === 'CREATING') {
    // Left behind by a process that was killed right here; nothing can be in it yet.
    await engine.store.db.batch([{ type: 'del', key: `table~${name}` }]);
    table = undefined;
  }
  if (table) return refuseDifference(definition, table);
  await engine.execute('CreateTable', { ...definition, BillingMode: 'PAY_PER_REQUEST' });
  while ((await lookUp(engine, name))?.TableStatus !== 'ACTIVE') await sleep(1);
}

/** The full declaration of a table given in short. */
export function toDefinition(spec: TableSpec): TableDefinition {
  const indexes = spec.indexes ?? [];
  const keys = [spec, ...indexes].flatMap(({ partitionKey, sortKey }) => [
    partitionKey,
    sortKey ?? partitionKey,
  ]);
  return {
    TableName: spec.name,
    KeySchema: keySchema(spec),
    AttributeDefinitions: [...new Set(keys)].map(AttributeName => ({ AttributeName, AttributeType: 'S' })),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map(index => ({
        IndexName: index.name,
        KeySchema: keySchema(index),
        Projection: projection(index.projects),
      })),
    }),
  };
}

function keySchema({ partitionKey, sortKey }: { partitionKey: string; sortKey?: string }): KeySchema {
  const hash = { AttributeName: partitionKey, KeyType: 'HASH' as const };
  return sortKey ? [hash, { AttributeName: sortKey, KeyType: 'RANGE' as const }] : [hash];
}

function projection(projects: readonly string[] | undefined): SecondaryIndex['Projection'] {
  if (!projects) return { ProjectionType: 'ALL' };
  if (projects.length === 0) return { ProjectionType: 'KEYS_ONLY' };
  return { ProjectionType: 'INCLUDE', NonKeyAttributes: [...projects] };
}

async function lookUp(engine: Engine, name: string): Promise<Table | undefined> {
  try {
    return (await engine.execute('DescribeTable', { TableName: name })).Table as Table;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

function refuseDifference(wanted: TableDefinition, existing: Table): void {
  const shape = ({ KeySchema, GlobalSecondaryIndexes = [] }: TableDefinition | Table) =>
    JSON.stringify([
      KeySchema,
      GlobalSecondaryIndexes.map(({ IndexName, KeySchema: keys, Projection }) => [
        IndexName,
        keys,
        Projection.ProjectionType,
        [...(Projection.NonKeyAttributes ?? [])].sort(),
      ]).sort(),
    ]);
  if (shape(wanted) === shape(existing)) return;
  throw new Error(
    `The table ${wanted.TableName} on disk has other keys or indexes than this version declares. ` +
      'Start once with --fresh to forget the old data.',
  );
}
