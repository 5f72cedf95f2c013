import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { INDEX } from '../../lambda/platform/names.ts';
import { CONTROL_ROUTES, OPEN_ROUTES, STREAM_ROUTES, WEBHOOK_PATHS } from '../../lambda/platform/routes.ts';
import { FUNCTION_NAMES } from '../../lib/settings.ts';
import { functionNamed, ofType, type Resource, type Synthesized, synthesize, textOf } from './synthesized.ts';

const template = await synthesize();
const everything = await synthesize({
  deletionProtection: 'false',
  alarmEmail: 'duty@example.com',
  domainName: 'calls.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0b1c',
  hostedZoneId: 'Z0123456789ABC',
  reservedConcurrency: 'webhooks=100,tasks=5',
  logRetentionDays: '7',
  throttleRate: '50',
  throttleBurst: '80',
  streamUrl: 'wss://ws.example.com',
  streamAccessLog: 'true',
  streamThrottleRate: '250',
  streamThrottleBurst: '100',
  HOLD_WAIT_SECS: '30',
  AGENT_NUMBER: '+911171366880',
});

/** Resources of API Gateway that belong to the API of this protocol. */
function ofApi(of: Synthesized, protocol: 'HTTP' | 'WEBSOCKET', type: string): [string, Resource][] {
  const [id] =
    ofType(of, 'AWS::ApiGatewayV2::Api').find(([, api]) => api.Properties.ProtocolType === protocol) ?? [];
  return ofType(of, `AWS::ApiGatewayV2::${type}`).filter(([, each]) => textOf(each.Properties.ApiId) === id);
}

