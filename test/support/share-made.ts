/** A folder in which the test files of one run share what `madeOnce` makes. */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function setup(): Promise<() => void> {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-made-'));
  process.env.SWITCHBOARD_MADE = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
