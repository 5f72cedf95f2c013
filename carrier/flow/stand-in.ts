/** A stand-in for the customer's own systems, on loopback: answers as the example says, and tells what it was sent. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StackError } from '../stack.ts';
import type { SystemAnswer } from './example.ts';

export interface Received {
  /** Method and path. */
  to: string;
  body: string;
  signed: boolean;
  status: number;
  answer: string;
}

export interface StandIn {
  /** `127.0.0.1:<port>`, as `HTTP_ALLOW_HOSTS` takes it. */
  host: string;
  url: string;
  received: Received[];
  stop(): Promise<void>;
}

/** @param tell is told of each request as it is answered. Rejects when the port is taken. */
export async function startStandIn(
  answers: SystemAnswer[],
  port: number,
  tell: (received: Received) => void,
): Promise<StandIn> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const to = `${request.method} ${request.url}`;
    const body = Buffer.concat(chunks).toString();
    const found = answers.find(one => one.to === to && body.includes(one.having));
    const { status = 200, answers: said } = found ?? {};
    const answer = said === undefined ? '' : JSON.stringify(said);
    const one = { to, body, signed: request.headers['webhook-signature'] !== undefined, status, answer };
    received.push(one);
    tell(one);
    response.writeHead(status, { 'content-type': 'application/json' }).end(answer);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const words = `The port ${port}, where your own systems are stood in for, is taken. Free it and call again.`;
      reject(error.code === 'EADDRINUSE' ? new StackError(words) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { host, url: `http://${host}`, received, stop };
}
