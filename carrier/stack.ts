/** The stack that `npm run call` calls: the one that `npm start` runs here, or one of its own in memory. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHost } from '../local/host.ts';
import { synthesize } from '../local/synthesize.ts';
import { startCarrier } from './index.ts';

export interface Stack {
  url: string;
  apiKey: string;
  carrierUrl: string;
  carrierToken: string;
  /** Started by us and empty, so that we may do with it as we like. */
  ours: boolean;
  stop(): Promise<void>;
}

/** A running stack cannot be called; the message says why and what to do. */
export class StackError extends Error {}

const RUNNING_FILE = '.switchboard/running.json';
const FROM_NUMBER = '+918071234567';

/** The stack of `npm start`, or undefined when none runs. */
export async function findStack(): Promise<Stack | undefined> {
  if (!existsSync(RUNNING_FILE)) return undefined;
  const running = JSON.parse(await readFile(RUNNING_FILE, 'utf8')) as Partial<Stack & { pid: number }>;
  const { url, apiKey, carrierUrl, carrierToken, pid } = running;
  if (!url || !apiKey || !pid || !isAlive(pid)) return undefined;
  if (!carrierUrl || !carrierToken) {
    throw new StackError(
      'The running stack uses a real Vobiz account, and nobody can pretend to call it.\n' +
        'Stop it to let this command start a stack of its own, or run npm start without VOBIZ_AUTH_ID.',
    );
  }
  return { url, apiKey, carrierUrl, carrierToken, ours: false, stop: async () => undefined };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Synthesizes and starts the whole stack in memory, with a carrier that routes its calls there. */
export async function startOwnStack(): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-call-'));
  const account = { authId: 'MA_SIMULATED', authToken: crypto.randomUUID() };
  const carrier = await startCarrier({ ...account, ownedNumbers: [FROM_NUMBER] });
  try {
    await synthesize({ outdir: folder, context: { FROM_NUMBER, VOBIZ_API_URL: `${carrier.url}/api/v1` } });
    const secrets = { VOBIZ_AUTH_ID: account.authId, VOBIZ_AUTH_TOKEN: account.authToken };
    const host = await startHost({ assemblyDir: folder, secrets });
    const key = `?key=${host.secret('WEBHOOK_KEY')}`;
    carrier.route({
      answerUrl: `${host.url}/answer${key}`,
      hangupUrl: `${host.url}/hangup${key}`,
      fallbackUrl: `${host.url}/fallback${key}`,
    });
    const stop = async () => {
      await carrier.stop();
      await host.stop();
      await rm(folder, { recursive: true, force: true });
    };
    const apiKey = host.secret('API_KEY') ?? '';
    return {
      url: host.url,
      apiKey,
      carrierUrl: carrier.url,
      carrierToken: account.authToken,
      ours: true,
      stop,
    };
  } catch (error) {
    await carrier.stop();
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
