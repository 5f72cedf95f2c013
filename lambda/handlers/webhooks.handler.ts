/** Every request of the carrier. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { contextFromEnv } from '../app/context.ts';
import { serve } from '../webhooks/serve.ts';

const context = contextFromEnv(process.env);

export const handler = (event: APIGatewayProxyEventV2) => serve(context, event);
