import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamo } from '../../local/dynamodb/index.ts';
import { testClient } from '../support/dynamo.ts';

const TableName = 'Measured';
let dynamo: Awaited<ReturnType<typeof startDynamo>>;
let client: DynamoDBClient;

beforeAll(async () => {
  const index = { name: 'by_day', partitionKey: 'day', projects: ['outcome'] };
  dynamo = await startDynamo({ tables: [{ name: TableName, partitionKey: 'pk', indexes: [index] }] });
  client = testClient(dynamo.endpoint);
});

afterAll(async () => {
  client.destroy();
  await dynamo.stop();
});

const key = (pk: string) => ({ pk: { S: pk } });
const put = (pk: string, rest = {}) =>
  client.send(new PutItemCommand({ TableName, Item: { ...key(pk), ...rest } }));
const update = (pk: string, UpdateExpression: string, values: Record<string, string>) =>
  client.send(
    new UpdateItemCommand({
      TableName,
      Key: key(pk),
      UpdateExpression,
      ExpressionAttributeValues: Object.fromEntries(Object.entries(values).map(([name, S]) => [name, { S }])),
    }),
  );

async function cost(work: () => Promise<unknown>): Promise<{ read: number; write: number }> {
  const before = dynamo.capacity();
  await work();
  const after = dynamo.capacity();
  return { read: after.read - before.read, write: after.write - before.write };
}

const kilobytes = (count: number) => ({ S: 'x'.repeat(count * 1024) });

describe('a write costs', () => {
  it('a unit per started kilobyte', async () => {
    expect(await cost(() => put('small'))).toEqual({ read: 0, write: 1 });
    expect(await cost(() => put('large', { data: kilobytes(2) }))).toEqual({ read: 0, write: 3 });
  });

  it('as much as the larger of the item before and after', async () => {
    await put('shrinks', { data: kilobytes(2) });
    expect((await cost(() => put('shrinks'))).write).toBe(3);
  });

  it('twice as much in a transaction, condition checks included', async () => {
    const check = { TableName, Key: key('small'), ConditionExpression: 'attribute_exists(pk)' };
    const TransactItems = [{ ConditionCheck: check }, { Put: { TableName, Item: key('tx') } }];
    expect((await cost(() => client.send(new TransactWriteItemsCommand({ TransactItems })))).write).toBe(4);
  });

  it('a unit also when its condition fails', async () => {
    const failing = new PutItemCommand({
      TableName,
      Item: key('small'),
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    expect((await cost(() => expect(client.send(failing)).rejects.toThrow())).write).toBe(1);
  });

  it('more for an index when, and only when, what it projects changes', async () => {
    expect((await cost(() => put('indexed', { day: { S: 'mon' }, note: { S: 'a' } }))).write).toBe(2);
    expect((await cost(() => update('indexed', 'SET note = :b', { ':b': 'b' }))).write).toBe(1);
    expect((await cost(() => update('indexed', 'SET outcome = :b', { ':b': 'b' }))).write).toBe(2);
    const UpdateExpression = 'REMOVE #day';
    const ExpressionAttributeNames = { '#day': 'day' };
    const remove = new UpdateItemCommand({
      TableName,
      Key: key('indexed'),
      UpdateExpression,
      ExpressionAttributeNames,
    });
    expect((await cost(() => client.send(remove))).write).toBe(2);
  });

  it('a removal and a write when the index key changes', async () => {
    await put('moves', { day: { S: 'mon' } });
    expect((await cost(() => put('moves', { day: { S: 'tue' } }))).write).toBe(3);
  });
});

describe('a read costs', () => {
  const get = (pk: string, ConsistentRead: boolean) =>
    client.send(new GetItemCommand({ TableName, Key: key(pk), ConsistentRead }));

  it('a unit per started four kilobytes when strong, half when eventual', async () => {
    await put('five', { data: kilobytes(5) });
    expect((await cost(() => get('five', true))).read).toBe(2);
    expect((await cost(() => get('five', false))).read).toBe(1);
    expect((await cost(() => get('nobody', true))).read).toBe(1);
  });

  it('twice as much in a transaction', async () => {
    const TransactItems = [
      { Get: { TableName, Key: key('small') } },
      { Get: { TableName, Key: key('five') } },
    ];
    expect((await cost(() => client.send(new TransactGetItemsCommand({ TransactItems })))).read).toBe(6);
  });

  it('the sum of all items in a query, and the minimum when there are none', async () => {
    const query = (day: string) =>
      client.send(
        new QueryCommand({
          TableName,
          IndexName: 'by_day',
          KeyConditionExpression: '#day = :day',
          ExpressionAttributeNames: { '#day': 'day' },
          ExpressionAttributeValues: { ':day': { S: day } },
        }),
      );
    expect((await cost(() => query('tue'))).read).toBe(0.5);
    expect((await cost(() => query('never'))).read).toBe(0.5);
  });

  it('is told when asked for', async () => {
    const asked = new PutItemCommand({ TableName, Item: key('told'), ReturnConsumedCapacity: 'TOTAL' });
    expect((await client.send(asked)).ConsumedCapacity).toEqual({ TableName, CapacityUnits: 1 });
    expect((await put('untold')).ConsumedCapacity).toBeUndefined();
  });
});
