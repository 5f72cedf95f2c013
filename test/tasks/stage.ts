/**
 * A call in a flow, and performers of what the flow leaves to be done: each with a process of its own over the same
 * tables, which can die between any two operations. Requests and the carrier are the test's; the clock moves when
 * somebody sleeps, and by hand.
 */
import { beginFlow } from '../../lambda/app/begin-flow.ts';
import { change } from '../../lambda/app/change.ts';
import type { Context } from '../../lambda/app/context.ts';
import { stepFlow } from '../../lambda/app/flow-step.ts';
import type { Task } from '../../lambda/app/task.ts';
import type { Call } from '../../lambda/call/call.ts';
import { arriveInFlow } from '../../lambda/call/flow-call.ts';
import type { FlowRun } from '../../lambda/call/flow-run.ts';
import * as move from '../../lambda/call/transitions.ts';
import type { FlowEvent } from '../../lambda/flow/event.ts';
import type { Action, Flow } from '../../lambda/flow/flow.ts';
import type { Answer, Outgoing } from '../../lambda/platform/outgoing.ts';
import { settingsFrom } from '../../lambda/platform/settings.ts';
import { fromItem } from '../../lambda/store/calls.ts';
import { performEffects } from '../../lambda/tasks/effects.ts';
import { CarrierLog } from '../support/context.ts';
import { memoryContext, PUBLIC_URL } from '../support/memory-context.ts';
import { type Hooks, MemoryTables } from '../support/memory-table.ts';

export const CALL = 'call-1';
export const CALLER = '+919900000001';
export const LINE = '+911140000001';
export const START = Date.UTC(2026, 2, 2, 10, 30);

export type Reply = Answer | Error | undefined;

export class Stage {
  readonly tables = new MemoryTables();
  readonly carrier = new CarrierLog();
  readonly tasks: Task[] = [];
  readonly requests: (Outgoing & { at: number })[] = [];
  now = START;
  /** How requests are answered; undefined is no answer in the time that the request has. */
  reply: (request: Outgoing, n: number) => Reply = () => ({ status: 200, text: '' });
  readonly #settings;
  readonly context: Context;

  constructor(settings: Record<string, string> = {}) {
    this.#settings = settingsFrom({ PUBLIC_URL, ...settings });
    this.context = this.process();
  }

  process(hooks?: Hooks): Context {
    const context = memoryContext(
      {
        tables: this.tables,
        settings: this.#settings,
        carrier: this.carrier.client,
        request: request => this.#answer(request),
        now: () => this.now,
        start: task => this.tasks.push(task),
        chance: () => 0,
      },
      hooks,
    );
    return {
      ...context,
      sleepUntil: async at => {
        this.now = Math.max(this.now, at);
      },
    };
  }

  async #answer(request: Outgoing): Promise<Answer> {
    this.requests.push({ ...request, at: this.now });
    const reply = this.reply(request, this.requests.length);
    if (reply === undefined) {
      this.now += request.timeoutMs;
      throw new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    }
    if (reply instanceof Error) throw reply;
    return reply;
  }

  async save(flow: Partial<Flow> & { id: string; actions: Action[] }): Promise<void> {
    const { flows } = this.context.store;
    const saved = await flows.save(undefined, { name: flow.id, ...flow }, { publish: true, now: this.now });
    if (!saved) throw new Error(`The flow ${flow.id} could not be saved.`);
  }

  /** The call comes in, and its flow begins. */
  async begin(actions: Action[], more: Partial<Flow> = {}): Promise<void> {
    await this.save({ id: 'main', actions, ...more });
    const held = {
      call: arriveInFlow({ id: CALL, from: CALLER, to: LINE, direction: 'inbound' }, this.now),
      agents: [],
    };
    const begun = await beginFlow(this.context, held, { id: 'main' }, {}, this.now);
    if (!begun) throw new Error('There is no flow.');
    await this.context.store.commit({ call: { before: undefined, after: begun.call }, agents: [] });
  }

  perform = (context = this.context): Promise<void> => performEffects(context, CALL);

  /** The carrier asks for the next document: the flow is told what has come for it. */
  async goOn(): Promise<void> {
    const { result } = await this.run();
    if (!result) throw new Error('Nothing has come for the flow.');
    await this.#tell(() => result);
  }

  /** The carrier has come to the end of the document. */
  continued = (): Promise<void> => this.#tell(step => ({ type: 'continued', step }));

  async #tell(event: (step: number) => FlowEvent): Promise<void> {
    await change(this.context, CALL, async (held, _queue, now) => {
      const { flow } = held.call;
      if (!flow) return held;
      const inFlow = { ...held, call: { ...held.call, flow } };
      return (await stepFlow(this.context, inFlow, event(flow.state.step), now)) ?? held;
    });
  }

  hangUp = (id = CALL) =>
    change(this.context, id, (held, queue, now) =>
      move.hangUp(held, { cause: 'NORMAL_CLEARING' }, queue, now),
    );

  async call(id = CALL): Promise<Call> {
    const call = await this.context.store.calls.one(id);
    if (!call) throw new Error(`There is no call ${id}.`);
    return call;
  }

  async run(): Promise<FlowRun> {
    const { flow } = await this.call();
    if (!flow) throw new Error('The call has no flow.');
    return flow;
  }

  /** Of each request, its `webhook-id`. */
  get ids(): (string | undefined)[] {
    return this.requests.map(({ headers }) => headers['webhook-id']);
  }

  /** Every call but the first. */
  get placed(): Call[] {
    const items = [...this.tables.items('Calls')].filter(({ sk, id }) => sk === 'CALL' && id !== CALL);
    return items.map(fromItem);
  }
}

export function signal(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>(done => {
    resolve = done;
  });
  return { promise, resolve };
}

/** A process dies at the `nth` point between its operations on the tables; `died` resolves when it has. */
export function deathAt(nth: number): { hooks: Hooks; died: Promise<void> } {
  let passed = 0;
  const { promise: died, resolve: die } = signal();
  const pass = (): Promise<void> | undefined => {
    passed += 1;
    if (passed <= nth) return undefined;
    die();
    return new Promise(() => undefined);
  };
  return { hooks: { before: pass, after: pass }, died };
}

/** What is ready to happen happens. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
}

export const webhook = (more: Record<string, unknown> = {}, id = 'lookup-customer'): Action => ({
  id,
  type: 'webhook_send',
  option: { uri: 'https://your-api.com/customers', data: '{"n":1}', ...more },
});
