/** A queue with callbacks over tables in memory: agents, callers on hold, and the phones that ring for callbacks. */
import { registerAgent } from '../../lambda/api/agents.ts';
import { createCallback } from '../../lambda/api/callbacks.ts';
import type { Context } from '../../lambda/app/context.ts';
import type { Task } from '../../lambda/app/task.ts';
import type { Call } from '../../lambda/call/call.ts';
import { type CallbackCall, isCallback } from '../../lambda/call/callback.ts';
import type { Outgoing } from '../../lambda/platform/outgoing.ts';
import { settingsFrom } from '../../lambda/platform/settings.ts';
import type { Queue } from '../../lambda/queue/queue.ts';
import { sweep } from '../../lambda/sweep/sweep.ts';
import { perform } from '../../lambda/tasks/perform.ts';
import type { NewCall } from '../../lambda/vobiz/rest.ts';
import { CarrierLog } from '../support/context.ts';
import { urlTo } from '../support/document.ts';
import { memoryContext, PUBLIC_URL, WEBHOOK_KEY } from '../support/memory-context.ts';
import { type Hooks, MemoryTables } from '../support/memory-table.ts';
import { post } from '../webhooks/carrier.ts';

export const LINE = '+918000000000';
export const CALLER = '+919876543210';
export const AGENT = '+917000000001';
export const OTHER_AGENT = '+917000000002';
/** A Monday, half past ten in London and four in the afternoon in Kolkata. */
export const START = Date.parse('2026-03-02T10:30:00.000Z');

export class Office {
  now = START;
  readonly carrier = new CarrierLog();
  readonly tasks: Task[] = [];
  /** What customers' webhooks were told. */
  readonly told: Outgoing[] = [];
  webhookStatus = 200;
  readonly #tables = new MemoryTables();
  readonly #phones = new Map<number, Phone>();
  readonly context = this.process();

  /** A process of its own, whose operations on the store pass the hooks. */
  process(hooks?: Hooks): Context {
    return memoryContext(
      {
        tables: this.#tables,
        settings: settingsFrom({ PUBLIC_URL, FROM_NUMBER: LINE }),
        carrier: this.carrier.client,
        now: () => this.now,
        start: task => this.tasks.push(task),
        chance: () => 0,
        request: async outgoing => {
          this.told.push(outgoing);
          return { status: this.webhookStatus, text: '' };
        },
      },
      hooks,
    );
  }

  static async open(queue: Partial<Queue> = {}): Promise<Office> {
    const office = new Office();
    await office.context.store.directory.queues.save({ ...queue, id: 'default' });
    return office;
  }

  register = (number = AGENT) => run(registerAgent, this.context, { number, name: 'Asha' });

  agent = async (number = AGENT) => {
    const found = await this.context.store.directory.agents.one(number);
    if (!found) throw new Error(`${number} is not registered.`);
    return found;
  };

  /** @returns the id */
  async wish(number = CALLER, more: object = {}): Promise<string> {
    const { body } = await run(createCallback, this.context, { number, ...more });
    return (body as { callback_id: string }).callback_id;
  }

  callIds = (): string[] =>
    [...this.#tables.items('Calls')].filter(({ sk }) => sk === 'CALL').map(({ id }) => String(id));

  async record(id: string): Promise<Call> {
    const call = await this.context.store.calls.one(id);
    if (!call) throw new Error(`There is no call ${id}.`);
    return call;
  }

  async callback(id: string): Promise<CallbackCall> {
    const call = await this.record(id);
    if (!isCallback(call)) throw new Error(`${id} is no callback.`);
    return call;
  }

  /** The phones that we have had rung, in order. */
  get rung(): string[] {
    return this.carrier.placed.map(({ to }) => to);
  }

  /** The last phone that was rung. */
  get phone(): Phone {
    const n = this.carrier.placed.length;
    const request = this.carrier.placed.at(-1);
    const phone = this.#phones.get(n) ?? (request && new Phone(this.context, request, `placed-${n}`));
    if (!phone) throw new Error('No phone was rung.');
    this.#phones.set(n, phone);
    return phone;
  }

  /** A caller comes in. @returns the document after the greeting */
  async arrives(id: string, from = CALLER): Promise<string> {
    const answer = `${PUBLIC_URL}/answer?key=${WEBHOOK_KEY}`;
    const fields = { CallUUID: id, From: from, To: LINE, Direction: 'inbound' };
    const greeting = await post(this.context, answer, { ...fields, Event: 'StartApp' });
    return post(this.context, urlTo('/queue-try-agent', greeting), fields);
  }

  /** @returns the document of the hold */
  async holds(id: string, from = CALLER): Promise<string> {
    return this.post(urlTo('/queue-hold', await this.arrives(id, from)));
  }

  post = (url: string, fields: Record<string, string> = {}) =>
    post(this.context, url, { CallUUID: new URL(url).searchParams.get('call') ?? '', ...fields });

  hangUp = (id: string) =>
    this.post(`${PUBLIC_URL}/hangup?key=${WEBHOOK_KEY}`, { CallUUID: id, Event: 'Hangup' });

  async pass(secs: number): Promise<void> {
    this.now += secs * 1000;
    await sweep(this.context);
  }

  async perform(): Promise<void> {
    for (const task of this.tasks.splice(0)) await perform(this.context, task);
  }
}

interface Operation {
  run(context: Context, raw: { path: unknown; query: unknown; body(): unknown }): Promise<{ body?: unknown }>;
}

export const run = (operation: Operation, context: Context, body: unknown) =>
  operation.run(context, { path: {}, query: {}, body: () => body });

/** A phone that rings because we asked for it. */
export class Phone {
  document = '';

  constructor(
    readonly context: Context,
    readonly request: NewCall,
    readonly uuid: string,
  ) {}

  get #fields() {
    const { from, to } = this.request;
    return { CallUUID: this.uuid, From: from, To: to, Direction: 'outbound' };
  }

  rings = () => post(this.context, this.request.ringUrl ?? '', { ...this.#fields, Event: 'Ring' });

  async answers(fields: Record<string, string> = {}): Promise<string> {
    this.document = await post(this.context, this.request.answerUrl, {
      ...this.#fields,
      Event: 'StartApp',
      ...fields,
    });
    return this.document;
  }

  /** The carrier goes on with the present document. */
  async goes(path: string, fields: Record<string, string> = {}): Promise<string> {
    this.document = await post(this.context, urlTo(path, this.document), { ...this.#fields, ...fields });
    return this.document;
  }

  /** Word beside the present document. */
  hears = (path: string, fields: Record<string, string>) =>
    post(this.context, urlTo(path, this.document), { ...this.#fields, ...fields });

  /** The bridge's other side has answered. */
  connects = (path = '/callback-event') =>
    this.hears(path, { Event: 'DialConnected', DialBLegStatus: 'connected', DialBLegPosition: '1' });

  bridgeEnds = (status: string, path = '/callback-done') => this.hears(path, { DialStatus: status });

  hangsUp = (fields: Record<string, string> = {}) =>
    post(this.context, this.request.hangupUrl, {
      ...this.#fields,
      Event: 'Hangup',
      HangupCauseCode: '4000',
      ...fields,
    });
}

export const BUSY = { HangupCauseCode: '3010', HangupCause: 'USER_BUSY' };
export const NO_ANSWER = { HangupCauseCode: '6010', HangupCause: 'NO_ANSWER' };
