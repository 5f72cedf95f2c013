/** The authorizer of the App API: an HTTP API Lambda authorizer, payload format 2.0, simple response. */
import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { authorize } from '../api/authorize.ts';
import { ENV } from '../platform/names.ts';
import { secret, secretsClient } from '../platform/secrets.ts';

const apiKey = secret(secretsClient(), process.env[ENV.apiKeySecret] ?? '', Date.now);

export const handler = (event: APIGatewayRequestAuthorizerEventV2) => authorize(apiKey, event);
