/** The product's commands as processes of their own, in a folder of their own, with none of this machine's settings. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

export interface Command {
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves with the lines so far when one matches; rejects when the process ends without. */
  says(line: RegExp): Promise<string[]>;
  /** Resolves with the exit code, null after a signal. */
  ended: Promise<number | null>;
}

/** Runs what a script of package.json runs, such as `local/start.ts`; killed at the latest with the test. */
export function command(
  program: string,
  { args = [], cwd, env = {} }: { args?: string[]; cwd: string; env?: Record<string, string> },
): Command {
  const { PATH = '', HOME = '', TMPDIR = '' } = process.env;
  const child = spawn(process.execPath, ['--import', TSX, fileURLToPath(new URL(program, ROOT)), ...args], {
    cwd,
    env: { PATH, HOME, ...(TMPDIR && { TMPDIR }), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', text => {
    printed.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', text => {
    printed.stderr += text;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });

  const says = (line: RegExp) =>
    new Promise<string[]>((resolve, reject) => {
      const look = () => {
        const lines = printed.stdout.split('\n').slice(0, -1);
        if (lines.some(each => line.test(each))) resolve(lines);
      };
      child.stdout?.on('data', look);
      look();
      ended.then(code => reject(new Error(`${program} ended with ${code}:\n${printed.stderr}`)), reject);
    });
  return { child, stdout: () => printed.stdout, stderr: () => printed.stderr, says, ended };
}
