/** What each function loads at a cold start, against its budget. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { productAssembly } from '../test/support/assembly.ts';
import { type Figure, print } from './report.ts';

const BUDGET_KB: Record<string, number> = { webhooks: 450, stream: 350, control: 600 };
const OTHERS_KB = 450;

export async function benchBundles(): Promise<void> {
  const folder = await productAssembly();
  const figures: Figure[] = [];
  for (const asset of (await readdir(folder)).filter(name => name.startsWith('asset.'))) {
    const file = join(folder, asset, 'index.mjs');
    const size = await stat(file).catch(() => undefined);
    if (!size) continue;
    const name = functionIn(await readFile(file, 'utf8'));
    figures.push({
      what: name,
      value: size.size / 1024,
      unit: 'KB',
      against: { name: 'budget', value: BUDGET_KB[name] ?? OTHERS_KB },
    });
  }
  print('Bundles', figures);
}

/** Told by what only one handler says. */
function functionIn(code: string): string {
  const marks = {
    webhooks: 'A webhook was refused',
    stream: 'A stream was refused',
    session: 'A session has begun',
    sweeper: 'A call whose end was never reported',
    tasks: 'The voicemail webhook was told',
    control: 'openapi',
  };
  return Object.entries(marks).find(([, mark]) => code.includes(mark))?.[0] ?? 'authorizer';
}
