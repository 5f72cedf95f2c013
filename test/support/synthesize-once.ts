/** Synthesizes the product before the first test of the whole stack; every test process uses the same folder. */
import { rm } from 'node:fs/promises';
import { productAssembly } from './assembly.ts';

export async function setup() {
  if (process.env.SWITCHBOARD_ASSEMBLY) return undefined;
  const folder = await productAssembly();
  process.env.SWITCHBOARD_ASSEMBLY = folder;
  return () => rm(folder, { recursive: true, force: true });
}
