/**
 * A WebSocket API on the host's port, as API Gateway runs one: `$connect` decides before the upgrade is answered; each
 * message is an invocation of its own, which no other waits for, so their order is not promised; a failing one is
 * answered with an error frame, and nothing else that a function returns reaches the client.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Result } from '../functions/instance.ts';
import type { Lambda } from '../functions/lambda.ts';
import type { SocketApiModel } from '../template/socket-api.ts';
import { Way } from './disturbance.ts';
import { splitUrl } from './event.ts';
import { connectEvent, disconnectEvent, type Moment, messageEvent, type Upgrade } from './socket-event.ts';
import { errorFrame, isGood, refusal, statusOf } from './socket-response.ts';
import { type Limits, type Open, Sockets } from './sockets.ts';

export const MAX_MESSAGE_BYTES = 128 * 1024;

const UNSUPPORTED_DATA = 1003;

export class SocketApi {
  readonly api: SocketApiModel;
  readonly sockets: Sockets;
  /** What happens to messages on their way to the functions. */
  readonly way = new Way();
  /** Messages since the start, in and out. */
  readonly counts = { received: 0, sent: 0 };
  readonly #lambda: Lambda;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES, // more closes the socket with 1009
    perMessageDeflate: false,
    handleProtocols: () => false,
  });

  constructor(api: SocketApiModel, lambda: Lambda, limits: Limits) {
    this.api = api;
    this.#lambda = lambda;
    this.sockets = new Sockets(limits);
  }

  /** Answers an upgrade request: with the upgrade, or with a refusal. */
  readonly upgrade = async (request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> => {
    stream.on('error', () => stream.destroy()); // a client that leaves meanwhile is nobody's fault
    const upgrade = this.#read(request);
    if (!upgrade) return void stream.end(refusal(403));
    const result = await this.#invoke('$connect', connectEvent(upgrade, moment()));
    const status = result ? statusOf(result) : 200;
    if (!isGood(status)) return void stream.end(refusal(status));
    if (stream.destroyed) return this.#disconnected(upgrade, 1006, '');
    this.#server.handleUpgrade(request, stream, head, socket => this.#open(socket, upgrade));
  };

  end(): void {
    this.sockets.end();
    this.#server.close();
  }

  /** The one path is that of the stage. */
  #read(request: IncomingMessage): Upgrade | undefined {
    const { url = '', rawHeaders, socket } = request;
    if (splitUrl(url).path.replace(/\/$/, '') !== `/${this.api.stage}`) return undefined;
    return {
      apiId: this.api.id,
      stage: this.api.stage,
      connectionId: `${randomBytes(11).toString('base64url')}=`,
      connectedAt: Date.now(),
      url,
      rawHeaders,
      sourceIp: socket.remoteAddress?.replace(/^::ffff:/, '') ?? '',
    };
  }

  #open(socket: WebSocket, upgrade: Upgrade): void {
    const open = this.sockets.add(socket, upgrade, (code, reason) =>
      this.#disconnected(upgrade, code, reason),
    );
    socket.on('message', (data, isBinary) => {
      if (isBinary) socket.close(UNSUPPORTED_DATA, 'Binary is not supported');
      else this.#take(open, textOf(data));
    });
    socket.on('error', () => undefined); // too large or malformed: `close` follows, with its code
  }

  #take(open: Open, body: string): void {
    this.counts.received += 1;
    open.active();
    const route = this.#routeOf(body);
    for (const delay of this.way.arrivals(route)) {
      if (delay === 0) void this.#deliver(open, route, body);
      else setTimeout(() => void this.#deliver(open, route, body), delay);
    }
  }

  async #deliver({ socket, upgrade }: Open, route: string, body: string): Promise<void> {
    const at = moment();
    const complain = (message: string) =>
      socket.readyState === socket.OPEN &&
      socket.send(errorFrame(message, upgrade.connectionId, at.requestId));
    if (!this.api.routes.has(route)) return void complain('Forbidden');
    const result = await this.#invoke(route, messageEvent(upgrade, at, route, body));
    if (!result || !isGood(statusOf(result))) complain('Internal server error');
  }

  #routeOf(body: string): string {
    const chosen = fieldOf(body, this.api.selector);
    return chosen !== undefined && !chosen.startsWith('$') && this.api.routes.has(chosen)
      ? chosen
      : '$default';
  }

  #disconnected(upgrade: Upgrade, code: number, reason: string): void {
    void this.#invoke('$disconnect', disconnectEvent(upgrade, moment(), code, reason));
  }

  /** Undefined when there is no such route. A function that runs on after the gateway has given up is in vain. */
  async #invoke(route: string, event: object): Promise<Result | undefined> {
    const functionName = this.api.routes.get(route);
    if (!functionName) return undefined;
    const failure = { errorType: 'Timeout', errorMessage: 'The integration took too long', trace: [] };
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<Result>(resolve => {
      timer = setTimeout(() => resolve({ ok: false, failure }), this.api.timeoutMs);
    });
    const invocation = this.#lambda.invoke(functionName, JSON.stringify(event));
    return Promise.race([invocation, timeout]).finally(() => clearTimeout(timer));
  }
}

const moment = (): Moment => ({ requestId: randomUUID(), now: Date.now() });

function fieldOf(body: string, name: string): string | undefined {
  try {
    const value: unknown = (JSON.parse(body) as Record<string, unknown> | null)?.[name];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined; // not JSON: `$default` takes it
  }
}

const textOf = (data: RawData): string => (Array.isArray(data) ? Buffer.concat(data) : data).toString();
