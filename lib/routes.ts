/**
 * Which function answers which path, out of the table in `lambda/platform/routes.ts`. Webhooks authenticate in
 * the function (key, signed link, carrier's signature); the App API by the authorizer; what is open holds
 * nothing of a customer; any other path gets the 404 of `webhooks`.
 */
import { Validations } from 'aws-cdk-lib';
import {
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { CONTROL_ROUTES, OPEN_ROUTES, WEBHOOK_PATHS } from '../lambda/platform/routes.ts';
import type { Functions } from './functions.ts';
import type { PublicApi } from './public-api.ts';
import type { Settings } from './settings.ts';

export interface RoutesProps {
  api: PublicApi;
  functions: Functions;
  settings: Settings;
}

const CARRIER =
  'Called by the carrier, which has no bearer key; the function checks key, signed link and signature.';
const OPEN = 'Readable by everyone: liveness and the API description, nothing of a customer.';
const NOT_FOUND = 'Answers every unknown path with 404 and reads nothing.';

export class Routes extends Construct {
  constructor(scope: Construct, id: string, { api, functions, settings }: RoutesProps) {
    super(scope, id);
    const webhooks = new HttpLambdaIntegration('Webhooks', functions.webhooks, {
      scopePermissionToRoute: false,
    });
    const control = new HttpLambdaIntegration('Control', functions.control, {
      scopePermissionToRoute: false,
    });
    const authorizer = new HttpLambdaAuthorizer('Authorizer', functions.authorizer, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.Authorization'],
      resultsCacheTtl: settings.authorizerCache,
    });

    const add = (
      key: HttpRouteKey,
      integration: HttpLambdaIntegration,
      guard: IHttpRouteAuthorizer | string,
    ) => {
      const open = typeof guard === 'string';
      const route = new HttpRoute(this, key.key, {
        httpApi: api.http,
        routeKey: key,
        integration,
        authorizer: open ? new HttpNoneAuthorizer() : guard,
      });
      if (open) Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason: guard });
    };

    for (const path of WEBHOOK_PATHS) {
      for (const method of [HttpMethod.GET, HttpMethod.POST])
        add(HttpRouteKey.with(path, method), webhooks, CARRIER);
    }
    for (const route of CONTROL_ROUTES) add(routeKey(route), control, authorizer);
    for (const route of OPEN_ROUTES) add(routeKey(route), control, OPEN);
    add(HttpRouteKey.DEFAULT, webhooks, NOT_FOUND);
  }
}

/** `'GET /agents'` as CDK's route key. */
function routeKey(route: string): HttpRouteKey {
  const [method, path] = route.split(' ');
  const known = Object.values(HttpMethod).find(name => name === method);
  if (!known || !path?.startsWith('/')) throw new Error(`Route "${route}" must read like "GET /path"`);
  return HttpRouteKey.with(path, known);
}
