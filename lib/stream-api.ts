/**
 * Where the carrier opens the media streams: a WebSocket API of one stage. Declared before the functions, which must
 * know `url` to send the carrier there and `connectionsUrl` to answer; `stream-routes.ts` then ties them to it.
 */
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type IAccessLogSettings,
  LogGroupLogDestination,
  WebSocketApi,
  WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { STREAM_STAGE } from '../lambda/platform/routes.ts';
import type { Settings } from './settings.ts';

/** Short, since there is a line for each frame; without the query, which holds the token. */
const accessLog = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    connectionId: '$context.connectionId',
    routeKey: '$context.routeKey',
    status: '$context.status',
    latency: '$context.integrationLatency',
    error: '$context.integrationErrorMessage',
  }),
);

const NO_LOG =
  'AWS refuses an access log of a WebSocket API unless the account has a role for it, and it would be a line for each ' +
  'frame. Metrics count events and errors; the function logs whom it refuses; streamAccessLog=true adds the log.';

export class StreamApi extends Construct {
  readonly socket: WebSocketApi;
  readonly stage: WebSocketStage;
  /** What the carrier connects to, without a query. */
  readonly url: string;
  /** Endpoint of the management API, by which frames go back. */
  readonly connectionsUrl: string;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.socket = new WebSocketApi(this, 'Socket', {
      apiName: 'switchboard-stream',
      routeSelectionExpression: '$request.body.event',
    });
    this.stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.socket,
      stageName: STREAM_STAGE,
      autoDeploy: true,
      throttle: settings.streamThrottle,
      ...(settings.streamAccessLog && { accessLogSettings: this.accessLog(settings) }),
    });
    if (!settings.streamAccessLog)
      Validations.of(this.stage).acknowledge({ id: 'AwsSolutions-APIG1', reason: NO_LOG });
    this.url = settings.streamUrl ?? this.stage.url;
    this.connectionsUrl = this.stage.callbackUrl;
  }

  private accessLog({ logRetention }: Settings): IAccessLogSettings {
    const log = new LogGroup(this, 'AccessLog', {
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return { destination: new LogGroupLogDestination(log), format: accessLog };
  }
}
