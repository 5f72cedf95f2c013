/**
 * Synthesizes the CDK app in a process of its own: CDK's hundred megabytes of code leave with it, and what esbuild
 * and npm print on the way stays out of the terminal unless something fails.
 */
import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { AppOptions } from '../lib/app.ts';
import { digestOf, reuse } from './synthesize-cache.ts';

/** The child's answer: nothing when all went well, else what the app objects to. */
export interface SynthesisReport {
  objection?: string;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = join(ROOT, 'node_modules', '.cache', 'switchboard');
/** Whatever a change of could change the assembly; what is installed stands for the code of the packages. */
const SOURCES = [
  ...['bin', 'lib', 'lambda', 'local/synthesize-child.ts', 'cdk.json', 'package.json', 'package-lock.json'],
  ...['tsconfig.json', 'node_modules/.package-lock.json'],
];

/**
 * Writes the assembly to `outdir`, in place of what is there; one of the same sources and settings is used again.
 * Rejects with the app's own words when a setting is wrong.
 */
export async function synthesize(options: AppOptions & { outdir: string }): Promise<void> {
  const surroundings = Object.entries(process.env).filter(([name]) => name.startsWith('CDK_'));
  const beside = JSON.stringify([
    process.version,
    surroundings.sort(),
    Object.entries(options.context ?? {}).sort(),
  ]);
  const cache = { folder: CACHE, digest: () => digestOf(ROOT, SOURCES, beside) };
  await reuse(cache, options.outdir, () => synthesizeAnew(options));
}

async function synthesizeAnew(options: AppOptions & { outdir: string }): Promise<void> {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const program = fileURLToPath(new URL('./synthesize-child.ts', import.meta.url));
  const child = fork(program, [], { execArgv: ['--import', tsx], silent: true });
  const printed: string[] = [];
  child.stdout?.on('data', chunk => printed.push(String(chunk)));
  child.stderr?.on('data', chunk => printed.push(String(chunk)));
  child.send(options);
  await new Promise<void>((resolve, reject) => {
    child.once('message', ({ objection }: SynthesisReport) => {
      if (objection === undefined) resolve();
      else reject(new Error(isAboutSettings(objection) ? objection : `${objection}\n${printed.join('')}`));
    });
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`cdk synth ended with code ${code}:\n${printed.join('')}`)));
  });
}

/** Such an objection says all there is to say; any other needs what the tools printed. */
const isAboutSettings = (objection: string) => objection.startsWith('Settings');
