/**
 * The instances of one function. An invocation takes an idle instance; when there is none, another is started,
 * up to the limit, and the invocation goes to whichever is free first. Starts are limited too: a machine with two
 * cores that starts twenty threads at once serves nobody for seconds.
 */
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { FunctionModel } from '../template/model.ts';
import { Instance, type OutputSink, type Result } from './instance.ts';

const MAX_INSTANCES = 32;

interface Waiting {
  payload: string;
  settle: (result: Result) => void;
}

export class Pool {
  readonly #fn: FunctionModel;
  readonly #start: () => Instance;
  readonly #instances = new Set<Instance>();
  readonly #idle: Instance[] = [];
  readonly #queue: Waiting[] = [];
  #starting = 0;
  #stopped = false;

  constructor(fn: FunctionModel, environment: Record<string, string>, output: OutputSink) {
    this.#fn = fn;
    this.#start = () => new Instance(fn, environment, output);
  }

  /** Runs the function once; waits for an instance when all are busy. Never rejects. */
  invoke(payload: string): Promise<Result> {
    return new Promise(settle => {
      this.#queue.push({ payload, settle });
      this.#dispatch();
    });
  }

  /** Ends all instances; invocations under way or waiting end as failures. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const failure = { errorType: 'Runtime.ExitError', errorMessage: 'The host is stopping', trace: [] };
    for (const { settle } of this.#queue.splice(0)) settle({ ok: false, failure });
    await Promise.all([...this.#instances].map(instance => instance.terminate()));
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && !this.#stopped) {
      const instance = this.#takeIdle();
      if (!instance) break;
      const next = this.#queue.shift();
      if (next) void this.#run(instance, next);
    }
    if (!this.#stopped) this.#grow();
  }

  /** An instance that died while nobody used it is left out. */
  #takeIdle(): Instance | undefined {
    const instance = this.#idle.pop();
    if (!instance || instance.alive) return instance;
    this.#instances.delete(instance);
    return this.#takeIdle();
  }

  async #run(instance: Instance, { payload, settle }: Waiting): Promise<void> {
    settle(await instance.invoke(randomUUID(), payload));
    if (instance.alive) this.#idle.push(instance);
    else this.#instances.delete(instance);
    this.#dispatch();
  }

  #grow(): void {
    const limit = this.#fn.maxInstances ?? MAX_INSTANCES;
    const room = limit - this.#instances.size + this.#starting;
    const wanted = Math.min(this.#queue.length, room, availableParallelism());
    for (let n = this.#starting; n < wanted; n++) void this.#add();
  }

  async #add(): Promise<void> {
    this.#starting += 1;
    const instance = this.#start();
    this.#instances.add(instance);
    const failure = await instance.ready();
    this.#starting -= 1;
    if (failure) {
      this.#instances.delete(instance);
      this.#queue.shift()?.settle({ ok: false, failure });
    } else {
      this.#idle.push(instance);
    }
    this.#dispatch();
  }
}
