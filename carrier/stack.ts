/** The stack that `npm run call` calls: the one that `npm start` runs here, or one of its own for this call. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRunning } from '../local/running.ts';
import { startStack } from '../local/stack.ts';

export interface Stack {
  url: string;
  apiKey: string;
  carrierUrl: string;
  carrierToken: string;
  /** Started by us and empty, so that we may do with it as we like. */
  ours: boolean;
  stop(): Promise<void>;
}

/** A stack in the middle of a rush answers late, and still is the one to call. */
const PATIENCE_MS = 5_000;

/** A running stack cannot be called; the message says why and what to do. */
export class StackError extends Error {}

/** The stack of `npm start`, or undefined when none runs. Throws `StackError` when it has no carrier to call with. */
export async function findStack(home = '.switchboard'): Promise<Stack | undefined> {
  const running = await findRunning(join(home, 'running.json'), PATIENCE_MS);
  if (!running) return undefined;
  const { url, apiKey, carrierUrl, carrierToken } = running;
  if (!carrierUrl || !carrierToken) {
    throw new StackError(
      'The running stack uses a real Vobiz account, and nobody can pretend to call it.\n' +
        'Stop it to let this command start a stack of its own, or run npm start without VOBIZ_AUTH_ID.',
    );
  }
  return { url, apiKey, carrierUrl, carrierToken, ours: false, stop: async () => undefined };
}

/** Starts a whole stack in a folder of its own, on free ports, and forgets all of it when it stops. */
export async function startOwnStack(settings: Record<string, string> = {}): Promise<Stack> {
  const home = await mkdtemp(join(tmpdir(), 'switchboard-call-'));
  const forget = () => rm(home, { recursive: true, force: true });
  const env = { HTTP_PORT: '0', FROM_NUMBER: '+918071234567', ...settings };
  const envFile = join(home, '.env');
  const print = (line: string) => void process.stderr.write(`${line}\n`);
  try {
    const started = await startStack({ home, envFile, env, fresh: false, tunnel: false, print });
    const stop = () => started.stop().finally(forget);
    const found = await findStack(home);
    if (found) return { ...found, ours: true, stop };
    await stop();
    throw new StackError('The stack was started, but left no word of where it is.');
  } catch (error) {
    await forget();
    throw error;
  }
}
