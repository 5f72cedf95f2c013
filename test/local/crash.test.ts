import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DynamoDBClient, PutItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDynamo } from '../../local/dynamodb/index.ts';
import { testClient } from '../support/dynamo.ts';
import { ACCOUNTS } from './fixture/accounts.ts';
import { startFixture } from './fixture/host.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-data-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const TableName = ACCOUNTS.name;

/** Opens the data in the folder, as a restart would, and closes it again. */
async function withData<T>(read: (client: DynamoDBClient) => Promise<T>): Promise<T> {
  const dynamo = await startDynamo({ path: folder, tables: [ACCOUNTS] });
  const client = testClient(dynamo.endpoint);
  try {
    return await read(client);
  } finally {
    client.destroy();
    await dynamo.stop();
  }
}

/** Starts the process that moves money, lets it work for a while, and kills it as `kill -9` does. */
async function moveAndDie(milliseconds: number): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/local/fixture/transfers.ts', folder]);
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', reject);
  });
  child.removeAllListeners('exit');
  const gone = new Promise(resolve => child.once('exit', resolve));
  setTimeout(() => child.kill('SIGKILL'), milliseconds);
  await gone;
}

describe('a process that is killed while it writes', () => {
  it('leaves no transaction half done and no index out of step', { timeout: 60_000 }, async () => {
    for (const milliseconds of [0, 7, 40]) {
      await moveAndDie(milliseconds);
      await withData(async client => {
        const { Items = [] } = await client.send(new ScanCommand({ TableName }));
        expect(Items).toHaveLength(10);
        expect(Items.reduce((sum, { amount }) => sum + Number(amount?.N), 0)).toBe(0);
        const { Items: indexed = [] } = await client.send(
          new QueryCommand({
            TableName,
            IndexName: 'by_bank',
            KeyConditionExpression: 'bank = :bank',
            ExpressionAttributeValues: { ':bank': { S: 'one' } },
          }),
        );
        const sorted = Items.sort((a, b) => ((a.pk?.S ?? '') < (b.pk?.S ?? '') ? -1 : 1));
        expect(indexed).toEqual(sorted);
      });
    }
  });
});

describe('data on disk', () => {
  it('is there after a restart', async () => {
    await withData(client => client.send(new PutItemCommand({ TableName, Item: { pk: { S: 'kept' } } })));
    const { Count } = await withData(client => client.send(new ScanCommand({ TableName })));
    expect(Count).toBe(1);
  });

  it('cannot be opened twice at a time, and says so', async () => {
    await withData(async () => {
      await expect(startDynamo({ path: folder })).rejects.toThrow(/another Switchboard is running on it/);
    });
  });

  it('of another version of the tables is refused', async () => {
    await withData(async () => undefined);
    const changed = { ...ACCOUNTS, indexes: [] };
    await expect(startDynamo({ path: folder, tables: [changed] })).rejects.toThrow(/--fresh/);
  });
});

describe('a host that dies right after a write', () => {
  it('has the write, and its secrets, when it is started again', { timeout: 60_000 }, async () => {
    const first = await startFixture({ dataDir: folder });
    const password = first.secret('password');
    const died = new Promise<void>(resolve => {
      first.faults.crashAfter(1, () => void first.kill().then(resolve));
    });
    await expect(first.invoke('worker', { do: 'put', id: 'last words' })).rejects.toThrow();
    await died;

    const second = await startFixture({ dataDir: folder });
    expect(await second.invoke('worker', { do: 'get', id: 'last words' })).toMatchObject({
      colour: { S: 'red' },
    });
    expect(second.secret('password')).toBe(password);
    await second.stop();
  });
});
