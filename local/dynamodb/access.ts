/** Which permission on which resource each DynamoDB operation asks for, as IAM names them. */
import { ACCOUNT, AwsError, REGION } from '../aws/protocol.ts';
import type { Input } from './dynalite.ts';

/** One permission that must be allowed before the operation runs. */
export interface Need {
  action: string;
  resource: string;
}

export const tableArn = (name: string) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;

/** The tables that a request names, in order, each once. */
export function tablesOf(operation: string, input: Input): string[] {
  return [...new Set(needsOf(operation, input).map(need => need.resource.split('/')[1] ?? ''))];
}

/** All permissions a request needs. A transaction needs those of each of its actions, not one of its own. */
export function needsOf(operation: string, input: Input): Need[] {
  switch (operation) {
    case 'TransactWriteItems':
    case 'TransactGetItems':
      return transactionNeeds(input);
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.keys((input.RequestItems ?? {}) as object).map(table => need(operation, table));
    case 'ListTables':
      return [{ action: 'dynamodb:ListTables', resource: '*' }];
    default:
      return [need(operation, String(input.TableName), input.IndexName)];
  }
}

const TRANSACTION_ACTIONS: Record<string, string> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
};

function transactionNeeds(input: Input): Need[] {
  const items = (input.TransactItems ?? []) as Record<string, { TableName: string }>[];
  return items.flatMap(item =>
    Object.entries(item).map(([kind, { TableName }]) => {
      const action = TRANSACTION_ACTIONS[kind];
      if (!action) throw new AwsError('ValidationException', `A transaction has no action ${kind}`);
      return need(action, TableName);
    }),
  );
}

function need(operation: string, table: string, index?: unknown): Need {
  const resource = typeof index === 'string' ? `${tableArn(table)}/index/${index}` : tableArn(table);
  return { action: `dynamodb:${operation}`, resource };
}
