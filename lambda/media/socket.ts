/**
 * The way to a caller's ear: text posted to an open socket. Never throws, since a lost frame is a small matter and
 * the next one comes 20 ms later; whoever posts awaits each post before the next, which keeps their order.
 */
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { log } from '../platform/log.ts';

/** `gone`: the socket is closed. `lost`: this text did not get there, or nobody knows. */
export type Posted = 'ok' | 'gone' | 'lost';

export interface Sockets {
  post(connection: string, text: string): Promise<Posted>;
  close(connection: string): Promise<void>;
  /** In doubt it is. */
  isOpen(connection: string): Promise<boolean>;
}

const ATTEMPT_MS = 400;
/** The carrier's buffer is full, or the account's rate exceeded. */
const FULL_PAUSES_MS = [50, 100, 200];
const OTHER_PAUSES_MS = [0];

/** @param endpoint of the management API, with its stage */
export function connectionsClient(endpoint: string): ApiGatewayManagementApiClient {
  return new ApiGatewayManagementApiClient({
    endpoint,
    maxAttempts: 1,
    requestHandler: {
      requestTimeout: ATTEMPT_MS,
      connectionTimeout: ATTEMPT_MS,
      throwOnRequestTimeout: true,
    },
  });
}

type Client = Pick<ApiGatewayManagementApiClient, 'send'>;

export function sockets(client: Client, pause: (ms: number) => Promise<void>): Sockets {
  const attempt = (connection: string, what: string, work: () => Promise<unknown>) =>
    persistently(work, pause).catch((error): Posted => {
      if (isGone(error)) return 'gone';
      log.error(`Could not ${what}`, error, { connection });
      return 'lost';
    });
  return {
    post: (ConnectionId, Data) =>
      attempt(ConnectionId, 'post to a socket', () =>
        client.send(new PostToConnectionCommand({ ConnectionId, Data })),
      ),

    async close(ConnectionId) {
      await attempt(ConnectionId, 'close a socket', () =>
        client.send(new DeleteConnectionCommand({ ConnectionId })),
      );
    },

    isOpen: async ConnectionId =>
      (await attempt(ConnectionId, 'ask for a socket', () =>
        client.send(new GetConnectionCommand({ ConnectionId })),
      )) !== 'gone',
  };
}

/** Tries again as long as that may help. */
async function persistently(
  work: () => Promise<unknown>,
  pause: (ms: number) => Promise<void>,
): Promise<'ok'> {
  for (let failures = 0; ; failures++) {
    try {
      await work();
      return 'ok';
    } catch (error) {
      const wait = isGone(error) ? undefined : (isFull(error) ? FULL_PAUSES_MS : OTHER_PAUSES_MS)[failures];
      if (wait === undefined) throw error;
      await pause(wait);
    }
  }
}

const statusOf = (error: unknown) =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

const isGone = (error: unknown) => (error as Error).name === 'GoneException' || statusOf(error) === 410;

const isFull = (error: unknown) =>
  (error as Error).name === 'LimitExceededException' || statusOf(error) === 429;
