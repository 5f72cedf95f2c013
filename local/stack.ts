/**
 * A complete local stack: settings, carrier, providers, assembly and host, started in the order in which each needs the one
 * before, and stopped in reverse. `start.ts` puts a terminal around it.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Carrier, startCarrier } from '../carrier/index.ts';
import { type Host, startHost } from './host.ts';
import { askWhatWasKept, type Kept } from './kept.ts';
import { once } from './once.ts';
import { patiently } from './patience.ts';
import { openProviders, type Providers } from './providers.ts';
import { findRunning, removeRunning, writeRunning } from './running.ts';
import { type LocalSettings, loadEnvironment, readLocalSettings, SettingsError } from './settings.ts';
import { synthesize } from './synthesize.ts';
import { openLog } from './terminal.ts';
import { openTunnel } from './tunnel.ts';

export interface StackOptions {
  /** Folder of everything that is kept: data, keys, log, assembly. */
  home: string;
  envFile: string;
  env: NodeJS.ProcessEnv;
  fresh: boolean;
  tunnel: boolean;
  /** Warnings and errors while it runs. */
  print: (line: string) => void;
  /** Called when all that can be checked at once is right, before the seconds that synthesizing takes. */
  onSynthesis?: () => void;
}

export interface Stack {
  /** Where the API answers on this machine. */
  url: string;
  /** What the carrier calls. */
  publicUrl: string;
  apiKey: string;
  webhookKey: string;
  /** Absent when a Vobiz account is used. */
  carrierUrl?: string;
  logFile: string;
  /** Providers of the assistants for which a double stands in. */
  doubled: string[];
  /** The caller ID that agents see; absent: the number that was dialled. */
  fromNumber?: string;
  /** What earlier runs left; absent when the API does not say. */
  kept?: Kept;
  /** Ends everything; calling it twice is harmless. */
  stop(): Promise<void>;
}

type Undo = () => unknown;

/** Rejects with `SettingsError` or an `Error` fit to be read; nothing is left running then. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const undo: Undo[] = [];
  const stop = once(() => inReverse(undo));
  try {
    return { ...(await start(options, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(options: StackOptions, undo: Undo[]): Promise<Omit<Stack, 'stop'>> {
  const { home } = options;
  const settings = await checkFirst(options);
  if (options.fresh) await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true, mode: 0o700 });

  const publicUrl = options.tunnel ? await tunnelUrl(settings, undo) : settings.publicUrl;
  const carrier = settings.secrets.VOBIZ_AUTH_ID ? undefined : await startBuiltInCarrier(settings, undo);
  const providers = await openProviders({ ...settings.context, ...settings.secrets });
  undo.push(providers.stop);
  options.onSynthesis?.();
  await synthesizeWith(assemblyIn(home), settings.context);
  const given = { publicUrl, providers, carrier };
  const host = await runAssembly(options, settings, given, undo);
  if (carrier) undo.push(carrier.stop); // before the host, which answers the last webhooks of the calls it ends

  const stack = describeStack(host, publicUrl ?? host.url, carrier?.url);
  carrier?.route(stack.publicUrl, stack.webhookKey);
  const { url, apiKey, webhookKey } = stack;
  const built = carrier && { carrierUrl: carrier.url, carrierToken: carrier.credentials.VOBIZ_AUTH_TOKEN };
  writeRunning(runningFileIn(home), { url, apiKey, webhookKey, ...built, pid: process.pid });
  undo.push(() => removeRunning(runningFileIn(home)));
  const [kept] = await Promise.all([askWhatWasKept(host), host.warm('stream', 'session')]);
  const fromNumber = settings.context.FROM_NUMBER;
  const { doubled } = providers;
  return {
    ...stack,
    doubled,
    logFile: logFileIn(home),
    ...(fromNumber && { fromNumber }),
    ...(kept && { kept }),
  };
}

const assemblyIn = (home: string) => join(home, 'cdk.out');
const logFileIn = (home: string) => join(home, 'switchboard.log');
const runningFileIn = (home: string) => join(home, 'running.json');

/** Whatever can be refused at once. */
async function checkFirst({ home, env, envFile, print }: StackOptions): Promise<LocalSettings> {
  const { values, warnings } = loadEnvironment(env, envFile);
  for (const warning of warnings) print(warning);
  const settings = readLocalSettings(values);
  await refuseSecondStart(runningFileIn(home));
  await refuseTakenPort('HTTP_PORT', settings.httpPort, settings.httpHost);
  return settings;
}

