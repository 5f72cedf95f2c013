/**
 * What a function may do, spelt action by action. CDK's own `grant...` methods allow more than the code calls
 * (scans, streams, descriptions, every version of a function), so none of them is used for data.
 */
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/** Items by key and by partition. */
export const readItems = (...tables: TableV2[]) => items(['GetItem', 'BatchGetItem', 'Query'], tables);

/** One item, and a partition; no batches. */
export const followItems = (...tables: TableV2[]) => items(['GetItem', 'Query'], tables);

/** Whole items, alone or in a transaction, which needs the actions of its parts. */
export const putItems = (...tables: TableV2[]) => items(['PutItem'], tables);

export const updateItems = (...tables: TableV2[]) => items(['UpdateItem'], tables);

export const deleteItems = (...tables: TableV2[]) => items(['DeleteItem'], tables);

/** In a transaction: that an item is as it must be. */
export const checkItems = (...tables: TableV2[]) => items(['ConditionCheckItem'], tables);

function items(actions: string[], tables: TableV2[]): PolicyStatement {
  return new PolicyStatement({
    actions: actions.map(action => `dynamodb:${action}`),
    resources: tables.map(table => table.tableArn),
  });
}

export function queryIndexes(table: TableV2, ...indexes: string[]): PolicyStatement {
  return new PolicyStatement({
    actions: ['dynamodb:Query'],
    resources: indexes.map(index => `${table.tableArn}/index/${index}`),
  });
}

export function readSecrets(...secrets: ISecret[]): PolicyStatement {
  return new PolicyStatement({
    actions: ['secretsmanager:GetSecretValue'],
    resources: secrets.map(secret => secret.secretArn),
  });
}

export function invoke(target: IFunction): PolicyStatement {
  return new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] });
}
