/**
 * The template, read: what there is to run, with every reference resolved. A resource type that would change how
 * the product behaves and that is not run here stops the start, so nothing is left out in silence.
 */
import { join } from 'node:path';
import type { Identity } from '../aws/guard.ts';
import { toStatements } from '../aws/iam.ts';
import type { SecretGenerator } from '../aws/secrets.ts';
import type { TableDefinition } from '../dynamodb/index.ts';
import type { Assembly } from './assembly.ts';
import { type HttpApiModel, readHttpApi } from './http-api.ts';
import { type Addresses, arnOf, createResolver, missing, type Resolved, type Resource } from './resolve.ts';
import { readSocketApi, type SocketApiModel } from './socket-api.ts';

export interface TableModel {
  definition: TableDefinition;
  ttl?: string;
}
export interface SecretModel {
  arn: string;
  value?: string;
  generator?: SecretGenerator;
}
export interface FunctionModel {
  name: string;
  arn: string;
  /** Folder and file of the bundle, and the exported function. */
  file: string;
  export: string;
  environment: Record<string, string>;
  timeoutMs: number;
  identity: Identity;
  /** How a failed asynchronous invocation is repeated. */
  retries: { attempts: number; maxAgeMs: number };
  maxInstances?: number;
}
export interface ScheduleModel {
  name: string;
  everyMs: number;
  targets: { functionName: string; input?: string }[];
}

export interface StackModel {
  tables: TableModel[];
  secrets: SecretModel[];
  functions: FunctionModel[];
  schedules: ScheduleModel[];
  httpApi: HttpApiModel;
  socketApi: SocketApiModel;
}

/** Run here, or read while others are run. */
const USED = [
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::SecretsManager::Secret',
  'AWS::Lambda::Function',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Events::Rule',
  'AWS::IAM::Role',
  'AWS::IAM::Policy',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Stage',
];

/** Of no effect on a laptop: watching, logging, addresses, and who in AWS may call a function. */
const IGNORED =
  /^AWS::(CDK|CloudWatch|Logs|SNS|Route53)::|^AWS::Lambda::Permission$|^AWS::ApiGatewayV2::(Deployment|DomainName|ApiMapping)$/;

/** Reads a synthesized stack. `addresses` are those which its APIs will have. */
export function readStack({ template, folder, assets }: Assembly, addresses: Addresses): StackModel {
  const resolve = createResolver(template, addresses);
  const used = Object.entries(template.Resources).filter(([id, resource]) => isUsed(id, resource));
  const resources = used.map(([id, { Type: type, Properties = {} }]): Resolved => {
    return { id, type, properties: resolve(Properties) as Record<string, unknown> };
  });
  const ofType = (...types: string[]) => resources.filter(({ type }) => types.includes(type));
  return {
    tables: ofType('AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table').map(readTable),
    secrets: ofType('AWS::SecretsManager::Secret').map(readSecret),
    functions: ofType('AWS::Lambda::Function').map(resource => {
      const identity = readIdentity(resource, ofType('AWS::IAM::Role'), ofType('AWS::IAM::Policy'));
      const { S3Key } = resource.properties.Code as { S3Key: string };
      const asset = join(folder, assets.get(S3Key) ?? missing(`asset ${S3Key}`));
      return readFunction(resource, asset, identity, ofType('AWS::Lambda::EventInvokeConfig'));
    }),
    schedules: ofType('AWS::Events::Rule').map(readSchedule),
    httpApi: readHttpApi(resources),
    socketApi: readSocketApi(resources),
  };
}

function isUsed(id: string, { Type }: Resource): boolean {
  if (USED.includes(Type)) return true;
  if (IGNORED.test(Type)) return false;
  throw new Error(
    `The template has ${id} of type ${Type}, which the local host cannot run. ` +
      'Teach it in local/template/model.ts: run it, or list it among the types of no effect on a laptop.',
  );
}

function readTable({ id, properties }: Resolved): TableModel {
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes } =
    properties as unknown as TableDefinition;
  const ttl = properties.TimeToLiveSpecification as { AttributeName?: string; Enabled: boolean } | undefined;
  const definition = {
    TableName: id,
    KeySchema,
    AttributeDefinitions,
    ...(GlobalSecondaryIndexes && {
      GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(index => ({
        IndexName: index.IndexName,
        KeySchema: index.KeySchema,
        Projection: index.Projection,
      })),
    }),
  };
  return { definition, ...(ttl?.Enabled && { ttl: ttl.AttributeName }) };
}

function readSecret({ id, type, properties }: Resolved): SecretModel {
  const value = properties.SecretString as string | undefined;
  const generator = properties.GenerateSecretString as SecretGenerator | undefined;
  return { arn: arnOf(type, id), ...(value !== undefined && { value }), ...(generator && { generator }) };
}

function readFunction(
  { id, type, properties }: Resolved,
  asset: string,
  identity: Identity,
  invokeConfigs: Resolved[],
): FunctionModel {
  const { Variables = {} } = (properties.Environment ?? {}) as { Variables?: Record<string, unknown> };
  const [file = 'index', exported = 'handler'] = String(properties.Handler).split('.');
  const retry = invokeConfigs.find(config => config.properties.FunctionName === id)?.properties ?? {};
  const reserved = properties.ReservedConcurrentExecutions as number | undefined;
  return {
    name: id,
    arn: arnOf(type, id),
    file: join(asset, `${file}.mjs`),
    export: exported,
    environment: Object.fromEntries(Object.entries(Variables).map(([name, value]) => [name, String(value)])),
    timeoutMs: Number(properties.Timeout ?? 3) * 1000,
    identity,
    retries: {
      attempts: Number(retry.MaximumRetryAttempts ?? 2),
      maxAgeMs: Number(retry.MaximumEventAgeInSeconds ?? 21_600) * 1000,
    },
    ...(reserved !== undefined && { maxInstances: reserved }),
  };
}

/** The statements of a function's role: inline ones and those of the policies attached to the role. */
function readIdentity(fn: Resolved, roles: Resolved[], policies: Resolved[]): Identity {
  const role =
    roles.find(({ id, type }) => arnOf(type, id) === fn.properties.Role) ?? missing(`role of ${fn.id}`);
  const inline = (role.properties.Policies ?? []) as { PolicyDocument: unknown }[];
  const attached = policies.filter(({ properties }) =>
    (properties.Roles as string[] | undefined)?.includes(role.id),
  );
  const documents = [...inline, ...attached.map(policy => policy.properties as { PolicyDocument: unknown })];
  return {
    role: role.id,
    statements: documents.flatMap(({ PolicyDocument }) => toStatements(PolicyDocument)),
  };
}

const UNIT_MS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

function readSchedule({ id, properties }: Resolved): ScheduleModel {
  const expression = String(properties.ScheduleExpression);
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const unitMs = UNIT_MS[unit];
  if (!unitMs)
    throw new Error(`The rule ${id} has the schedule ${expression}; the local host knows rate(...) only.`);
  const targets = properties.Targets as { Arn: string; Input?: string }[];
  return {
    name: id,
    everyMs: Number(count) * unitMs,
    targets: targets.map(({ Arn, Input }) => ({
      functionName: Arn.split(':').at(-1) ?? '',
      ...(Input !== undefined && { input: Input }),
    })),
  };
}
