/**
 * The product under test: its real handlers over tables in memory. Each request runs as a process of its own,
 * which can die or lose the store at any of its operations and can be interleaved with others.
 */
import { registerAgent, removeAgent, setAgentState } from '../../lambda/api/agents.ts';
import { createCallback } from '../../lambda/api/callbacks.ts';
import type { Context } from '../../lambda/app/context.ts';
import type { Task } from '../../lambda/app/task.ts';
import { StoreUnavailable } from '../../lambda/store/outage.ts';
import { sweep } from '../../lambda/sweep/sweep.ts';
import { perform } from '../../lambda/tasks/perform.ts';
import { serve } from '../../lambda/webhooks/serve.ts';
import { memoryContext, type Surroundings } from '../support/memory-context.ts';
import type { Hooks } from '../support/memory-table.ts';
import type { Turn } from '../support/turns.ts';

/** At its `at`th operation on the store the process dies, or the store fails; `after`: the operation took effect. */
export interface Fault {
  at: number;
  when: 'before' | 'after';
  how: 'dies' | 'store fails';
}

/** Under what a process runs. */
export interface Conditions {
  fault?: Fault | undefined;
  turn?: Turn | undefined;
}

export interface CarrierRequest {
  url: string;
  fields: Record<string, string>;
}

export const DIED = Symbol('died');
const NEVER = new Promise<never>(() => undefined);

export class Product {
  /** Faults that have struck. */
  faults = 0;
  /** The turn of the process that runs now, for the carrier that it calls. */
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** @returns the document, or undefined when there is no good answer and the carrier must deliver again */
  async webhook(request: CarrierRequest, conditions: Conditions = {}): Promise<string | undefined> {
    const before = this.faults;
    const result = await this.#run(conditions, context => serve(context, eventOf(request)));
    if (result === DIED) return undefined;
    if (result.statusCode === 200) return result.body ?? '';
    if (this.faults === before) throw new Error(`Answered ${result.statusCode}: ${result.body}`);
    return undefined;
  }

  register = (number: string, queues: string[], conditions?: Conditions) =>
    this.#api(conditions, context =>
      registerAgent.run(context, {
        path: {},
        query: {},
        body: () => ({ number, name: `Agent ${number}`, queues }),
      }),
    );

  /** A number that has a callback open is refused another. */
  callBack = (number: string, queue: string, conditions?: Conditions) =>
    this.#api(conditions, context =>
      createCallback
        .run(context, { path: {}, query: {}, body: () => ({ number, queue }) })
        .catch((error: { status?: number }) => {
          if (error.status !== 409 && error.status !== 404) throw error;
        }),
    );

  setState = (number: string, state: 'available' | 'away', conditions?: Conditions) =>
    this.#api(conditions, context =>
      setAgentState.run(context, { path: { number }, query: {}, body: () => ({ state }) }),
    );

  unregister = (number: string, conditions?: Conditions) =>
    this.#api(conditions, context =>
      removeAgent.run(context, { path: { number }, query: {}, body: () => undefined }),
    );

  sweep = (conditions?: Conditions) => this.#api(conditions, sweep);

  /** Lambda repeats a task that fails, so one that died is performed again. */
  async perform(task: Task, conditions?: Conditions): Promise<void> {
    await this.#api(conditions, context => perform(context, task));
    await this.#api({ turn: conditions?.turn }, context => perform(context, task));
  }

  async #api(conditions: Conditions = {}, work: (context: Context) => Promise<unknown>): Promise<void> {
    await this.#run(conditions, work).catch(error => {
      if (!(error instanceof StoreUnavailable) || !conditions.fault) throw error;
    });
  }

  async #run<T>({ fault, turn }: Conditions, work: (context: Context) => Promise<T>) {
    let operations = 0;
    let dead = false;
    let die: (how: typeof DIED) => void;
    const death = new Promise<typeof DIED>(resolve => {
      die = resolve;
    });
    const strike = (when: Fault['when']): Promise<never> | undefined => {
      if (dead) return NEVER;
      if (!fault || fault.at !== operations || fault.when !== when) return undefined;
      this.faults++;
      if (fault.how === 'store fails') return Promise.reject(new StoreUnavailable('Scripted.'));
      dead = true;
      die(DIED);
      return NEVER;
    };
    const hooks: Hooks = {
      before: () => {
        operations++;
        return turn ? turn().then(() => strike('before')) : strike('before');
      },
      after: () => strike('after'),
    };
    const context = memoryContext(this.#around, hooks);
    const carrier = turn ? takingTurns(await context.carrier(), turn) : undefined;
    return Promise.race([work(carrier ? { ...context, carrier: async () => carrier } : context), death]);
  }
}

type Carrier = Awaited<ReturnType<Context['carrier']>>;

/** The carrier's REST API, another process: the request and its answer take time. */
function takingTurns(carrier: Carrier, turn: Turn): Carrier {
  return {
    ...carrier,
    async transfer(...given) {
      await turn();
      const outcome = await carrier.transfer(...given);
      await turn();
      return outcome;
    },
    async liveCall(id) {
      await turn();
      return carrier.liveCall(id);
    },
    async makeCall(order) {
      await turn();
      const outcome = await carrier.makeCall(order);
      await turn();
      return outcome;
    },
  };
}

function eventOf({ url, fields }: CarrierRequest): Parameters<typeof serve>[1] {
  const { pathname: rawPath, search } = new URL(url);
  const event = {
    rawPath,
    rawQueryString: search.slice(1),
    headers: {},
    body: new URLSearchParams(fields).toString(),
    isBase64Encoded: false,
    requestContext: { http: { method: 'POST' } },
  };
  return event as unknown as Parameters<typeof serve>[1];
}
