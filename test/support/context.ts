/**
 * A context for tests of handlers: the real store on a database in memory, a clock that stands still until it
 * is moved, and a carrier that notes what it is asked.
 */
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Context } from '../../lambda/app/context.ts';
import type { MediaContext } from '../../lambda/app/media-context.ts';
import type { SessionTask, Task } from '../../lambda/app/task.ts';
import { framesTable } from '../../lambda/media/frames-table.ts';
import { streams } from '../../lambda/media/streams.ts';
import { guarded } from '../../lambda/platform/outgoing.ts';
import { settingsFrom } from '../../lambda/platform/settings.ts';
import { store } from '../../lambda/store/store.ts';
import { table } from '../../lambda/store/table.ts';
import type { Liveness, NewCall, Outcome, VobizClient } from '../../lambda/vobiz/rest.ts';
import { startTestTables } from './dynamo.ts';
import { SocketLog } from './socket-log.ts';

export const START = Date.parse('2026-03-02T10:30:00.000Z');

/** Of any handler, `stream` and `session` included. */
type HandlerContext = Context & MediaContext;

export type TestContext = HandlerContext & {
  /** Epoch ms; assign to move the clock. */
  time: number;
  /** What `chance()` gives, in [0, 1). */
  luck: number;
  keys: string[];
  tokens: string[];
  tasks: Task[];
  /** Sessions that were started. */
  sessions: SessionTask[];
  socketLog: SocketLog;
  carrierLog: CarrierLog;
  /** Faults and capacity of the database. */
  dynamo: Awaited<ReturnType<typeof startTestTables>>;
  stop(): Promise<void>;
};

/** What the carrier was asked, and what it answers. */
export class CarrierLog {
  readonly transfers: { call: string; url: string }[] = [];
  readonly hangUps: string[] = [];
  readonly placed: NewCall[] = [];
  /** Calls whose recording was to stop. */
  readonly unrecorded: string[] = [];
  /** Files of recordings, by address. */
  readonly files = new Map<string, Awaited<ReturnType<VobizClient['recording']>>>();
  /** Streams that were to stop. */
  readonly stopped: { call: string; stream?: string }[] = [];
  /** The answer to every transfer, every hang-up and every stop. */
  outcome: Outcome = { kind: 'ok' };
  /** The answer to every request to place a call; by default the carrier takes it. */
  placing: Awaited<ReturnType<VobizClient['makeCall']>> | undefined;
  /** Of calls that are not named here the carrier says `live`. */
  readonly liveness = new Map<string, Liveness>();

  readonly client: VobizClient = {
    transfer: async (call, { alegUrl: url }) => {
      this.transfers.push({ call, url });
      return this.outcome;
    },
    hangUp: async call => {
      this.hangUps.push(call);
      return this.outcome;
    },
    stopRecording: async call => {
      this.unrecorded.push(call);
      return this.outcome;
    },
    stopStreams: async (call, stream) => {
      this.stopped.push({ call, ...(stream !== undefined && { stream }) });
      return this.outcome;
    },
    recording: async url => this.files.get(url) ?? { kind: 'gone' },
    liveCall: async call => this.liveness.get(call) ?? 'live',
    makeCall: async call => {
      this.placed.push(call);
      return this.placing ?? { kind: 'ok', callId: `placed-${this.placed.length}` };
    },
  };
}

/** @param env settings by name; PUBLIC_URL is `https://switchboard.test` unless given */
export async function testContext(env: Record<string, string> = {}): Promise<TestContext> {
  const dynamo = await startTestTables();
  const settings = settingsFrom({ PUBLIC_URL: 'https://switchboard.test', ...env });
  const carrierLog = new CarrierLog();
  const socketLog = new SocketLog();
  const tasks: Task[] = [];
  const sessions: SessionTask[] = [];
  const documents = documentsOf(dynamo);
  const context: TestContext = {
    time: START,
    luck: 0,
    keys: ['webhook-key-of-the-tests'],
    tokens: ['auth-token-of-the-tests'],
    tasks,
    sessions,
    socketLog,
    carrierLog,
    dynamo,
    settings,
    store: store({
      calls: table(documents, dynamo.tables.calls),
      directory: table(documents, dynamo.tables.directory),
      retentionDays: settings.RECORD_RETENTION_DAYS,
    }),
    streams: streams(framesTable(documents, dynamo.tables.frames)),
    sockets: socketLog.sockets,
    streamAddress: () => 'wss://streams.switchboard.test/stream',
    startSession: async task => {
      sessions.push(task);
    },
    webhookKeys: async () => context.keys,
    vobizTokens: async () => context.tokens,
    carrier: async () => carrierLog.client,
    start: async task => {
      tasks.push(task);
    },
    now: () => context.time,
    request: guarded(settings.HTTP_ALLOW_HOSTS),
    transcribeFile: async () => [],
    sleepUntil: async at => {
      context.time = Math.max(context.time, at);
    },
    pause: () => new Promise(() => undefined),
    chance: () => context.luck,
    stop: () => dynamo.stop(),
  };
  return context;
}

const documentsOf = ({ client }: TestContext['dynamo']) =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
