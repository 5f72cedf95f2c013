/**
 * The store under test: on the local engine, or on real tables when `SWITCHBOARD_TEST_TABLES` names them
 * (`calls,directory`, made by a deployment that may be thrown away), with the AWS credentials of the shell.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { store } from '../../lambda/store/store.ts';
import { table } from '../../lambda/store/table.ts';
import { startTestTables } from '../support/dynamo.ts';

export async function openStore() {
  const real = process.env.SWITCHBOARD_TEST_TABLES?.split(',');
  const local = real ? undefined : await startTestTables();
  const client = local?.client ?? new DynamoDBClient({});
  const [callsName, directoryName] = real ?? [local?.tables.calls, local?.tables.directory];
  if (!callsName || !directoryName)
    throw new Error('SWITCHBOARD_TEST_TABLES must name two tables: calls,directory');
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return {
    ...store({
      calls: table(documents, callsName),
      directory: table(documents, directoryName),
      retentionDays: 1,
    }),
    faults: local?.faults,
    stop: async () => (local ? local.stop() : client.destroy()),
  };
}
