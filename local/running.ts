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

/** The stack that the file tells of, if its process is alive. */
export function findRunning(file: string): Running | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const running = JSON.parse(readFileSync(file, 'utf8')) as Running;
    process.kill(running.pid, 0);
    return running;
  } catch {
    return undefined; // a file cut short, or a process that is gone
  }
}
