/** A small application for the carrier to call: XML by path, and a note of everything that arrived. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Carrier, type CarrierOptions, startCarrier } from '../../carrier/index.ts';

export interface Arrival {
  path: string;
  method: string;
  headers: IncomingHttpHeaders;
  fields: Record<string, string>;
}

export interface Page {
  status?: number;
  type?: string;
  body?: string | Uint8Array;
  delayMs?: number;
}

export type Pages = Record<string, string | Page | ((arrival: Arrival, count: number) => string | Page)>;

export interface App {
  url: string;
  arrivals: Arrival[];
  /** Arrivals as `path Event`, in order. */
  log(): string[];
  at(path: string): Arrival[];
  close(): Promise<void>;
}

/** `app:/x` in a page stands for the application's own `/x`. A path without a page answers `<Response/>`. */
export async function startApp(pages: Pages): Promise<App> {
  const arrivals: Arrival[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://app');
    const form =
      request.method === 'GET' ? searchParams : new URLSearchParams(Buffer.concat(chunks).toString());
    const method = request.method ?? '';
    const arrival = { path: pathname, method, headers: request.headers, fields: Object.fromEntries(form) };
    arrivals.push(arrival);
    const count = arrivals.filter(({ path }) => path === pathname).length;
    const page = pages[pathname] ?? '<Response/>';
    const made = typeof page === 'function' ? page(arrival, count) : page;
    const {
      status = 200,
      type = 'application/xml',
      body = '',
      delayMs = 0,
    } = typeof made === 'string' ? { body: made } : made;
    if (delayMs > 0) await new Promise(resolve => setTimeout(resolve, delayMs));
    response.writeHead(status, { 'content-type': type });
    response.end(typeof body === 'string' ? body.replaceAll('app:/', `${url}/`) : body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    arrivals,
    log: () => arrivals.map(({ path, fields }) => `${path} ${fields.Event ?? ''}`.trim()),
    at: path => arrivals.filter(arrival => arrival.path === path),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const AGENT = '+919000000001';
export const AGENT_2 = '+919000000002';
export const CALLER = '+919811000001';
export const DID = '+918071234567';
export const ACCOUNT = { authId: 'MA_TEST', authToken: 'a-token' };

const open: { app: App; carrier: Carrier }[] = [];

/** An application and a carrier that calls it, fifty times as fast as life. `closeAll` ends them. */
export async function together(pages: Pages, options: Partial<CarrierOptions> = {}) {
  const app = await startApp(pages);
  const carrier = await startCarrier({
    ...ACCOUNT,
    answerUrl: `${app.url}/answer`,
    hangupUrl: `${app.url}/hangup`,
    speed: 50,
    http: { backoffMs: 5 },
    ...options,
  });
  open.push({ app, carrier });
  return { app, carrier };
}

export async function closeAll(): Promise<void> {
  for (const { app, carrier } of open.splice(0)) {
    await carrier.stop();
    await app.close();
  }
}

/** Plays one inbound call to its end. */
export async function oneCall(pages: Pages, options: Partial<CarrierOptions> = {}, script = {}) {
  const { app, carrier } = await together(pages, options);
  const { call, done } = carrier.call({ from: CALLER, to: DID, ...script });
  await done;
  return { app, carrier, call, story: call.story };
}
