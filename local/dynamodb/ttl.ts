/**
 * Time to live: which attribute of a table holds the expiry, and the sweep that removes what has expired. AWS
 * deletes some time within days; here nothing is deleted until somebody sweeps, so code that trusts TTL to hide
 * an expired item fails.
 */
import { AwsError } from '../aws/protocol.ts';
import { describe, type Input, type Item, type Output } from './dynalite.ts';
import type { Engine } from './engine.ts';

const settingKey = (table: string) => `ttl~${table}`;

export async function updateTimeToLive(engine: Engine, input: Input): Promise<Output> {
  const table = String(input.TableName);
  await describe(engine.store, table);
  const wanted = input.TimeToLiveSpecification as { AttributeName?: string; Enabled?: boolean } | undefined;
  if (!wanted?.AttributeName || typeof wanted.Enabled !== 'boolean') {
    throw new AwsError('ValidationException', 'TimeToLiveSpecification needs AttributeName and Enabled');
  }
  await engine.store.db.put(settingKey(table), wanted.Enabled ? wanted.AttributeName : '');
  return { TimeToLiveSpecification: wanted };
}

export async function describeTimeToLive(engine: Engine, input: Input): Promise<Output> {
  await describe(engine.store, String(input.TableName));
  const attribute = await attributeOf(engine, String(input.TableName));
  return {
    TimeToLiveDescription: attribute
      ? { TimeToLiveStatus: 'ENABLED', AttributeName: attribute }
      : { TimeToLiveStatus: 'DISABLED' },
  };
}

/** Deletes every expired item of a table; `now` in epoch milliseconds. Returns how many went. */
export async function sweepTable(engine: Engine, table: string, now: number): Promise<number> {
  const attribute = await attributeOf(engine, table);
  if (!attribute) return 0;
  const { KeySchema } = await describe(engine.store, table);
  const isStale = (item: Item) => Number(item[attribute]?.N ?? Number.POSITIVE_INFINITY) <= now / 1000;
  let swept = 0;
  for await (const [, value] of engine.store.db.iterator({
    gte: `item-${table}~`,
    lt: `item-${table}~\xff`,
  })) {
    const item = value as Item;
    if (!isStale(item)) continue;
    const key = Object.fromEntries(
      KeySchema.map(part => [part.AttributeName, item[part.AttributeName] ?? {}]),
    );
    if (await engine.deleteStale(table, key, isStale)) swept += 1;
  }
  return swept;
}

async function attributeOf(engine: Engine, table: string): Promise<string | undefined> {
  const setting = await engine.store.db.get(settingKey(table));
  return typeof setting === 'string' && setting !== '' ? setting : undefined;
}
