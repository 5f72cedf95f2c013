/**
 * The instances of one function. An invocation takes an idle instance; when there is none, another is started,
 * up to the limit, and the invocation goes to whichever is free first. Who waits long because of the limit is told of.
 * Starts are limited too: a machine with two cores that starts twenty threads at once serves nobody for seconds.
 */
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { FunctionModel } from '../template/model.ts';
import { Instance, type OutputSink, type Result } from './instance.ts';

const MAX_INSTANCES = 32;
const LONG_WAIT_MS = 1_000;

/** Invocations so far, and how long they ran together. */
export interface Usage {
  invocations: number;
  milliseconds: number;
}

interface Waiting {
  payload: string;
  settle: (result: Result) => void;
}

export class Pool {
  readonly #fn: FunctionModel;
  readonly #start: () => Instance;
  readonly #output: OutputSink;
  readonly #running = new Map<Instance, string>();
  readonly #instances = new Set<Instance>();
  readonly #idle: Instance[] = [];
  readonly #queue: Waiting[] = [];
  readonly usage: Usage = { invocations: 0, milliseconds: 0 };
  #starting = 0;
  #complaint?: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(fn: FunctionModel, environment: Record<string, string>, output: OutputSink) {
    this.#fn = fn;
    this.#output = output;
    this.#start = () => new Instance(fn, environment, output);
  }

  /** Runs the function once; waits for an instance when all are busy. Never rejects. */
  invoke(payload: string): Promise<Result> {
    return new Promise(settle => {
      this.#queue.push({ payload, settle });
      this.#dispatch();
    });
  }

  /** Starts an instance ahead of the first invocation. */
  async warm(): Promise<void> {
    if (this.#instances.size === 0) await this.#add();
  }

  /** Ends in mid-run the instances whose event matches, as a crash would. Returns their number. */
  kill(matches: (event: unknown) => boolean): number {
    const victims = [...this.#running].filter(([, payload]) => matches(JSON.parse(payload)));
    for (const [instance] of victims) void instance.terminate();
    return victims.length;
  }

  /** Ends all instances; invocations under way or waiting end as failures. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#complaint);
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
    if (!this.#stopped) this.#watchWaits();
  }

  /** An instance that died while nobody used it is left out. */
  #takeIdle(): Instance | undefined {
    const instance = this.#idle.pop();
    if (!instance || instance.alive) return instance;
    this.#instances.delete(instance);
    return this.#takeIdle();
  }

  async #run(instance: Instance, { payload, settle }: Waiting): Promise<void> {
    this.#running.set(instance, payload);
    this.usage.invocations += 1;
    const from = performance.now();
    const result = await instance.invoke(randomUUID(), payload);
    this.usage.milliseconds += performance.now() - from;
    this.#running.delete(instance);
    settle(result);
    if (instance.alive) this.#idle.push(instance);
    else this.#instances.delete(instance);
    this.#dispatch();
  }

  #grow(): void {
    const room = this.#limit - this.#instances.size + this.#starting;
    const wanted = Math.min(this.#queue.length, room, availableParallelism());
    for (let n = this.#starting; n < wanted; n++) void this.#add();
  }

  /** Says so when an invocation has waited long for one of all the instances there may be. */
  #watchWaits(): void {
    const [oldest] = this.#queue;
    if (!oldest || this.#complaint || this.#running.size < this.#limit) return;
    this.#complaint = setTimeout(() => {
      this.#complaint = undefined;
      if (this.#queue[0] !== oldest) return;
      const busy = `all ${this.#limit} instances are busy and ${this.#queue.length} invocations wait`;
      this.#output('stderr', `Throttled: ${busy}; the host takes another limit as \`instances\`.`);
    }, LONG_WAIT_MS).unref();
  }

  get #limit(): number {
    return this.#fn.maxInstances ?? MAX_INSTANCES;
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
