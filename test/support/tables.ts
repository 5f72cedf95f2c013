/** What the tables of a running product hold, read and mended past the product by the operator. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Host } from '../../local/host.ts';

type Item = Record<string, unknown>;

/** Every item of both tables, in one order, whatever kind it is. */
export async function everything(product: Host): Promise<Item[]> {
  return asOperator(product, async client => {
    const items: Item[] = [];
    for (const name of ['Calls', 'Directory']) {
      const TableName = product.nameOf('table', name);
      for await (const page of paginateScan({ client }, { TableName, ConsistentRead: true }))
        items.push(...(page.Items ?? []));
    }
    return items.sort((a, b) => (`${a.pk} ${a.sk}` < `${b.pk} ${b.sk}` ? -1 : 1));
  });
}

/** Makes the product believe that a call has not been heard of for longer than it may be silent. */
export async function letDeadlinePass(product: Host, call: string): Promise<void> {
  await asOperator(product, client =>
    client.send(
      new UpdateCommand({
        TableName: product.nameOf('table', 'Calls'),
        Key: { pk: `CALL#${call}`, sk: 'CALL' },
        UpdateExpression: 'SET deadline = :past',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':past': Date.now() - 1000 },
      }),
    ),
  );
}

async function asOperator<T>(
  product: Host,
  work: (client: DynamoDBDocumentClient) => Promise<T>,
): Promise<T> {
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'of-the-tests' };
  const plain = new DynamoDBClient({ endpoint: product.awsEndpoint, region: 'us-east-1', credentials });
  try {
    return await work(DynamoDBDocumentClient.from(plain));
  } finally {
    plain.destroy();
  }
}
