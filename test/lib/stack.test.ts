import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { INDEX } from '../../lambda/platform/names.ts';
import { CONTROL_ROUTES, OPEN_ROUTES, WEBHOOK_PATHS } from '../../lambda/platform/routes.ts';
import { createApp } from '../../lib/app.ts';
import { FUNCTION_NAMES } from '../../lib/settings.ts';
import { functionNamed, ofType, synthesize, textOf } from './synthesized.ts';

const template = synthesize();
const everything = synthesize({
  deletionProtection: 'false',
  alarmEmail: 'duty@example.com',
  domainName: 'calls.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0b1c',
  hostedZoneId: 'Z0123456789ABC',
  reservedConcurrency: 'webhooks=100,tasks=5',
  logRetentionDays: '7',
  throttleRate: '50',
  throttleBurst: '80',
  HOLD_WAIT_SECS: '30',
  AGENT_NUMBER: '+911171366880',
});

describe('routes', () => {
  const routes = ofType(template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
    const integration = textOf(Properties.Target).replace('integrations/', '');
    return {
      key: Properties.RouteKey as string,
      authorization: Properties.AuthorizationType as string,
      target: textOf(template.resources[integration]?.Properties.IntegrationUri),
    };
  });
  const arn = (name: string) => `${functionNamed(template, name)[0]}.Arn`;
  const expected = [
    ...WEBHOOK_PATHS.flatMap(path => [`GET ${path}`, `POST ${path}`]).map(key => [
      key,
      'NONE',
      arn('webhooks'),
    ]),
    ...CONTROL_ROUTES.map(key => [key, 'CUSTOM', arn('control')]),
    ...OPEN_ROUTES.map(key => [key, 'NONE', arn('control')]),
    ['$default', 'NONE', arn('webhooks')],
  ];

  test.each(expected)('%s has authorization %s and its function', (key, authorization, target) => {
    expect(routes).toContainEqual({ key, authorization, target });
  });

  test('there are no others', () => {
    expect(routes.map(route => route.key).sort()).toEqual(expected.map(([key]) => key).sort());
  });

  test('the authorizer gets payload 2.0, answers simply, and is not asked without the header', () => {
    const [[, authorizer] = []] = ofType(template, 'AWS::ApiGatewayV2::Authorizer');
    expect(authorizer?.Properties).toMatchObject({
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization'],
      AuthorizerResultTtlInSeconds: 60,
    });
  });

  test('functions get payload 2.0', () => {
    for (const [, { Properties }] of ofType(template, 'AWS::ApiGatewayV2::Integration')) {
      expect(Properties.PayloadFormatVersion).toBe('2.0');
    }
  });

  test('the access log holds neither path nor query, where numbers and keys are', () => {
    const [[, stage] = []] = ofType(template, 'AWS::ApiGatewayV2::Stage');
    const fields = Object.values(JSON.parse(stage?.Properties.AccessLogSettings.Format)) as string[];
    expect(fields).toContain('$context.routeKey');
    for (const field of fields) expect(field).not.toMatch(/path|query|protocol|header/i);
  });

  test('the stage is throttled as set', () => {
    const limits = [template, everything].map(one => {
      const [[, stage] = []] = ofType(one, 'AWS::ApiGatewayV2::Stage');
      return stage?.Properties.DefaultRouteSettings;
    });
    expect(limits).toEqual([
      { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
      { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 80 },
    ]);
  });
});

describe('tables', () => {
  const tables = ofType(template, 'AWS::DynamoDB::GlobalTable');

  test('there are two: on demand, expiring by ttl, recoverable, protected, surviving the stack', () => {
    expect(tables).toHaveLength(2);
    for (const [, table] of tables) {
      expect(table.DeletionPolicy).toBe('Retain');
      expect(table.Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        Replicas: [
          {
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          },
        ],
      });
    }
    expect(template.terminationProtection).toBe(true);
  });

  test('a stack without deletion protection leaves nothing behind', () => {
    for (const [, table] of ofType(everything, 'AWS::DynamoDB::GlobalTable')) {
      expect(table.DeletionPolicy).toBe('Delete');
      expect(table.Properties.Replicas[0].DeletionProtectionEnabled).toBe(false);
    }
    expect(everything.terminationProtection).toBe(false);
  });

  test('the reports index carries what the metrics need, the live index keys only', () => {
    const indexes = tables.flatMap(([, { Properties }]) => Properties.GlobalSecondaryIndexes ?? []);
    expect(indexes).toMatchObject([
      {
        IndexName: 'by_day',
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: INDEX.byDay.projects },
      },
      { IndexName: 'live', Projection: { ProjectionType: 'KEYS_ONLY' } },
    ]);
  });
});

