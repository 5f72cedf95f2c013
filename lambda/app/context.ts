/**
 * All that a handler reaches for, in one place: store, carrier, keys, settings, time and chance. Built once per
 * container from the environment; tests build their own.
 */
import { invokeFromEnv } from '../platform/invoke.ts';
import { ENV, SECRET_FIELDS } from '../platform/names.ts';
import { guarded, type SendRequest } from '../platform/outgoing.ts';
import { keysOf, type Secret, type SecretFields, secret, secretsClient } from '../platform/secrets.ts';
import { type Settings, settingsFrom } from '../platform/settings.ts';
import { DEFAULT_QUEUE, type DeploymentDefaults, type Queue, queueDefaults } from '../queue/queue.ts';
import type { QueueChoices } from '../store/directory.ts';
import { type Store, store } from '../store/store.ts';
import { documentClient, table, tablesFromEnv } from '../store/table.ts';
import { type VobizClient, vobizClient } from '../vobiz/rest.ts';
import type { TranscribeFile } from '../voice/providers/provider.ts';
import { recordedSpeech } from './recorded-speech.ts';
import { needed, once, type StreamsContext, streamsFromEnv } from './streams-context.ts';
import type { Task } from './task.ts';

export interface Context extends StreamsContext {
  settings: Settings;
  store: Store;
  /** Accepted webhook keys, newest first; `fresh` after a key did not fit. */
  webhookKeys(fresh?: boolean): Promise<string[]>;
  /** Auth tokens that the carrier may sign with; `fresh` after a signature did not fit. */
  vobizTokens(fresh?: boolean): Promise<string[]>;
  /** `fresh` after the carrier refused the credentials. */
  carrier(fresh?: boolean): Promise<VobizClient>;
  /** Start a task in the background; it is retried by Lambda. */
  start(task: Task): Promise<void>;
  /** An address that a customer has chosen; see `app/send-signed.ts`. */
  request: SendRequest;
  /** What was said in a recording. */
  transcribeFile: TranscribeFile;
  /** Epoch ms. */
  sleepUntil(at: number): Promise<void>;
  /** Resolves when an answer should wait no longer for what goes on beside it. */
  pause(ms: number): Promise<void>;
  /** In [0, 1). */
  chance(): number;
}

export function contextFromEnv(env: NodeJS.ProcessEnv): Context {
  const settings = settingsFrom(env);
  const streaming = streamsFromEnv(env);
  const { now } = streaming;
  const secrets = secretsClient();
  const invoke = invokeFromEnv(env);
  const webhookKey = secret(secrets, needed(env, ENV.webhookKeySecret), now);
  const vobiz = secret(secrets, needed(env, ENV.vobizSecret), now);
  const providers = once(() => secret(secrets, needed(env, ENV.providersSecret), now));
  return {
    settings,
    store: storeFrom(env, settings),
    webhookKeys: async fresh => keysOf(await read(webhookKey, fresh), SECRET_FIELDS.webhookKey),
    vobizTokens: async fresh => vobizTokensOf(await read(vobiz, fresh)),
    carrier: async fresh => {
      const { VOBIZ_AUTH_ID = '', VOBIZ_AUTH_TOKEN = '' } = await read(vobiz, fresh);
      return vobizClient({
        baseUrl: settings.VOBIZ_API_URL,
        authId: VOBIZ_AUTH_ID,
        authToken: VOBIZ_AUTH_TOKEN,
      });
    },
    start: async task => invoke(needed(env, ENV.tasksFunction), task),
    get streams() {
      return streaming.streams;
    },
    streamAddress: streaming.streamAddress,
    startSession: streaming.startSession,
    now,
    request: guarded(settings.HTTP_ALLOW_HOSTS),
    transcribeFile: recordedSpeech(settings.DEEPGRAM_URL, providers),
    sleepUntil: at => new Promise(resume => setTimeout(resume, Math.max(0, at - now()))),
    pause: ms => new Promise(resume => setTimeout(resume, ms)),
    chance: Math.random,
  };
}

function storeFrom(env: NodeJS.ProcessEnv, settings: Settings): Store {
  const names = tablesFromEnv(env);
  const client = documentClient();
  return store({
    calls: table(client, names.calls),
    directory: table(client, names.directory),
    retentionDays: settings.RECORD_RETENTION_DAYS,
  });
}

/** The account's token, its predecessor's during a rotation, and the parent account's. */
const vobizTokensOf = (fields: SecretFields): string[] =>
  [fields.VOBIZ_AUTH_TOKEN, fields.VOBIZ_AUTH_TOKEN_PREVIOUS, fields.VOBIZ_PARENT_AUTH_TOKEN].filter(
    (token): token is string => Boolean(token),
  );

const read = (from: Secret, fresh = false) => (fresh ? from.fresh() : from.read());

/** The queue as its owner and the deployment set it up; an id that nobody set up gets the defaults. */
export async function queueOf(context: Context, id: string): Promise<Queue> {
  return completeQueue(context.settings, (await context.store.directory.queues.one(id)) ?? { id });
}

/** The default queue always exists; of the others, only those that somebody set up. */
export async function existingQueue(context: Context, id: string): Promise<Queue | undefined> {
  const choices = await context.store.directory.queues.one(id);
  if (!choices && id !== DEFAULT_QUEUE) return undefined;
  return completeQueue(context.settings, choices ?? { id });
}

export function completeQueue(settings: Settings, choices: QueueChoices): Queue {
  return { ...queueDefaults(choices.id, deploymentDefaults(settings)), ...choices };
}

function deploymentDefaults(settings: Settings): DeploymentDefaults {
  return {
    hold_music_url: settings.HOLD_MUSIC_URL,
    hold_wait_secs: settings.HOLD_WAIT_SECS,
    max_wait_cycles: settings.MAX_WAIT_CYCLES,
    ring_timeout_secs: settings.RING_TIMEOUT_SECS,
    wrap_up_secs: settings.WRAP_UP_SECS,
  };
}