describe('routes', () => {
  const routes = ofApi(template, 'HTTP', 'Route').map(([, { Properties }]) => {
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
    for (const [, { Properties }] of ofApi(template, 'HTTP', 'Integration')) {
      expect(Properties.PayloadFormatVersion).toBe('2.0');
    }
  });

  test('the access log holds neither path nor query, where numbers and keys are', () => {
    const [[, stage] = []] = ofApi(template, 'HTTP', 'Stage');
    const fields = Object.values(JSON.parse(stage?.Properties.AccessLogSettings.Format)) as string[];
    expect(fields).toContain('$context.routeKey');
    for (const field of fields) expect(field).not.toMatch(/path|query|protocol|header/i);
  });

  test('the stage is throttled as set', () => {
    const limits = [template, everything].map(one => {
      const [[, stage] = []] = ofApi(one, 'HTTP', 'Stage');
      return stage?.Properties.DefaultRouteSettings;
    });
    expect(limits).toEqual([
      { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
      { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 80 },
    ]);
  });
});

describe('streams', () => {
  const routes = ofApi(template, 'WEBSOCKET', 'Route').map(([, { Properties }]) => Properties);
  const stageOf = (of: Synthesized) => ofApi(of, 'WEBSOCKET', 'Stage')[0]?.[1].Properties;

  test('every event has its route to the function, which lets in by token and not by an authorizer', () => {
    expect(routes.map(route => route.RouteKey).sort()).toEqual([...STREAM_ROUTES].sort());
    for (const { AuthorizationType, Target } of routes) {
      expect(AuthorizationType).toBe('NONE');
      const integration = template.resources[textOf(Target).replace('integrations/', '')]?.Properties;
      expect(textOf(integration.IntegrationUri)).toContain(`${functionNamed(template, 'stream')[0]}.Arn`);
    }
  });

  test('the event in the message chooses the route', () => {
    const [, api] = ofType(template, 'AWS::ApiGatewayV2::Api').find(([id]) => id.startsWith('Streams')) ?? [];
    expect(api?.Properties.RouteSelectionExpression).toBe('$request.body.event');
  });

  test('there is no access log unless asked for, and it has no query, where the token is', () => {
    expect(stageOf(template).AccessLogSettings).toBeUndefined();
    expect(stageOf(everything).AccessLogSettings.Format).toContain('$context.routeKey');
    expect(stageOf(everything).AccessLogSettings.Format).not.toMatch(/query|path|header/i);
  });

  test('the stage is throttled as set', () => {
    expect(stageOf(template)).toMatchObject({
      StageName: 'stream',
      DefaultRouteSettings: { ThrottlingRateLimit: 5000, ThrottlingBurstLimit: 2500 },
    });
    expect(stageOf(everything).DefaultRouteSettings).toEqual({
      ThrottlingRateLimit: 250,
      ThrottlingBurstLimit: 100,
    });
  });

  test('the carrier is sent to the stage, or where streamUrl says; frames always go back by the stage', () => {
    const variable = (of: Synthesized, fn: string, name: string) =>
      textOf(functionNamed(of, fn)[1].Properties.Environment.Variables[name]);
    const [[api] = []] = ofType(template, 'AWS::ApiGatewayV2::Api').filter(([id]) =>
      id.startsWith('Streams'),
    );
    const address = `${api}.execute-api.AWS::Region.AWS::URLSuffix/stream`;
    expect(variable(template, 'webhooks', 'STREAM_URL')).toBe(`wss://${address}`);
    expect(variable(everything, 'webhooks', 'STREAM_URL')).toBe('wss://ws.example.com');
    expect(variable(everything, 'session', 'CONNECTIONS_URL')).toBe(`https://${address}`);
  });
});

describe('tables', () => {
  const isFrames = ([id]: [string, Resource]) => id.startsWith('TablesFrames');
  const tables = ofType(template, 'AWS::DynamoDB::GlobalTable').filter(table => !isFrames(table));

  test('beside the frames there are two: on demand, expiring by ttl, recoverable, protected, surviving the stack', () => {
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

  test('frames are keyed by number, expire, and are neither kept nor recoverable', () => {
    const [[, frames] = []] = ofType(template, 'AWS::DynamoDB::GlobalTable').filter(isFrames);
    expect(frames).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'N' },
        ],
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      },
    });
    const [replica] = frames?.Properties.Replicas ?? [];
    expect(replica.PointInTimeRecoverySpecification).toBeUndefined();
    expect(replica.DeletionProtectionEnabled ?? false).toBe(false);
  });

  test('a stack without deletion protection leaves nothing behind', () => {
    for (const [, table] of ofType(everything, 'AWS::DynamoDB::GlobalTable')) {
      expect(table.DeletionPolicy).toBe('Delete');
      expect(table.Properties.Replicas[0].DeletionProtectionEnabled ?? false).toBe(false);
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
    ['stream', 5],
    ['session', 900],
    ['sweeper', 60],
    ['tasks', 900],
  ])('%s may run for %i seconds', (name, seconds) => {
    expect(functionNamed(template, name)[1].Properties.Timeout).toBe(seconds);
  });

  const work = ['CALLS_TABLE', 'DIRECTORY_TABLE', 'PUBLIC_URL', 'VOBIZ_SECRET', 'WEBHOOK_KEY_SECRET'];
  test.each([
    ['webhooks', ['TASKS_FUNCTION', 'FRAMES_TABLE', 'SESSION_FUNCTION', 'STREAM_URL', ...work]],
    ['stream', ['FRAMES_TABLE', 'SESSION_FUNCTION', 'CONNECTIONS_URL']],
    ['session', ['TASKS_FUNCTION', 'FRAMES_TABLE', 'CONNECTIONS_URL', 'PROVIDERS_SECRET', ...work]],
    ['control', ['TASKS_FUNCTION', ...work]],
    ['sweeper', ['TASKS_FUNCTION', ...work]],
    ['tasks', ['PROVIDERS_SECRET', ...work]],
    ['authorizer', ['API_KEY_SECRET']],
  ])('%s knows the names of what it uses, and no more', (name, variables) => {
    const environment = functionNamed(template, name)[1].Properties.Environment.Variables;
    expect(Object.keys(environment).sort()).toEqual([...variables].sort());
  });

  test('settings reach the functions that act on calls, and the authorizer learns none', () => {
    const settings = (name: string) => functionNamed(everything, name)[1].Properties.Environment.Variables;
    for (const name of ['webhooks', 'control', 'session', 'sweeper', 'tasks']) {
      expect(settings(name)).toMatchObject({ HOLD_WAIT_SECS: '30', AGENT_NUMBER: '+911171366880' });
    }
    expect(settings('authorizer')).not.toHaveProperty('HOLD_WAIT_SECS');
  });

  test('the public address is the API, or the domain, or what PUBLIC_URL says', async () => {
    const address = (of: typeof template) =>
      textOf(functionNamed(of, 'webhooks')[1].Properties.Environment.Variables.PUBLIC_URL);
    const [[api] = []] = ofType(template, 'AWS::ApiGatewayV2::Api');
    expect(address(template)).toBe(`${api}.ApiEndpoint`);
    expect(address(everything)).toBe('https://calls.example.com');
    expect(address(await synthesize({ PUBLIC_URL: 'https://tunnel.example/' }))).toBe(
      'https://tunnel.example',
    );
  });

  test('concurrency is reserved where asked for', () => {
    const reserved = FUNCTION_NAMES.map(
      name => functionNamed(everything, name)[1].Properties.ReservedConcurrentExecutions,
    );
    expect(reserved).toEqual([100, undefined, undefined, undefined, undefined, undefined, 5]);
  });

  test('tasks are tried three times within an hour, sweeps and sessions once', () => {
    const configs = ofType(template, 'AWS::Lambda::EventInvokeConfig').map(([, { Properties }]) => ({
      of: textOf(Properties.FunctionName),
      retries: Properties.MaximumRetryAttempts,
      age: Properties.MaximumEventAgeInSeconds,
    }));
    expect(configs).toEqual(
      expect.arrayContaining([
        { of: functionNamed(template, 'tasks')[0], retries: 2, age: 3600 },
        { of: functionNamed(template, 'sweeper')[0], retries: 0, age: 60 },
        { of: functionNamed(template, 'session')[0], retries: 0, age: 60 },
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
  test('cdk-nag stops a synthesis that it objects to, so that all of the above passed it', async () => {
    const { createApp } = await import('../../lib/app.ts');
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
    expect(values).toHaveLength(4);
    for (const { SecretString, GenerateSecretString } of values) {
      if (GenerateSecretString) expect(GenerateSecretString.SecretStringTemplate).toBe('{}');
      else expect(new Set(Object.values(JSON.parse(SecretString)))).toEqual(new Set(['']));
    }
    expect(template.text).not.toContain('{{resolve:');
  });

  test('every function can be called by the one who calls it, and by nobody else', () => {
    const principals = ofType(template, 'AWS::Lambda::Permission').map(
      ([, { Properties }]) => `${textOf(Properties.FunctionName)} ${Properties.Principal}`,
    );
    const arn = (name: string) => `${functionNamed(template, name)[0]}.Arn`;
    expect([...new Set(principals)].sort()).toEqual(
      [
        `${arn('authorizer')} apigateway.amazonaws.com`,
        `${arn('control')} apigateway.amazonaws.com`,
        `${arn('webhooks')} apigateway.amazonaws.com`,
        `${arn('stream')} apigateway.amazonaws.com`,
        `${arn('sweeper')} events.amazonaws.com`,
      ].sort(),
    );
  });
});
