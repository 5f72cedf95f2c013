/**
 * One execution environment: a worker thread with the function's own variables and nothing of the host's. It
 * takes one invocation at a time, keeps its module state between them, and dies of a timeout or a crash. Unlike
 * Lambda's it is not frozen between invocations.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { transformSync } from 'esbuild';
import type { FunctionModel } from '../template/model.ts';
import type { Boot, FunctionFailure, Invocation, Outcome } from './runtime.ts';

export type Result = { ok: true; payload: string } | { ok: false; failure: FunctionFailure };
export type OutputSink = (stream: 'stdout' | 'stderr', text: string) => void;

let compiled: string | undefined;

function runtimeCode(): string {
  const file = fileURLToPath(new URL('./runtime.ts', import.meta.url));
  compiled ??= transformSync(readFileSync(file, 'utf8'), {
    loader: 'ts',
    format: 'cjs',
    target: 'node20',
  }).code;
  return compiled;
}

export class Instance {
  readonly #fn: FunctionModel;
  readonly #worker: Worker;
  #settle: (outcome: Outcome) => void = () => undefined;
  #alive = true;

  /** Starts the thread; `ready` must resolve before the first `invoke`. */
  constructor(fn: FunctionModel, environment: Record<string, string>, output: OutputSink) {
    this.#fn = fn;
    const url = pathToFileURL(fn.file).href;
    this.#worker = new Worker(runtimeCode(), {
      eval: true,
      env: environment,
      execArgv: [],
      stdout: true,
      stderr: true,
      workerData: { url, export: fn.export, name: fn.name, arn: fn.arn } satisfies Boot,
    });
    this.#worker.stdout.on('data', chunk => output('stdout', String(chunk)));
    this.#worker.stderr.on('data', chunk => output('stderr', String(chunk)));
    this.#worker.on('message', (outcome: Outcome) => this.#settle(outcome));
    this.#worker.on('error', error => this.#die('Runtime.UnhandledError', error.message, error.stack));
    this.#worker.on('exit', code =>
      this.#die('Runtime.ExitError', `Runtime exited with exit status ${code}`),
    );
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Resolves when the bundle is loaded, or with what prevented it. */
  async ready(): Promise<FunctionFailure | undefined> {
    const outcome = await this.#next();
    return outcome.kind === 'failed' ? outcome.failure : undefined;
  }

  /** Runs the function once, within its timeout. Never rejects. */
  async invoke(requestId: string, payload: string): Promise<Result> {
    const { timeoutMs } = this.#fn;
    const outcome = this.#next();
    const timer = setTimeout(() => {
      this.#die(
        'Sandbox.Timedout',
        `${requestId} Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`,
      );
    }, timeoutMs);
    this.#worker.postMessage({ requestId, payload, deadline: Date.now() + timeoutMs } satisfies Invocation);
    const result = await outcome;
    clearTimeout(timer);
    if (result.kind === 'done') return { ok: true, payload: result.payload };
    if (result.kind === 'failed') return { ok: false, failure: result.failure };
    throw new Error(`The instance of ${this.#fn.name} started twice`);
  }

  async terminate(): Promise<void> {
    this.#die('Runtime.ExitError', 'The instance was ended');
    await this.#worker.terminate();
  }

  #next(): Promise<Outcome> {
    return new Promise(resolve => {
      this.#settle = resolve;
    });
  }

  #die(errorType: string, errorMessage: string, stack = ''): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#settle({ kind: 'failed', failure: { errorType, errorMessage, trace: stack.split('\n') } });
    void this.#worker.terminate();
  }
}
