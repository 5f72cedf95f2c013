/** The product's three tables in memory, and a client for them. Stop it when the tests are done. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { INDEX, TABLE } from '../../lambda/platform/names.ts';
import { startDynamo, type TableDefinition, type TableSpec } from '../../local/dynamodb/index.ts';

const { partitionKey, sortKey, ttl } = TABLE;

export const TABLES = { calls: 'Calls', directory: 'Directory', frames: 'Frames' } as const;

const SPECS: TableSpec[] = [
  {
    name: TABLES.calls,
    partitionKey,
    sortKey,
    ttl,
    indexes: [INDEX.byDay, { ...INDEX.live, projects: [] }],
  },
  { name: TABLES.directory, partitionKey, sortKey, ttl },
];

const FRAMES: TableDefinition = {
  TableName: TABLES.frames,
  KeySchema: [
    { AttributeName: partitionKey, KeyType: 'HASH' },
    { AttributeName: sortKey, KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: partitionKey, AttributeType: 'S' },
    { AttributeName: sortKey, AttributeType: 'N' },
  ],
};

export async function startTestTables() {
  const dynamo = await startDynamo({ tables: SPECS });
  await dynamo.createTable(FRAMES, ttl);
  const client = testClient(dynamo.endpoint);
  const stop = async () => {
    client.destroy();
    await dynamo.stop();
  };
  return { ...dynamo, client, tables: TABLES, stop };
}

/** A client of a local endpoint; `caller` is the access key id it signs with. */
export function testClient(endpoint: string, caller = 'test'): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: caller, secretAccessKey: 'local' },
  });
}
