/** The loopback port of all AWS services, taken before they exist: its address goes into the functions' environment. */
import { isConnectionsCall } from '../gateway/connections-api.ts';
import { AwsError, type AwsHandler, type AwsRequest, type AwsServer, serveAws } from './protocol.ts';

export type Service = 'dynamo' | 'secrets' | 'connections' | 'lambda';

export interface AwsPort extends AwsServer {
  open(services: Record<Service, AwsHandler>): void;
}

export async function openAwsPort(): Promise<AwsPort> {
  let services: Record<Service, AwsHandler> | undefined;
  const server = await serveAws(async request => {
    if (!services) throw new AwsError('ServiceUnavailable', 'Starting', {}, 503);
    return services[serviceOf(request)](request);
  });
  return {
    ...server,
    open: opened => {
      services = opened;
    },
  };
}

function serviceOf({ target, path }: AwsRequest): Service {
  if (target.startsWith('DynamoDB_')) return 'dynamo';
  if (target.startsWith('secretsmanager.')) return 'secrets';
  return isConnectionsCall(path) ? 'connections' : 'lambda';
}
