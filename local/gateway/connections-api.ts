/**
 * The management API of a WebSocket API, as functions call it: `POST`, `GET` and `DELETE` of
 * `/<stage>/@connections/<id>`. A socket that is closed or was never there is gone: 410.
 */
import type { Guard } from '../aws/guard.ts';
import { ACCOUNT, AwsError, type AwsHandler, type AwsReply, REGION } from '../aws/protocol.ts';
import { MAX_MESSAGE_BYTES, type SocketApi } from './socket-api.ts';
import { headerOf } from './socket-event.ts';
import type { Open } from './sockets.ts';

const PATH = /^\/([^/]+)\/@connections\/([^/?]+)/;

export const isConnectionsCall = (path: string) => PATH.test(path);

export function createConnectionsApi({ api, sockets, counts }: SocketApi, guard: Guard): AwsHandler {
  return async ({ method, path, body, caller }) => {
    const [, stage = '', encoded = ''] = PATH.exec(path) ?? [];
    const id = decodeURIComponent(encoded);
    const resource = `arn:aws:execute-api:${REGION}:${ACCOUNT}:${api.id}/${stage}/${method}/@connections/${id}`;
    guard(caller, 'execute-api:ManageConnections', resource);
    const open = sockets.find(id);
    if (open?.upgrade.stage !== stage || open.socket.readyState !== open.socket.OPEN)
      throw new AwsError('GoneException', 'The connection is gone.', {}, 410);
    if (method === 'GET') return describe(open);
    if (method === 'DELETE') {
      open.socket.close(1000, 'Connection Closed Normally');
      return { status: 204, body: '' };
    }
    if (method !== 'POST') throw new AwsError('ForbiddenException', `There is no ${method} here.`, {}, 403);
    if (body.length > MAX_MESSAGE_BYTES)
      throw new AwsError('PayloadTooLargeException', 'Message too long', {}, 413);
    open.active();
    open.socket.send(body.toString());
    counts.sent += 1;
    return { body: '' };
  };
}

const describe = ({ upgrade, lastActiveAt }: Open): AwsReply => ({
  body: JSON.stringify({
    connectedAt: new Date(upgrade.connectedAt).toISOString(),
    identity: { sourceIp: upgrade.sourceIp, userAgent: headerOf(upgrade, 'user-agent') },
    lastActiveAt: new Date(lastActiveAt).toISOString(),
  }),
});
