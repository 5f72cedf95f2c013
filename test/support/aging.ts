/** Lets time pass for one call by moving its deadlines, and those of the agents it holds, into the past. */
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { callKey } from '../../lambda/store/calls.ts';
import { agentKey } from '../../lambda/store/directory.ts';
import type { Host } from '../../local/host.ts';
import { testClient } from './dynamo.ts';

const TWO_HOURS_MS = 7_200_000;

interface Aged {
  deadline?: number;
  until?: number;
  offer?: { agents: string[]; expires_at: number };
}

/** As the stack's owner, past every function: two hours from now for all that waits on this call. */
export async function age(product: Host, callId: string): Promise<void> {
  const client = testClient(product.awsEndpoint, 'operator');
  const store = DynamoDBDocumentClient.from(client);
  const change = async (table: string, Key: object, make: (item: Aged) => Aged) => {
    const TableName = product.nameOf('table', table);
    const { Item } = await store.send(new GetCommand({ TableName, Key: { ...Key }, ConsistentRead: true }));
    if (Item) await store.send(new PutCommand({ TableName, Item: make(Item) }));
    return Item as Aged | undefined;
  };
  const call = await change('calls', callKey(callId), older);
  for (const number of call?.offer?.agents ?? []) await change('directory', agentKey(number), older);
  client.destroy();
}

function older(item: Aged): Aged {
  const { deadline, until, offer } = item;
  return {
    ...item,
    ...(deadline !== undefined && { deadline: deadline - TWO_HOURS_MS }),
    ...(until !== undefined && { until: until - TWO_HOURS_MS }),
    ...(offer && { offer: { ...offer, expires_at: offer.expires_at - TWO_HOURS_MS } }),
  };
}
