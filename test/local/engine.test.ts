import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamo, type TableSpec } from '../../local/dynamodb/index.ts';
import { testClient } from '../support/dynamo.ts';

const TableName = 'Things';
const SPEC: TableSpec = {
  name: TableName,
  partitionKey: 'pk',
  sortKey: 'sk',
  ttl: 'ttl',
  indexes: [{ name: 'by_colour', partitionKey: 'colour', sortKey: 'sk', projects: ['weight'] }],
};

let dynamo: Awaited<ReturnType<typeof startDynamo>>;
let client: DynamoDBClient;

beforeAll(async () => {
  dynamo = await startDynamo({ tables: [SPEC] });
  client = testClient(dynamo.endpoint);
});

afterAll(async () => {
  client.destroy();
  await dynamo.stop();
});

const key = (pk: string) => ({ pk: { S: pk }, sk: { S: '#' } });
const put = (pk: string, rest = {}): TransactWriteItem => ({
  Put: { TableName, Item: { ...key(pk), ...rest }, ConditionExpression: 'attribute_not_exists(pk)' },
});
const get = async (pk: string) => (await client.send(new GetItemCommand({ TableName, Key: key(pk) }))).Item;
const transact = (TransactItems: TransactWriteItem[], ClientRequestToken?: string) =>
  client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken }));

/** Past the network: ten thousand requests are for the engine, not for sockets. */
const direct = (TransactItems: TransactWriteItem[]) => {
  const body = Buffer.from(JSON.stringify({ TransactItems }));
  const target = 'DynamoDB_20120810.TransactWriteItems';
  return dynamo.handle({ method: 'POST', path: '/', target, headers: {}, body, caller: 'test' });
};

describe('a transaction', () => {
  it('writes all of its actions', async () => {
    await transact([put('all-1'), put('all-2')]);
    expect(await get('all-1')).toEqual(key('all-1'));
    expect(await get('all-2')).toEqual(key('all-2'));
  });

  it('writes nothing when one condition fails and gives the reasons in order, with the item when asked', async () => {
    await transact([put('taken', { owner: { S: 'ann' } })]);
    const again = put('taken');
    const wanted = {
      ...again.Put,
      TableName,
      Item: key('taken'),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    };
    await expect(transact([put('free'), { Put: wanted as TransactWriteItem['Put'] }])).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Item: { ...key('taken'), owner: { S: 'ann' } } },
      ],
    });
    expect(await get('free')).toBeUndefined();
  });

  it('checks a condition without touching the item', async () => {
    await transact([put('guard', { open: { BOOL: true } })]);
    const check = (expected: boolean): TransactWriteItem => ({
      ConditionCheck: {
        TableName,
        Key: key('guard'),
        ConditionExpression: '#open = :open',
        ExpressionAttributeNames: { '#open': 'open' },
        ExpressionAttributeValues: { ':open': { BOOL: expected } },
      },
    });
    await expect(transact([check(false), put('behind-guard')])).rejects.toMatchObject({
      CancellationReasons: [{ Code: 'ConditionalCheckFailed' }, { Code: 'None' }],
    });
    await transact([check(true), put('behind-guard')]);
    expect(await get('guard')).toEqual({ ...key('guard'), open: { BOOL: true } });
  });

  it('refuses two actions on one item', async () => {
    const remove = { Delete: { TableName, Key: key('twice') } };
    await expect(transact([put('twice'), remove])).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('takes 100 actions and refuses 101', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => put(`many-${count}-${i}`));
    await transact(many(100));
    await expect(transact(many(101))).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('is carried out once per client token', async () => {
    const add = (amount: string): TransactWriteItem => ({
      Update: {
        TableName,
        Key: key('counter'),
        UpdateExpression: 'ADD n :n',
        ExpressionAttributeValues: { ':n': { N: amount } },
      },
    });
    await transact([add('1')], 'token-1');
    await transact([add('1')], 'token-1');
    expect((await get('counter'))?.n).toEqual({ N: '1' });
    await expect(transact([add('2')], 'token-1')).rejects.toMatchObject({
      name: 'IdempotentParameterMismatchException',
    });
  });

  it('reads several items at one moment', async () => {
    await transact([put('read-1'), put('read-2')]);
    const TransactItems = ['read-1', 'absent', 'read-2'].map(pk => ({ Get: { TableName, Key: key(pk) } }));
    const { Responses } = await client.send(new TransactGetItemsCommand({ TransactItems }));
    expect(Responses?.map(response => response.Item?.pk?.S)).toEqual(['read-1', undefined, 'read-2']);
  });

  it('is never seen half done', async () => {
    const move = (from: string, to: string): TransactWriteItem[] =>
      [
        [from, '-1'],
        [to, '1'],
      ].map(([pk = '', n = '']) => ({
        Update: {
          TableName,
          Key: key(pk),
          UpdateExpression: 'ADD n :n',
          ExpressionAttributeValues: { ':n': { N: n } },
        },
      }));
    const TransactItems = ['left', 'right'].map(pk => ({ Get: { TableName, Key: key(pk) } }));
    const sum = async () => {
      const { Responses = [] } = await client.send(new TransactGetItemsCommand({ TransactItems }));
      return Responses.reduce((total, { Item }) => total + Number(Item?.n?.N ?? 0), 0);
    };
    const moves = Array.from({ length: 40 }, (_, i) =>
      transact(i % 2 ? move('left', 'right') : move('right', 'left')),
    );
    const sums = await Promise.all(Array.from({ length: 40 }, sum));
    await Promise.all(moves);
    expect(new Set(sums)).toEqual(new Set([0]));
  });
});

