/**
 * The product's cloud assembly, synthesized once per test process and shared by all of its tests; a host lays
 * its own settings over it. `SWITCHBOARD_ASSEMBLY` names a folder with one that is already there.
 */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../local/synthesize.ts';

let synthesized: Promise<string> | undefined;

/** Resolves to the folder of the assembly. Takes some seconds at the first call. */
export function productAssembly(): Promise<string> {
  synthesized ??= process.env.SWITCHBOARD_ASSEMBLY
    ? Promise.resolve(process.env.SWITCHBOARD_ASSEMBLY)
    : synthesizeOnce();
  return synthesized;
}

async function synthesizeOnce(): Promise<string> {
  const outdir = await mkdtemp(join(tmpdir(), 'switchboard-assembly-'));
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  await synthesize({ outdir });
  return outdir;
}