describe('functions', () => {
  test.each(FUNCTION_NAMES)('%s runs the newest Node on ARM and logs JSON to a group that forgets', name => {
    const [, { Properties }] = functionNamed(template, name);
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN', ApplicationLogLevel: 'INFO' },
    });
    const group = template.resources[textOf(Properties.LoggingConfig.LogGroup)];
    expect(group?.Properties.RetentionInDays).toBe(30);
  });

  test('every log group keeps what the setting says', () => {
    for (const [, { Properties }] of ofType(everything, 'AWS::Logs::LogGroup')) {
      expect(Properties.RetentionInDays).toBe(7);
    }
  });

  test.each([
    ['webhooks', 10],
    ['control', 10],
    ['authorizer', 5],
    ['sweeper', 60],
    ['tasks', 900],
  ])('%s may run for %i seconds', (name, seconds) => {
    expect(functionNamed(template, name)[1].Properties.Timeout).toBe(seconds);
  });

  const work = ['CALLS_TABLE', 'DIRECTORY_TABLE', 'PUBLIC_URL', 'VOBIZ_SECRET', 'WEBHOOK_KEY_SECRET'];
  test.each([
    ['webhooks', ['TASKS_FUNCTION', ...work]],
    ['control', work],
    ['sweeper', ['TASKS_FUNCTION', ...work]],
    ['tasks', work],
    ['authorizer', ['API_KEY_SECRET']],
  ])('%s knows the names of what it uses, and no more', (name, variables) => {
    const environment = functionNamed(template, name)[1].Properties.Environment.Variables;
    expect(Object.keys(environment).sort()).toEqual([...variables].sort());
  });

  test('settings reach the functions that act on calls, and the authorizer learns none', () => {
    const settings = (name: string) => functionNamed(everything, name)[1].Properties.Environment.Variables;
    for (const name of ['webhooks', 'control', 'sweeper', 'tasks']) {
      expect(settings(name)).toMatchObject({ HOLD_WAIT_SECS: '30', AGENT_NUMBER: '+911171366880' });
    }
    expect(settings('authorizer')).not.toHaveProperty('HOLD_WAIT_SECS');
  });

  test('the public address is the API, or the domain, or what PUBLIC_URL says', () => {
    const address = (of: typeof template) =>
      textOf(functionNamed(of, 'webhooks')[1].Properties.Environment.Variables.PUBLIC_URL);
    const [[api] = []] = ofType(template, 'AWS::ApiGatewayV2::Api');
    expect(address(template)).toBe(`${api}.ApiEndpoint`);
    expect(address(everything)).toBe('https://calls.example.com');
    expect(address(synthesize({ PUBLIC_URL: 'https://tunnel.example/' }))).toBe('https://tunnel.example');
  });

  test('concurrency is reserved where asked for', () => {
    const reserved = FUNCTION_NAMES.map(
      name => functionNamed(everything, name)[1].Properties.ReservedConcurrentExecutions,
    );
    expect(reserved).toEqual([100, undefined, undefined, undefined, 5]);
  });

  test('tasks are tried three times within an hour, sweeps once', () => {
    const configs = ofType(template, 'AWS::Lambda::EventInvokeConfig').map(([, { Properties }]) => ({
      of: textOf(Properties.FunctionName),
      retries: Properties.MaximumRetryAttempts,
      age: Properties.MaximumEventAgeInSeconds,
    }));
    expect(configs).toEqual(
      expect.arrayContaining([
        { of: functionNamed(template, 'tasks')[0], retries: 2, age: 3600 },
        { of: functionNamed(template, 'sweeper')[0], retries: 0, age: 60 },
      ]),
    );
  });

  test('the sweeper runs every minute', () => {
    const [[, rule] = []] = ofType(template, 'AWS::Events::Rule');
    expect(rule?.Properties.ScheduleExpression).toBe('rate(1 minute)');
    expect(textOf(rule?.Properties.Targets[0].Arn)).toBe(`${functionNamed(template, 'sweeper')[0]}.Arn`);
  });
});

describe('the template as a whole', () => {
  test('cdk-nag stops a synthesis that it objects to, so that all of the above passed it', () => {
    const app = createApp({ context: { 'aws:cdk:bundling-stacks': [] } });
    new Topic(app.node.findChild('Switchboard'), 'ForEverybody');
    expect(() => app.synth()).toThrow(/AwsSolutions-SNS3/);
  });

  test('a domain name gets its certificate, mapping and DNS record', () => {
    const [[, domain] = []] = ofType(everything, 'AWS::ApiGatewayV2::DomainName');
    expect(domain?.Properties.DomainName).toBe('calls.example.com');
    expect(ofType(everything, 'AWS::ApiGatewayV2::ApiMapping')).toHaveLength(1);
    const [[, record] = []] = ofType(everything, 'AWS::Route53::RecordSet');
    expect(record?.Properties).toMatchObject({ Name: 'calls.example.com.', HostedZoneId: 'Z0123456789ABC' });
  });

  test('no secret has a value in it', () => {
    const values = ofType(template, 'AWS::SecretsManager::Secret').map(([, { Properties }]) => Properties);
    expect(values).toHaveLength(3);
    for (const { SecretString, GenerateSecretString } of values) {
      if (GenerateSecretString) expect(GenerateSecretString.SecretStringTemplate).toBe('{}');
      else expect(JSON.parse(SecretString)).toEqual({ VOBIZ_AUTH_ID: '', VOBIZ_AUTH_TOKEN: '' });
    }
    expect(template.text).not.toContain('{{resolve:');
  });

  test('every function can be called by the one who calls it, and by nobody else', () => {
    const principals = ofType(template, 'AWS::Lambda::Permission').map(
      ([, { Properties }]) => `${textOf(Properties.FunctionName)} ${Properties.Principal}`,
    );
    const arn = (name: string) => `${functionNamed(template, name)[0]}.Arn`;
    expect(principals.sort()).toEqual(
      [
        `${arn('authorizer')} apigateway.amazonaws.com`,
        `${arn('control')} apigateway.amazonaws.com`,
        `${arn('webhooks')} apigateway.amazonaws.com`,
        `${arn('sweeper')} events.amazonaws.com`,
      ].sort(),
    );
  });
});