describe('a race', () => {
  it('of 50 claims for one agent has exactly one winner, 200 rounds in a row', {
    timeout: 120_000,
  }, async () => {
    for (let round = 0; round < 200; round++) {
      const agent = `agent-${round}`;
      await client.send(
        new PutItemCommand({ TableName, Item: { ...key(agent), state: { S: 'available' } } }),
      );
      const claims = Array.from({ length: 50 }, (_, i) => direct(claim(agent, `${round}-${i}`)));
      const results = await Promise.allSettled(claims);
      expect(results.filter(result => result.status === 'fulfilled')).toHaveLength(1);
      const winner = results.findIndex(result => result.status === 'fulfilled');
      expect((await get(agent))?.held_by).toEqual({ S: `${round}-${winner}` });
    }
  });
});

/** An agent goes from available to reserved, and the call that took the agent is written with it. */
function claim(agent: string, call: string): TransactWriteItem[] {
  return [
    {
      Update: {
        TableName,
        Key: key(agent),
        UpdateExpression: 'SET #s = :reserved, held_by = :call',
        ConditionExpression: '#s = :available',
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: {
          ':reserved': { S: 'reserved' },
          ':available': { S: 'available' },
          ':call': { S: call },
        },
      },
    },
    put(`call-${call}`),
  ];
}

describe('a single write', () => {
  it('returns the item that failed its condition when asked to', async () => {
    await client.send(new PutItemCommand({ TableName, Item: { ...key('single'), n: { N: '1' } } }));
    const update = new UpdateItemCommand({
      TableName,
      Key: key('single'),
      UpdateExpression: 'SET n = :two',
      ConditionExpression: 'n = :two',
      ExpressionAttributeValues: { ':two': { N: '2' } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await expect(client.send(update)).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: { ...key('single'), n: { N: '1' } },
    });
  });

  it('keeps a sparse index in step', async () => {
    const coloured = async () => {
      const query = {
        TableName,
        IndexName: 'by_colour',
        KeyConditionExpression: 'colour = :c',
        ExpressionAttributeValues: { ':c': { S: 'red' } },
      };
      return (await client.send(new QueryCommand(query))).Items;
    };
    await client.send(
      new PutItemCommand({ TableName, Item: { ...key('apple'), colour: { S: 'red' }, taste: { S: 'x' } } }),
    );
    expect(await coloured()).toEqual([{ ...key('apple'), colour: { S: 'red' } }]);
    const UpdateExpression = 'REMOVE colour';
    await client.send(new UpdateItemCommand({ TableName, Key: key('apple'), UpdateExpression }));
    expect(await coloured()).toEqual([]);
  });
});

describe('time to live', () => {
  it('deletes nothing by itself, and what has expired when swept', async () => {
    const at = (seconds: number) => ({ ttl: { N: String(seconds) } });
    await client.send(new PutItemCommand({ TableName, Item: { ...key('old'), ...at(1_000) } }));
    await client.send(new PutItemCommand({ TableName, Item: { ...key('new'), ...at(3_000) } }));
    expect(await get('old')).toBeDefined();
    expect(await dynamo.sweep(2_000_000)).toBe(1);
    expect(await get('old')).toBeUndefined();
    expect(await get('new')).toBeDefined();
  });
});