/** What this start adds to the settings. */
interface Given {
  publicUrl: string | undefined;
  providers: Providers;
  carrier: { url: string; credentials: Record<string, string> } | undefined;
}

async function runAssembly(
  { home, print }: StackOptions,
  settings: LocalSettings,
  { publicUrl, providers, carrier }: Given,
  undo: Undo[],
): Promise<Host> {
  const log = openLog(logFileIn(home), print);
  undo.push(log.close);
  const host = await startHost({
    assemblyDir: assemblyIn(home),
    port: settings.httpPort,
    address: settings.httpHost,
    dataDir: join(home, 'data'),
    settings: { ...providers.settings, ...(carrier && { VOBIZ_API_URL: `${carrier.url}/api/v1` }) },
    secrets: { ...settings.secrets, ...providers.secrets, ...carrier?.credentials },
    ...(publicUrl && { publicUrl }),
    output: log.output,
  });
  undo.push(host.stop);
  return host;
}

function describeStack(host: Host, publicUrl: string, carrierUrl: string | undefined) {
  const apiKey = host.secret('API_KEY') ?? '';
  const webhookKey = host.secret('WEBHOOK_KEY') ?? '';
  return { url: host.url, publicUrl, apiKey, webhookKey, ...(carrierUrl && { carrierUrl }) };
}

async function tunnelUrl(settings: LocalSettings, undo: Undo[]): Promise<string> {
  const tunnel = await openTunnel(settings.httpPort, settings.ngrokToken);
  undo.push(tunnel.close);
  return tunnel.url;
}

/** The carrier with credentials of its own, made up for this run, and a way to point it at the stack. */
async function startBuiltInCarrier(settings: LocalSettings, undo: Undo[]) {
  await refuseTakenPort('CARRIER_PORT', settings.carrierPort);
  const authId = 'MA_LOCAL';
  const authToken = randomBytes(20).toString('hex');
  const carrier: Carrier = await startCarrier({
    port: settings.carrierPort,
    authId,
    authToken,
    ...(settings.context.FROM_NUMBER && { ownedNumbers: [settings.context.FROM_NUMBER] }),
  });
  const stop = once(() => carrier.stop());
  undo.push(stop);
  const route = (base: string, key: string) => {
    const [answerUrl, hangupUrl, fallbackUrl] = entryUrls(base, key);
    carrier.route({ answerUrl, hangupUrl, fallbackUrl });
  };
  const credentials = { VOBIZ_AUTH_ID: authId, VOBIZ_AUTH_TOKEN: authToken };
  return { url: carrier.url, credentials, route, stop };
}

/** The three URLs that a Vobiz application asks for: answer, hangup, fallback. */
export function entryUrls(base: string, webhookKey: string): [string, string, string] {
  const url = (path: string) => `${base}${path}?key=${encodeURIComponent(webhookKey)}`;
  return [url('/answer'), url('/hangup'), url('/fallback')];
}

async function synthesizeWith(outdir: string, context: Record<string, string>): Promise<void> {
  try {
    await synthesize({ outdir, context });
  } catch (error) {
    const [heading = '', ...faults] = (error as Error).message.split('\n');
    if (heading.startsWith('Settings')) throw new SettingsError(faults.join('\n'));
    throw error;
  }
}

async function refuseSecondStart(runningFile: string): Promise<void> {
  const running = await findRunning(runningFile);
  if (!running) return;
  throw new Error(`it is running already at ${running.url} (process ${running.pid}). Stop that one first.`);
}

/** Asked before the seconds that synthesizing takes, so that the answer comes soon. */
async function refuseTakenPort(setting: string, port: number, host = '127.0.0.1'): Promise<void> {
  if (port === 0) return;
  const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;
  try {
    await patiently(
      () => tryPort(port, host),
      error => codeOf(error) === 'EADDRINUSE',
    );
  } catch (error) {
    throw new Error(`port ${port} cannot be used (${codeOf(error)}). ${portCure(setting, port)}`);
  }
}

async function tryPort(port: number, host: string): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(port, host, resolve);
  });
  await new Promise(resolve => probe.close(resolve));
}

const portCure = (setting: string, port: number) =>
  `Stop the program that has it, or choose another with ${setting}, for example ${setting}=${port + 100}.`;

async function inReverse(undo: Undo[]): Promise<void> {
  for (const step of undo.reverse()) await step();
}
