/**
 * The product without its host: the handlers in this process, tables in memory, a socket server and an HTTP server in
 * the place of API Gateway, and the doubles as providers. Starts at once, and every part can be reached: for tests of
 * sessions, and to measure many conversations without the weight of worker threads and a database.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { serve as serveApi } from '../../lambda/api/serve.ts';
import type { SessionTask, Task } from '../../lambda/app/task.ts';
import type { FramesTable } from '../../lambda/media/frames-table.ts';
import type { Sockets } from '../../lambda/media/socket.ts';
import type { SendRequest } from '../../lambda/platform/outgoing.ts';
import { CONTROL_ROUTES, OPEN_ROUTES } from '../../lambda/platform/routes.ts';
import { settingsFrom } from '../../lambda/platform/settings.ts';
import { type Providers, providersOf } from '../../lambda/session/providers.ts';
import { runSession } from '../../lambda/session/run.ts';
import type { SessionContext } from '../../lambda/session/session-context.ts';
import { createServe, type StreamRequest } from '../../lambda/stream/serve.ts';
import { perform } from '../../lambda/tasks/perform.ts';
import type { VobizClient } from '../../lambda/vobiz/rest.ts';
import { vobizClient } from '../../lambda/vobiz/rest.ts';
import type { Assistant } from '../../lambda/voice/assistant.ts';
import { serve } from '../../lambda/webhooks/serve.ts';
import { toEvent } from '../../local/gateway/event.ts';
import { matchRoute } from '../../local/gateway/routes.ts';
import { memoryContext, WEBHOOK_KEY } from './memory-context.ts';
import { MemoryFrames } from './memory-frames.ts';
import { MemoryTables } from './memory-table.ts';

export type InProcess = Awaited<ReturnType<typeof startInProcess>>;

export interface InProcessOptions {
  /** Settings by name; the providers' addresses belong here. */
  settings: Record<string, string>;
  /** What the carrier signs with. */
  vobizToken: string;
  keys?: Record<string, string>;
  frames?: FramesTable;
  /** Instead of the providers at the addresses. */
  providers?: (real: Providers) => Providers;
  carrierApi?: { baseUrl: string; authId: string; authToken: string };
  /** A message on its way to the handler: delay, lose or repeat it. */
  deliver?: (request: StreamRequest, handle: (request: StreamRequest) => void) => void;
  /** What answers requests to customers' addresses; the guarded one unless given. */
  request?: SendRequest;
  /** What a session may live. */
  sessionMs?: number;
  /** Real time unless given. A clock that runs faster must not be one of a call with a stream. */
  clock?: { now(): number; sleep(ms: number): Promise<void> };
  /** Background tasks are performed, each at once; otherwise nobody does. */
  performsTasks?: boolean;
}

const REAL_CLOCK = {
  now: Date.now,
  sleep: (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms)),
};

