/**
 * The seven functions, grouped by what they must be good at: `webhooks` answers the carrier while a caller
 * listens, `control` serves the App API, `authorizer` knows its key and nothing else, `stream` takes fifty frames a
 * second, `session` holds a conversation, `sweeper` mends every minute what leaked, `tasks` does what nobody waits for.
 */
import { Policy, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ENV, INDEX } from '../lambda/platform/names.ts';
import { letManageConnections } from './connections-grant.ts';
import { SHAPES } from './function-shapes.ts';
import {
  checkItems,
  deleteItems,
  followItems,
  invoke,
  putItems,
  queryIndexes,
  readItems,
  readSecrets,
  updateItems,
} from './grants.ts';
import { HandlerFunction } from './handler-function.ts';
import type { Secrets } from './secrets.ts';
import type { FunctionName, Settings } from './settings.ts';
import type { StreamApi } from './stream-api.ts';
import type { Tables } from './tables.ts';

export interface FunctionsProps {
  tables: Tables;
  secrets: Secrets;
  publicUrl: string;
  streams: StreamApi;
  settings: Settings;
}

export class Functions extends Construct implements Record<FunctionName, HandlerFunction> {
  readonly webhooks: HandlerFunction;
  readonly control: HandlerFunction;
  readonly authorizer: HandlerFunction;
  readonly stream: HandlerFunction;
  readonly session: HandlerFunction;
  readonly sweeper: HandlerFunction;
  readonly tasks: HandlerFunction;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const { tables, secrets, streams, settings } = props;
    const create = (name: FunctionName, environment: Record<string, string>, ...grants: PolicyStatement[]) =>
      new HandlerFunction(this, name.charAt(0).toUpperCase() + name.slice(1), {
        ...SHAPES[name],
        name,
        environment,
        grants,
        logRetention: settings.logRetention,
        reservedConcurrentExecutions: settings.reservedConcurrency[name],
      });

    const { calls, directory, frames } = tables;
    const { byDay, live } = INDEX;
    const callWork = [
      readItems(calls, directory),
      putItems(calls, directory),
      readSecrets(secrets.webhookKey, secrets.vobiz),
    ];
    const callEnv = callEnvironment(props);
    const providersEnv = { [ENV.providersSecret]: secrets.providers.secretArn };
    this.tasks = create(
      'tasks',
      { ...callEnv, ...providersEnv },
      ...callWork,
      deleteItems(calls),
      checkItems(calls),
      readSecrets(secrets.providers),
    );
    this.letInvokeItself(this.tasks, 'TasksSuccession');

    // Who ends a call takes it out of the line, and leaves the end of the agent's wrap-up, or what is told of it, to a task.
    const endCalls = [...callWork, deleteItems(calls), invoke(this.tasks)];
    const endCallsEnv = { ...callEnv, [ENV.tasksFunction]: this.tasks.functionName };
    this.control = create(
      'control',
      endCallsEnv,
      ...endCalls,
      deleteItems(directory),
      queryIndexes(calls, byDay.name),
    );

    const followStreams = [followItems(frames), updateItems(frames), deleteItems(frames)];
    const framesEnv = { [ENV.framesTable]: frames.tableName };
    const connectionsEnv = { ...framesEnv, [ENV.connectionsUrl]: streams.connectionsUrl };
    this.session = create(
      'session',
      { ...endCallsEnv, ...connectionsEnv, ...providersEnv },
      ...endCalls,
      checkItems(calls),
      ...followStreams,
      readSecrets(secrets.providers),
    );
    this.letInvokeItself(this.session, 'SessionSuccession');

    const startSessions = invoke(this.session);
    const sessionEnv = { [ENV.sessionFunction]: this.session.functionName };
    this.stream = create(
      'stream',
      { ...connectionsEnv, ...sessionEnv },
      putItems(frames),
      ...followStreams,
      startSessions,
    );
    this.webhooks = create(
      'webhooks',
      { ...endCallsEnv, ...framesEnv, ...sessionEnv, [ENV.streamUrl]: streams.url },
      ...endCalls,
      putItems(frames),
      startSessions,
    );
    this.sweeper = create('sweeper', endCallsEnv, ...endCalls, queryIndexes(calls, byDay.name, live.name));

    letManageConnections(this.session, streams, 'POST');
    letManageConnections(this.stream, streams, 'GET', 'POST', 'DELETE');

    const { apiKey } = secrets;
    this.authorizer = create('authorizer', { [ENV.apiKeySecret]: apiKey.secretArn }, readSecrets(apiKey));
  }

  /**
   * A session hands over to the next run of its own function, a task leaves work to another one; each has its own name
   * from Lambda. The function waits for the policy of its role, so a grant on the function itself must be a policy that
   * nobody waits for.
   */
  private letInvokeItself(itself: HandlerFunction, id: string): void {
    new Policy(this, id, { roles: [itself.ownRole], statements: [invoke(itself)] });
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
