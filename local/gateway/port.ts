/**
 * The host's public port: HTTP requests and WebSocket upgrades. Taken before anything else starts, since the address
 * goes into the functions' environment; what comes before it is opened is told to come again.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { listen, type Respond } from './http-api.ts';
import { gatewayMessage } from './response.ts';

type Upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => Promise<void>;

export interface Gateway {
  server: Server;
  url: string;
  open(respond: Respond, upgrade?: Upgrade): void;
  /** Takes no more requests, and waits for those under way. */
  drain(milliseconds: number): Promise<void>;
}

export async function openGateway(port: number, address: string): Promise<Gateway> {
  let respond: Respond = async () => gatewayMessage(503, 'Service Unavailable');
  let upgrade: Upgrade = async (_, stream) => void stream.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
  const underWay = new Set<Promise<unknown>>();
  const server = await listen(
    request => {
      const response = respond(request);
      const done = () => underWay.delete(tracked);
      const tracked: Promise<unknown> = response.then(done, done);
      underWay.add(tracked);
      return response;
    },
    port,
    address,
  );
  server.on('upgrade', (request, stream, head) => {
    upgrade(request, stream, head).catch(() => stream.destroy());
  });
  return {
    server,
    url: urlOf(server.address() as AddressInfo),
    open: (responding, upgrading) => {
      respond = responding;
      upgrade = upgrading ?? (async (_, stream) => void stream.end('HTTP/1.1 404 Not Found\r\n\r\n'));
    },
    drain: async milliseconds => {
      server.close();
      const timeout = new Promise(resolve => setTimeout(resolve, milliseconds).unref());
      await Promise.race([Promise.allSettled(underWay), timeout]);
    },
  };
}

/** Where this machine reaches the server: one that listens on every address is found on loopback, too. */
function urlOf({ address, family, port }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return `http://127.0.0.1:${port}`;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
