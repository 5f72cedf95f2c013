/**
 * The product's `Context` over tables in memory: its own clock, its own chance, keys that are no secret, and a
 * carrier of the test's choice. Each process gets its own context, so that faults can strike one of them.
 */
import type { Context } from '../../lambda/app/context.ts';
import type { Task } from '../../lambda/app/task.ts';
import type { FramesTable } from '../../lambda/media/frames-table.ts';
import { streams } from '../../lambda/media/streams.ts';
import { guarded, type SendRequest } from '../../lambda/platform/outgoing.ts';
import type { Settings } from '../../lambda/platform/settings.ts';
import { store } from '../../lambda/store/store.ts';
import type { VobizClient } from '../../lambda/vobiz/rest.ts';
import { MemoryFrames } from './memory-frames.ts';
import type { Hooks, MemoryTables } from './memory-table.ts';

export const PUBLIC_URL = 'https://calls.example.com';
export const WEBHOOK_KEY = 'webhook-key-of-the-tests';

export interface Surroundings {
  tables: MemoryTables;
  /** One of its own unless given. */
  frames?: FramesTable;
  settings: Settings;
  carrier: VobizClient;
  /** What answers requests to customers' addresses; the guarded one unless given. */
  request?: SendRequest;
  now(): number;
  /** Takes note of a background task. */
  start(task: Task): void;
  chance(): number;
}

export function memoryContext(around: Surroundings, hooks?: Hooks): Context {
  const { settings } = around;
  return {
    settings,
    store: store({
      calls: around.tables.view('Calls', hooks),
      directory: around.tables.view('Directory', hooks),
      retentionDays: settings.RECORD_RETENTION_DAYS,
    }),
    webhookKeys: async () => [WEBHOOK_KEY],
    vobizTokens: async () => [],
    carrier: async () => around.carrier,
    start: async task => around.start(task),
    streams: streams(around.frames ?? new MemoryFrames()),
    streamAddress: () => 'wss://streams.example.com/stream',
    startSession: async () => undefined,
    request: around.request ?? guarded(settings.HTTP_ALLOW_HOSTS),
    transcribeFile: async () => [],
    now: around.now,
    sleepUntil: async () => undefined,
    pause: () => new Promise(() => undefined),
    chance: around.chance,
  };
}
