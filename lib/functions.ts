/**
 * The five functions, grouped by what they must be good at: `webhooks` answers the carrier while a caller
 * listens, `control` serves the App API, `authorizer` knows its key and nothing else, `sweeper` mends every minute
 * what leaked, `tasks` does what nobody waits for.
 */
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ENV, INDEX } from '../lambda/platform/names.ts';
import { invoke, queryIndexes, readSecrets, useItems } from './grants.ts';
import { HandlerFunction, type HandlerFunctionProps } from './handler-function.ts';
import type { Secrets } from './secrets.ts';
import type { FunctionName, Settings } from './settings.ts';
import type { Tables } from './tables.ts';

export interface FunctionsProps {
  tables: Tables;
  secrets: Secrets;
  publicUrl: string;
  settings: Settings;
}

type Shape = Pick<HandlerFunctionProps, 'description' | 'timeout' | 'memorySize' | 'environment' | 'grants'> &
  Pick<HandlerFunctionProps, 'retryAttempts' | 'maxEventAge'>;

export class Functions extends Construct implements Record<FunctionName, HandlerFunction> {
  readonly webhooks: HandlerFunction;
  readonly control: HandlerFunction;
  readonly authorizer: HandlerFunction;
  readonly sweeper: HandlerFunction;
  readonly tasks: HandlerFunction;

  constructor(scope: Construct, id: string, { tables, secrets, publicUrl, settings }: FunctionsProps) {
    super(scope, id);
    const create = (name: FunctionName, shape: Shape) =>
      new HandlerFunction(this, name[0]?.toUpperCase() + name.slice(1), {
        ...shape,
        name,
        logRetention: settings.logRetention,
        ...(settings.reservedConcurrency[name] !== undefined && {
          reservedConcurrentExecutions: settings.reservedConcurrency[name],
        }),
      });

    const environment = {
      ...settings.functionSettings,
      [ENV.callsTable]: tables.calls.tableName,
      [ENV.directoryTable]: tables.directory.tableName,
      [ENV.webhookKeySecret]: secrets.webhookKey.secretArn,
      [ENV.vobizSecret]: secrets.vobiz.secretArn,
      [ENV.publicUrl]: publicUrl,
    };
    const callWork = [
      useItems(tables.calls, tables.directory),
      readSecrets(secrets.webhookKey, secrets.vobiz),
    ];

    this.tasks = create('tasks', {
      description: 'Asynchronous work: dispatch after wrap-up, notifications',
      timeout: Duration.minutes(15),
      memorySize: 256,
      environment,
      grants: callWork,
      retryAttempts: 2,
      maxEventAge: Duration.hours(1),
    });
    const delegating = {
      environment: { ...environment, [ENV.tasksFunction]: this.tasks.functionName },
      grants: [...callWork, invoke(this.tasks)],
    };
    this.webhooks = create('webhooks', {
      ...delegating,
      description: 'Answers the webhooks of Vobiz',
      timeout: Duration.seconds(10),
      memorySize: 1024,
    });
    this.control = create('control', {
      ...delegating,
      grants: [...delegating.grants, queryIndexes(tables.calls, INDEX.byDay.name)],
      description: 'Serves the App API',
      timeout: Duration.seconds(10),
      memorySize: 512,
    });
    this.sweeper = create('sweeper', {
      ...delegating,
      grants: [...delegating.grants, queryIndexes(tables.calls, INDEX.byDay.name, INDEX.live.name)],
      description: 'Every minute: ends what leaked, emits the gauges',
      timeout: Duration.seconds(60),
      memorySize: 512,
      // The next minute's run does the work of a failed one.
      retryAttempts: 0,
      maxEventAge: Duration.minutes(1),
    });
    this.authorizer = create('authorizer', {
      description: 'Checks the bearer key of the App API',
      timeout: Duration.seconds(5),
      memorySize: 256,
      environment: { [ENV.apiKeySecret]: secrets.apiKey.secretArn },
      grants: [readSecrets(secrets.apiKey)],
    });
  }
}
