/**
 * The way to a caller's ear: text posted to an open socket. Never throws, since a lost frame is a small matter and
 * the next one comes 20 ms later; whoever posts awaits each post before the next, which keeps their order. A post may
 * have a deadline, after which it does not reach the caller any more: another session may speak then.
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
  /** @param deadline epoch ms: no attempt begins then, and one under way is broken off */
  post(connection: string, text: string, deadline?: number): Promise<Posted>;
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

export function sockets(
  client: Client,
  pause: (ms: number) => Promise<void>,
  now: () => number = Date.now,
): Sockets {
  const attempt = (connection: string, what: string, work: Work, deadline?: number) =>
    persistently(work, { pause, left: () => (deadline ?? Number.POSITIVE_INFINITY) - now() }).catch(
      (error): Posted => {
        if (isGone(error)) return 'gone';
        log.error(`Could not ${what}`, error, { connection });
        return 'lost';
      },
    );
  return {
    post: (ConnectionId, Data, deadline) =>
      attempt(
        ConnectionId,
        'post to a socket',
        options => client.send(new PostToConnectionCommand({ ConnectionId, Data }), options),
        deadline,
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

type Work = (options: { abortSignal?: AbortSignal }) => Promise<unknown>;

interface Patience {
  pause(ms: number): Promise<void>;
  /** Time until the deadline, ms. */
  left(): number;
}

/** An attempt times out by itself; only a shorter time needs a signal. */
const brokenOffAfter = (ms: number) =>
  ms < ATTEMPT_MS ? { abortSignal: AbortSignal.timeout(Math.max(0, Math.ceil(ms))) } : {};

/** Tries again as long as that may help. @throws the last failure */
async function persistently(work: Work, { pause, left }: Patience): Promise<'ok'> {
  if (left() <= 0) throw new Error('Its deadline had passed before it was tried.');
  for (let failures = 0; ; failures++) {
    try {
      await work(brokenOffAfter(left()));
      return 'ok';
    } catch (error) {
      const wait = isGone(error) ? undefined : (isFull(error) ? FULL_PAUSES_MS : OTHER_PAUSES_MS)[failures];
      if (wait === undefined || wait >= left()) throw error;
      await pause(wait);
      if (left() <= 0) throw error;
    }
  }
}

const statusOf = (error: unknown) =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

const isGone = (error: unknown) => (error as Error).name === 'GoneException' || statusOf(error) === 410;

const isFull = (error: unknown) =>
  (error as Error).name === 'LimitExceededException' || statusOf(error) === 429;
