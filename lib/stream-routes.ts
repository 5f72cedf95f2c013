/**
 * Every event of a media stream goes to the function `stream`. Who may connect is decided there: the carrier has no
 * key to sign with, and the token in the address is burned by the function itself, in the write that decides.
 */
import { Validations } from 'aws-cdk-lib';
import { WebSocketRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { STREAM_ROUTES } from '../lambda/platform/routes.ts';
import type { StreamApi } from './stream-api.ts';

const TOKEN =
  'The function burns the single-use token of the address at $connect and refuses any other connection; ' +
  'further events come over a connection that was let in.';

export class StreamRoutes extends Construct {
  constructor(scope: Construct, id: string, { socket }: StreamApi, stream: IFunction) {
    super(scope, id);
    const integration = new WebSocketLambdaIntegration('Stream', stream);
    for (const routeKey of STREAM_ROUTES) {
      const route = new WebSocketRoute(this, routeKey, { webSocketApi: socket, routeKey, integration });
      Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason: TOKEN });
    }
  }
}
