/**
 * What takes seconds to make, made once in a run of the tests: by the first file that asks for it, in a folder that
 * all files share. The others wait.
 */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 50;
const PATIENCE_MS = 60_000;

/** @returns the folder that `make` filled, here or elsewhere; nobody may change what is in it */
export async function madeOnce(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const made = join(sharedFolder(), name);
  const claim = `${made}-claim`;
  if (!isFirst(claim)) return whenMade(made);
  const draft = join(claim, 'draft');
  mkdirSync(draft);
  await make(draft);
  renameSync(draft, made);
  return made;
}

/** `share-made.ts` names it; a process that it did not start has its own. */
function sharedFolder(): string {
  if (!process.env.SWITCHBOARD_MADE) {
    const own = mkdtempSync(join(tmpdir(), 'switchboard-made-'));
    process.env.SWITCHBOARD_MADE = own;
    process.once('exit', () => rmSync(own, { recursive: true, force: true }));
  }
  return process.env.SWITCHBOARD_MADE;
}

function isFirst(claim: string): boolean {
  try {
    mkdirSync(claim);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function whenMade(made: string): Promise<string> {
  for (let waited = 0; !existsSync(made); waited += LOOK_MS) {
    if (waited > PATIENCE_MS)
      throw new Error(`The test file that makes ${made} has failed or takes too long; see there.`);
    await sleep(LOOK_MS);
  }
  return made;
}
