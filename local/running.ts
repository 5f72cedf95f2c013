/** `running.json` in the data folder: where the running stack is, for `npm run call`. It holds keys: mode 600. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

export interface Running {
  url: string;
  apiKey: string;
  webhookKey: string;
  /** The built-in carrier and the token of its control API; absent with a Vobiz account. */
  carrierUrl?: string;
  carrierToken?: string;
  pid: number;
}

export function writeRunning(file: string, running: Running): void {
  rmSync(file, { force: true });
  writeFileSync(file, `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 });
}

export const removeRunning = (file: string) => rmSync(file, { force: true });

/**
 * The stack that the file tells of, if it answers within `patienceMs`. That its process id exists says little: the
 * process may be dying, or a stranger may have got the id since.
 */
export async function findRunning(file: string, patienceMs = 1_000): Promise<Running | undefined> {
  const running = readRunning(file);
  return running && (await isHealthy(running.url, patienceMs)) ? running : undefined;
}

function readRunning(file: string): Running | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Running;
  } catch {
    return undefined; // cut short when its writer died
  }
}

async function isHealthy(url: string, patienceMs: number): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(patienceMs) });
    return response.ok && ((await response.json()) as { status?: unknown }).status === 'ok';
  } catch {
    return false; // nobody is there, or somebody else
  }
}
