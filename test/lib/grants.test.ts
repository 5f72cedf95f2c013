import { expect, test } from 'vitest';
import { functionNamed, ofType, type Synthesized, synthesize, textOf } from './synthesized.ts';

const template = await synthesize();

const ITEMS = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'];
const LOG = ['logs:CreateLogStream OwnLog', 'logs:PutLogEvents OwnLog'];
const READ_KEY = 'secretsmanager:GetSecretValue';
const REPORTS = 'dynamodb:Query Calls/index/by_day';
const CALL_WORK = [
  ...LOG,
  ...ITEMS.flatMap(action => [`${action} Calls`, `${action} Directory`]),
  `${READ_KEY} WebhookKey`,
  `${READ_KEY} Vobiz`,
];
const END_CALLS = [...CALL_WORK, 'dynamodb:DeleteItem Calls', 'lambda:InvokeFunction Tasks'];
const FOLLOW = ['GetItem', 'Query', 'UpdateItem', 'DeleteItem'].map(action => `dynamodb:${action} Frames`);
const CHECK = 'dynamodb:ConditionCheckItem Calls';
const START_SESSION = 'lambda:InvokeFunction Session';
const socket = (method: string) => `execute-api:ManageConnections Socket/stream/${method}/@connections/*`;
const GRANTS: [name: string, grants: string[]][] = [
  ['webhooks', [...END_CALLS, 'dynamodb:PutItem Frames', START_SESSION]],
  [
    'stream',
    [...LOG, 'dynamodb:PutItem Frames', ...FOLLOW, ...['GET', 'POST', 'DELETE'].map(socket), START_SESSION],
  ],
  ['session', [...END_CALLS, CHECK, ...FOLLOW, socket('POST'), START_SESSION, `${READ_KEY} Providers`]],
  ['control', [...END_CALLS, 'dynamodb:DeleteItem Directory', REPORTS]],
  ['sweeper', [...END_CALLS, REPORTS, 'dynamodb:Query Calls/index/live']],
  ['tasks', [...END_CALLS, CHECK, `${READ_KEY} Providers`]],
  ['authorizer', [...LOG, `${READ_KEY} ApiKey`]],
];

test.each(GRANTS)('%s may do exactly what it does', (name, grants) => {
  expect(grantsOf(template, name).sort()).toEqual([...grants].sort());
});

test('no role has a managed policy, which would grant more than anybody reads', () => {
  for (const [, { Properties }] of ofType(template, 'AWS::IAM::Role')) {
    expect(Properties.ManagedPolicyArns).toBeUndefined();
    expect(Properties.Policies).toBeUndefined();
  }
});

/** Every pair of action and resource that a function's role allows, resources by their short names. */
function grantsOf(of: Synthesized, name: string): string[] {
  const [, { Properties }] = functionNamed(of, name);
  const role = textOf(Properties.Role).replace('.Arn', '');
  const policies = ofType(of, 'AWS::IAM::Policy').filter(([, policy]) =>
    policy.Properties.Roles.map(textOf).includes(role),
  );
  const log = textOf(Properties.LoggingConfig.LogGroup);
  return policies
    .flatMap(([, policy]) => policy.Properties.PolicyDocument.Statement)
    .flatMap(({ Effect, Action, Resource, ...rest }) => {
      expect([Effect, rest]).toEqual(['Allow', {}]);
      return [Action]
        .flat()
        .flatMap((action: string) =>
          [Resource].flat().map((resource: unknown) => `${action} ${shortName(textOf(resource), log)}`),
        );
    });
}

/** `TablesCallsB891EF0A.Arn/index/live` is `Calls/index/live`; an unknown resource keeps its whole name. */
function shortName(resource: string, log: string): string {
  if (resource === `${log}.Arn`) return 'OwnLog';
  const socket = /^arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:Streams(Socket)[0-9A-F]{8}/;
  if (socket.test(resource)) return resource.replace(socket, '$1');
  return resource.replace(/^(?:Tables|Secrets|Functions)([A-Z][A-Za-z]*?)[0-9A-F]{8}(?:\.Arn)?/, '$1');
}
