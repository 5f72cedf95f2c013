/**
 * Synthesizes the CDK app in a process of its own: CDK's hundred megabytes of code leave with it, and what esbuild
 * and npm print on the way stays out of the terminal unless something fails.
 */
import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { AppOptions } from '../lib/app.ts';

/** The child's answer: nothing when all went well, else what the app objects to. */
export interface SynthesisReport {
  objection?: string;
}

/** Writes the assembly to `outdir`. Rejects with the app's own words when a setting is wrong. */
export async function synthesize(options: AppOptions & { outdir: string }): Promise<void> {
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
