/**
 * The five functions, grouped by what they must be good at: `webhooks` answers the carrier while a caller
 * listens, `control` serves the App API, `authorizer` knows its key and nothing else, `sweeper` mends every minute
 * what leaked, `tasks` does what nobody waits for.
 */
import { Duration } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ENV, INDEX } from '../lambda/platform/names.ts';
import { deleteItems, invoke, putItems, queryIndexes, readItems, readSecrets } from './grants.ts';
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

type Shape = Pick<
  HandlerFunctionProps,
  'description' | 'timeout' | 'memorySize' | 'retryAttempts' | 'maxEventAge'
>;

const SHAPES: Record<FunctionName, Shape> = {
  webhooks: {
    description: 'Answers the webhooks of Vobiz',
    timeout: Duration.seconds(10),
    memorySize: 1024,
  },
  control: {
    description: 'Serves the App API',
    timeout: Duration.seconds(10),
    memorySize: 512,
  },
  authorizer: {
    description: 'Checks the bearer key of the App API',
    timeout: Duration.seconds(5),
    memorySize: 256,
  },
  sweeper: {
    description: 'Every minute: ends what leaked, emits the gauges',
    timeout: Duration.seconds(60),
    memorySize: 512,
    // The next minute's run does the work of a failed one.
    retryAttempts: 0,
    maxEventAge: Duration.minutes(1),
  },
  tasks: {
    description: 'Asynchronous work: dispatch after wrap-up, notifications',
    // Long enough to wait for the end of a wrap-up; cheap while it waits.
    timeout: Duration.minutes(15),
    memorySize: 256,
    retryAttempts: 2,
    maxEventAge: Duration.hours(1),
  },
};

export class Functions extends Construct implements Record<FunctionName, HandlerFunction> {
  readonly webhooks: HandlerFunction;
  readonly control: HandlerFunction;
  readonly authorizer: HandlerFunction;
  readonly sweeper: HandlerFunction;
  readonly tasks: HandlerFunction;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const { tables, secrets, settings } = props;
    const create = (name: FunctionName, environment: Record<string, string>, ...grants: PolicyStatement[]) =>
      new HandlerFunction(this, name.charAt(0).toUpperCase() + name.slice(1), {
        ...SHAPES[name],
        name,
        environment,
        grants,
        logRetention: settings.logRetention,
        reservedConcurrentExecutions: settings.reservedConcurrency[name],
      });

    const { calls, directory } = tables;
    const { byDay, live } = INDEX;
    const callWork = [
      readItems(calls, directory),
      putItems(calls, directory),
      readSecrets(secrets.webhookKey, secrets.vobiz),
    ];
    const callEnv = callEnvironment(props);
    this.tasks = create('tasks', callEnv, ...callWork);
    this.control = create(
      'control',
      callEnv,
      ...callWork,
      deleteItems(calls, directory),
      queryIndexes(calls, byDay.name),
    );

    // Who ends a call takes it out of the line, and leaves the end of the agent's wrap-up to a task.
    const endCalls = [...callWork, deleteItems(calls), invoke(this.tasks)];
    const endCallsEnv = { ...callEnv, [ENV.tasksFunction]: this.tasks.functionName };
    this.webhooks = create('webhooks', endCallsEnv, ...endCalls);
    this.sweeper = create('sweeper', endCallsEnv, ...endCalls, queryIndexes(calls, byDay.name, live.name));

    const { apiKey } = secrets;
    this.authorizer = create('authorizer', { [ENV.apiKeySecret]: apiKey.secretArn }, readSecrets(apiKey));
  }
}

/** What everybody who works on calls is told: the settings, and where things are. */
function callEnvironment({ tables, secrets, publicUrl, settings }: FunctionsProps): Record<string, string> {
  return {
    ...settings.functionSettings,
    [ENV.callsTable]: tables.calls.tableName,
    [ENV.directoryTable]: tables.directory.tableName,
    [ENV.webhookKeySecret]: secrets.webhookKey.secretArn,
    [ENV.vobizSecret]: secrets.vobiz.secretArn,
    [ENV.publicUrl]: publicUrl,
  };
}
