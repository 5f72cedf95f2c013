/**
 * The Lambda service: synchronous and asynchronous invocations, and the Invoke API that functions call. An
 * asynchronous invocation that fails is repeated as its EventInvokeConfig says, after the pauses Lambda makes;
 * pending repetitions do not outlive the host.
 */
import type { Guard } from '../aws/guard.ts';
import { AwsError, type AwsHandler } from '../aws/protocol.ts';
import type { FunctionModel } from '../template/model.ts';
import type { Result } from './instance.ts';
import { Pool, type Usage } from './pool.ts';

/** Lambda waits a minute before the first repetition, two before the second. */
export const RETRY_PAUSES_MS = [60_000, 120_000];

export interface LambdaOptions {
  functions: FunctionModel[];
  /** What every function gets beside its own variables, given its name. */
  runtimeEnvironment: (name: string) => Record<string, string>;
  output: (functionName: string, stream: 'stdout' | 'stderr', text: string) => void;
  retryPausesMs?: readonly number[];
}

export class Lambda {
  readonly #functions = new Map<string, { model: FunctionModel; pool: Pool }>();
  readonly #output: LambdaOptions['output'];
  readonly #pausesMs: readonly number[];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  #stopped = false;

  constructor({ functions, runtimeEnvironment, output, retryPausesMs = RETRY_PAUSES_MS }: LambdaOptions) {
    this.#output = output;
    this.#pausesMs = retryPausesMs;
    for (const model of functions) {
      const environment = { ...runtimeEnvironment(model.name), ...model.environment };
      const pool = new Pool(model, environment, (stream, text) => output(model.name, stream, text));
      this.#functions.set(model.name, { model, pool });
    }
  }

  /** Runs a function and gives its result; a failure is told on its stderr. */
  async invoke(name: string, payload: string): Promise<Result> {
    const result = await this.#find(name).pool.invoke(payload);
    if (!result.ok && !this.#stopped) {
      const { errorType, errorMessage, trace } = result.failure;
      this.#output(name, 'stderr', [`${errorType}: ${errorMessage}`, ...trace.slice(1)].join('\n'));
    }
    return result;
  }

  /** Accepts an event and returns; the function runs, and is repeated, later. */
  invokeLater(name: string, payload: string): void {
    const { model } = this.#find(name);
    const accepted = Date.now();
    const attempt = async (repetition: number): Promise<void> => {
      const result = await this.invoke(name, payload);
      const pause = this.#pausesMs[Math.min(repetition, this.#pausesMs.length - 1)] ?? 0;
      const tooOld = Date.now() + pause - accepted > model.retries.maxAgeMs;
      if (result.ok || this.#stopped || repetition >= model.retries.attempts || tooOld) return;
      this.#after(pause, () => this.#track(attempt(repetition + 1)));
    };
    this.#track(attempt(0));
  }

  /** Starts an instance of a function ahead of its first invocation. */
  warm(name: string): Promise<void> {
    return this.#find(name).pool.warm();
  }

  /** Ends in mid-run the instances of a function whose event matches; returns their number. */
  kill(name: string, matches: (event: unknown) => boolean): number {
    return this.#find(name).pool.kill(matches);
  }

  /** What each function did so far. */
  usage(): Record<string, Usage> {
    return Object.fromEntries([...this.#functions].map(([name, { pool }]) => [name, { ...pool.usage }]));
  }

  /** Resolves when no asynchronous invocation is running or due; pauses count as due. */
  async settled(): Promise<void> {
    while (this.#running.size + this.#timers.size > 0) {
      await Promise.all(this.#running);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    await Promise.all([...this.#functions.values()].map(({ pool }) => pool.stop()));
  }

  /** `POST /2015-03-31/functions/{name or ARN}/invocations`. */
  api(guard: Guard): AwsHandler {
    return async ({ path, headers, body, caller }) => {
      const target = /^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(path)?.[1] ?? '';
      const name = decodeURIComponent(target).split(':function:').at(-1)?.split(':')[0] ?? '';
      const { model } = this.#find(name);
      guard(caller, 'lambda:InvokeFunction', model.arn);
      const payload = body.length > 0 ? body.toString() : '{}';
      if (headers['x-amz-invocation-type'] === 'Event') {
        this.invokeLater(name, payload);
        return { status: 202, body: '' };
      }
      const result = await this.invoke(name, payload);
      if (result.ok) return { body: result.payload };
      return { headers: { 'x-amz-function-error': 'Unhandled' }, body: JSON.stringify(result.failure) };
    };
  }

  #find(name: string): { model: FunctionModel; pool: Pool } {
    const found = this.#functions.get(name);
    if (!found) throw new AwsError('ResourceNotFoundException', `Function not found: ${name}`, {}, 404);
    return found;
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  #after(milliseconds: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, milliseconds);
    this.#timers.add(timer);
  }
}

/** Credentials and endpoints, as Lambda gives them to a function; the access key id is the function's name. */
export function awsEnvironment(name: string, endpoint: string, region: string): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: name,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ENDPOINT_URL_LAMBDA: endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    TZ: ':UTC',
  };
}
