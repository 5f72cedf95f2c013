/** Calls of the management API on the sockets of the media streams: `GET` looks, `POST` sends, `DELETE` closes. */
import { type CfnElement, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { HandlerFunction } from './handler-function.ts';
import type { StreamApi } from './stream-api.ts';

const ANY_SOCKET =
  'A socket gets its id from API Gateway when it connects: the grant names API, stage and methods, and any id.';

export function letManageConnections(
  { ownRole }: HandlerFunction,
  { socket, stage }: StreamApi,
  ...methods: ('GET' | 'POST' | 'DELETE')[]
): void {
  const stack = Stack.of(stage);
  const sockets = methods.map(method => `${stage.stageName}/${method}/@connections/*`);
  const arn = (resourceName: string) =>
    stack.formatArn({ service: 'execute-api', resource: socket.apiId, resourceName });
  ownRole.addToPolicy(
    new PolicyStatement({ actions: ['execute-api:ManageConnections'], resources: sockets.map(arn) }),
  );
  for (const resource of sockets) {
    const named = `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${logicalId(socket)}>/${resource}`;
    Validations.of(ownRole).acknowledge({ id: `AwsSolutions-IAM5[Resource::${named}]`, reason: ANY_SOCKET });
  }
}

const logicalId = ({ node, stack }: StreamApi['socket']) =>
  stack.getLogicalId(node.defaultChild as CfnElement);
