/** The App API: HTTP API events, payload format 2.0. The authorizer has let the caller in. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { serve } from '../api/serve.ts';
import { contextFromEnv } from '../app/context.ts';

const context = contextFromEnv(process.env);

export const handler = (event: APIGatewayProxyEventV2) => serve(context, event);