export async function startInProcess(options: InProcessOptions) {
  const open = new Map<string, WebSocket>();
  const sessions: { task: SessionTask; done: Promise<void>; kill(): void }[] = [];
  const posted: { at: number; connection: string; message: { event: string } & Record<string, unknown> }[] =
    [];
  const clock = options.clock ?? REAL_CLOCK;
  const tasks = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const http = createServer(
    (incoming, outgoing) =>
      void answer(incoming).then(reply => {
        const body = Buffer.from(reply.body ?? '', reply.isBase64Encoded ? 'base64' : 'utf8');
        outgoing.writeHead(reply.statusCode ?? 200, reply.headers as Record<string, string>).end(body);
      }),
  );
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(http.address() as AddressInfo).port}`;
  const settings = settingsFrom({ PUBLIC_URL: `http://${host}`, ...options.settings });
  const frames = options.frames ?? new MemoryFrames();
  const tables = new MemoryTables();
  const keys = options.keys ?? { DEEPGRAM_API_KEY: 'double-key', OPENAI_API_KEY: 'double-key' };
  const carrier = (options.carrierApi ? vobizClient(options.carrierApi) : unreachable) as VobizClient;

  const sockets: Sockets = {
    post: async (connection, text) => {
      const socket = open.get(connection);
      if (socket?.readyState !== WebSocket.OPEN) return 'gone';
      posted.push({ at: Date.now(), connection, message: JSON.parse(text) });
      socket.send(text);
      return 'ok';
    },
    close: async connection => open.get(connection)?.close(),
    isOpen: async connection => open.get(connection)?.readyState === WebSocket.OPEN,
  };

  /** Every process has a context of its own over the same tables. */
  const contextNow = (): SessionContext => ({
    ...memoryContext({
      tables,
      frames,
      settings,
      carrier,
      now: () => clock.now(),
      start: startTask,
      chance: Math.random,
      ...(options.request && { request: options.request }),
    }),
    vobizTokens: async () => [options.vobizToken],
    sockets,
    streamAddress: () => `ws://${host}/stream`,
    pause: ms => clock.sleep(ms),
    sleepUntil: at => clock.sleep(Math.max(0, at - clock.now())),
    startSession: async task => startSession(task),
    providers: async () => {
      const secret = { read: async () => keys, fresh: async () => keys };
      const real = await providersOf(settings, secret);
      return options.providers?.(real) ?? real;
    },
  });
  const context = contextNow();

  function startTask(task: Task): void {
    if (!options.performsTasks) return;
    const done = perform(contextNow(), task)
      .catch(error => void failures.push(error))
      .finally(() => tasks.delete(done));
    tasks.add(done);
  }

  function startSession(task: SessionTask): void {
    const endsAt = Date.now() + (options.sessionMs ?? 900_000);
    const life = { ended: false };
    const done = runSession(mortal(contextNow(), life), task, () => endsAt - Date.now());
    sessions.push({
      task,
      done,
      kill: () => {
        life.ended = true;
      },
    });
  }

  async function answer(incoming: IncomingMessage) {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = 'POST', url = '/' } = incoming;
    const headers = incoming.headers as Record<string, string>;
    const request = { method, url, headers, body: Buffer.concat(chunks), sourceIp: '127.0.0.1' };
    const path = url.split('?')[0] ?? '/';
    const match = matchRoute(API_ROUTES, method, path);
    if (match) return serveApi(context, toEvent(request, match, arrival()));
    return serve(context, toEvent(request, { route: routeOf(`${method} ${path}`) }, arrival()));
  }

  async function api(method: string, path: string, body?: unknown) {
    const match = matchRoute(API_ROUTES, method, path.split('?')[0] ?? '/');
    if (!match) throw new Error(`No route of the App API fits ${method} ${path}.`);
    const request = {
      method,
      url: path,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
      sourceIp: '127.0.0.1',
    };
    const { statusCode = 200, body: text = '' } = await serveApi(context, toEvent(request, match, arrival()));
    // biome-ignore lint/suspicious/noExplicitAny: answers are checked field by field in the tests
    return { status: statusCode, body: (text === '' ? undefined : JSON.parse(text)) as any };
  }

  // One container of the stream function; the order of what it does at the same time is not promised.
  const stream = createServe(context);
  const gateway = new WebSocketServer({ noServer: true });
  http.on('upgrade', async (incoming, socket, head) => {
    const connectionId = randomUUID();
    const token = new URL(incoming.url ?? '/', `http://${host}`).searchParams.get('token') ?? '';
    const ask = (routeKey: string, more: Partial<StreamRequest> = {}) =>
      stream({ requestContext: { routeKey, connectionId }, ...more });
    const { statusCode } = await ask('$connect', { queryStringParameters: { token } });
    if (statusCode !== 200) return socket.end(`HTTP/1.1 ${statusCode} Refused\r\n\r\n`);
    gateway.handleUpgrade(incoming, socket, head, opened => {
      open.set(connectionId, opened);
      opened.on('message', data => {
        const handle = (request: StreamRequest) => void stream(request);
        const request = { requestContext: { routeKey: '$default', connectionId }, body: String(data) };
        if (options.deliver) options.deliver(request, handle);
        else handle(request);
      });
      opened.on('close', () => void ask('$disconnect'));
    });
  });

  return {
    /** Webhooks and the App API, the latter without its authorizer. */
    url: `http://${host}`,
    answerUrl: `http://${host}/answer?key=${WEBHOOK_KEY}`,
    hangupUrl: `http://${host}/hangup?key=${WEBHOOK_KEY}`,
    context,
    /** Sessions in the order in which they were started. */
    sessions,
    /** What went to the carrier. */
    posted,
    /** An assistant behind a number. */
    async assistant(number: string, choices: Partial<Assistant> & { id: string }) {
      await context.store.directory.assistants.save(choices);
      await context.store.directory.numbers.save({ number, assistant: choices.id });
    },
    startSession,
    api,
    /** Resolves when no task is being performed. Rejects with the first that failed. */
    async settled() {
      while (tasks.size > 0) await Promise.all(tasks);
      if (failures.length > 0) throw failures[0];
    },
    conversation: async (call: string) => (await context.store.conversations.load(call))?.conversation,
    async stop() {
      for (const socket of open.values()) socket.terminate();
      http.close();
      http.closeAllConnections();
    },
  };
}

const routeOf = (key: string) => ({ key }) as Parameters<typeof toEvent>[1]['route'];

const API_ROUTES = [...CONTROL_ROUTES, ...OPEN_ROUTES].map(routeOf);

const arrival = () => ({ apiId: 'api', requestId: randomUUID(), now: Date.now() });

/** From the moment that its life has ended, nothing that is asked of `target` has an effect or an answer any more. */
function mortal<T extends object>(target: T, life: { ended: boolean }): T {
  return new Proxy(target, {
    get(owner, name) {
      const member = Reflect.get(owner, name);
      if (typeof member === 'object' && member !== null) return mortal(member, life);
      if (typeof member !== 'function' || name === 'now') return member;
      return (...given: unknown[]) =>
        life.ended ? new Promise(() => undefined) : Reflect.apply(member, owner, given);
    },
  });
}

const unreachable: Pick<VobizClient, 'transfer' | 'hangUp' | 'liveCall' | 'makeCall'> = {
  transfer: async () => ({ kind: 'unavailable', reason: 'no carrier' }),
  hangUp: async () => ({ kind: 'unavailable', reason: 'no carrier' }),
  liveCall: async () => 'unknown',
  makeCall: async () => ({ kind: 'unavailable', reason: 'no carrier' }),
};
