import {
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startDynamo } from '../../local/dynamodb/index.ts';
import { testClient } from '../support/dynamo.ts';

const TableName = 'Shaky';
let dynamo: Awaited<ReturnType<typeof startDynamo>>;
let client: DynamoDBClient;

beforeAll(async () => {
  dynamo = await startDynamo({ tables: [{ name: TableName, partitionKey: 'pk' }] });
  client = testClient(dynamo.endpoint, 'somebody');
});

afterEach(() => dynamo.faults.clear());

afterAll(async () => {
  client.destroy();
  await dynamo.stop();
});

const REQUEST = { method: 'POST', path: '/', headers: {}, caller: 'test' };
const put = (pk: string) => client.send(new PutItemCommand({ TableName, Item: { pk: { S: pk } } }));
const count = async () => (await client.send(new ScanCommand({ TableName }))).Count ?? 0;

describe('a fault', () => {
  it.each(['throttle', 'error'] as const)('%s is ridden out by the SDK, which tries again', async kind => {
    dynamo.faults.inject({ operation: 'PutItem' }, { kind });
    await expect(put(kind)).resolves.toBeDefined();
  });

  it('that lasts reaches the caller', async () => {
    dynamo.faults.inject({ operation: 'PutItem', times: 9 }, { kind: 'error' });
    await expect(put('in vain')).rejects.toMatchObject({ name: 'InternalServerError' });
  });

  it('strikes only whom it is meant for', async () => {
    dynamo.faults.inject({ caller: 'nobody' }, { kind: 'error' });
    dynamo.faults.inject({ table: 'Elsewhere' }, { kind: 'error' });
    const before = await count();
    await put('spared');
    expect(await count()).toBe(before + 1);
  });

  it('lost_reply carries the write out, and a transaction that is sent again is not done twice', async () => {
    dynamo.faults.inject({ operation: 'TransactWriteItems' }, { kind: 'lost_reply' });
    const Item = { pk: { S: 'once' } };
    const TransactItems = [{ Put: { TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' } }];
    await expect(client.send(new TransactWriteItemsCommand({ TransactItems }))).resolves.toBeDefined();
  });

  it('conflict cancels a transaction for another one', async () => {
    dynamo.faults.inject({ operation: 'TransactWriteItems', times: 9 }, { kind: 'conflict' });
    const TransactItems = [{ Put: { TableName, Item: { pk: { S: 'contested' } } } }];
    await expect(client.send(new TransactWriteItemsCommand({ TransactItems }))).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'TransactionConflict' }],
    });
  });

  it('delay holds the answer back', async () => {
    dynamo.faults.inject({ operation: 'PutItem' }, { kind: 'delay', milliseconds: 60 });
    const started = performance.now();
    await put('late');
    expect(performance.now() - started).toBeGreaterThan(55);
  });

  it('crash comes after exactly as many writes as asked for, and nothing is done after it', async () => {
    const doomed = await startDynamo({ tables: [{ name: TableName, partitionKey: 'pk' }] });
    const write = (pk: string) => {
      const body = Buffer.from(JSON.stringify({ TableName, Item: { pk: { S: pk } } }));
      return doomed.handle({ ...REQUEST, target: 'DynamoDB_20120810.PutItem', body });
    };
    let crashes = 0;
    doomed.faults.crashAfter(3, () => {
      crashes += 1;
    });
    const writes = await Promise.allSettled(['1', '2', '3', '4', '5'].map(write));
    expect(writes.map(({ status }) => status === 'fulfilled')).toEqual([true, true, false, false, false]);
    expect(crashes).toBe(1);
    expect(doomed.capacity().write).toBe(3);
    await doomed.stop();
  });
});
