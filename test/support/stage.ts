/**
 * The whole product on stage: the synthesized stack on the local host, and the carrier that calls it, its clock
 * running fast. Callers and phones are scripted; everything crosses HTTP, as it does in production.
 */
import type { Call, CallerScript, Manners } from '../../carrier/index.ts';
import { type CarrierOptions, startCarrier } from '../../carrier/index.ts';
import { type HostOptions, startHost } from '../../local/host.ts';
import { age } from './aging.ts';
import { productAssembly } from './assembly.ts';

/** Carrier seconds per real second: a 20 s hold takes 0.2 s. */
const SPEED = 100;
const ACCOUNT = { authId: 'MA_STAGE', authToken: 'token-of-the-stage' };
const KEYS = { API_KEY: 'api-key', WEBHOOK_KEY: 'webhook-key' };

export const LINE = '+911140000000';

export interface StageOptions {
  settings?: Record<string, string>;
  phones?: Manners;
  host?: Partial<HostOptions>;
  carrier?: Partial<CarrierOptions>;
}

export type StageQueue = Awaited<ReturnType<Stage['openQueue']>>;
export type Stage = Awaited<ReturnType<typeof openStage>>;

export async function openStage({ settings = {}, phones = {}, host = {}, carrier = {} }: StageOptions = {}) {
  const vobiz = await startCarrier({
    ...ACCOUNT,
    speed: SPEED,
    ownedNumbers: [LINE],
    phones,
    seed: 7,
    ...carrier,
  });
  const hosted: HostOptions = {
    assemblyDir: await productAssembly(),
    time: 'manual',
    retryPausesMs: [10, 10],
    ...host,
    settings: { VOBIZ_API_URL: `${vobiz.url}/api/v1`, FROM_NUMBER: LINE, ...settings },
    secrets: { ...KEYS, VOBIZ_AUTH_ID: ACCOUNT.authId, VOBIZ_AUTH_TOKEN: ACCOUNT.authToken, ...host.secrets },
  };
  let product = await startHost(hosted);
  vobiz.route({
    answerUrl: `${product.url}/answer?key=${KEYS.WEBHOOK_KEY}`,
    hangupUrl: `${product.url}/hangup?key=${KEYS.WEBHOOK_KEY}`,
    ...(carrier.answerUrl && { answerUrl: carrier.answerUrl }),
  });

  const api = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(product.url + path, {
      method,
      headers: { authorization: `Bearer ${KEYS.API_KEY}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    // biome-ignore lint/suspicious/noExplicitAny: answers are checked field by field in the tests
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as any };
  };

  const metrics = async (query = '') => (await api('GET', `/queue/metrics${query}`)).body;

  /** A queue of its own behind a number of its own, so that several tests can share one stage. */
  const openQueue = async (choices: object = {}) => {
    const id = `queue-${++queues}`;
    const number = `+9122${String(queues).padStart(8, '0')}`;
    await done(api('PUT', `/queues/${id}`, choices));
    await done(api('PUT', `/numbers/${encodeURIComponent(number)}`, { queue: id }));
    return {
      id,
      number,
      /** Registers a new agent, whose phone behaves as `manner` says, and resolves to the number. */
      agent: async (manner: Manners[string] = { does: 'answer' }, more: object = {}) => {
        const agent = agentNumber();
        vobiz.teach({ [agent]: manner });
        await done(api('POST', '/agents', { number: agent, name: 'Agent', queues: [id], ...more }));
        return agent;
      },
      call: (script: Partial<CallerScript> = {}) => vobiz.call({ from: caller(), to: number, ...script }),
      metrics: () => metrics(`?queue=${id}`),
      status: async () => (await api('GET', `/queue/status?queue=${id}`)).body,
    };
  };

  let restarting = Promise.resolve();
  /** The process dies with everything in it and starts again, on what it had committed to `host.dataDir`. */
  const restart = () => {
    const { port } = new URL(product.url);
    restarting = product.kill().then(async () => {
      product = await startHost({ ...hosted, port: Number(port) });
    });
    return restarting;
  };

  return {
    get product() {
      return product;
    },
    vobiz,
    api,
    keys: KEYS,
    openQueue,
    register: (number: string, more: object = {}) =>
      api('POST', '/agents', { number, name: `Agent ${number.slice(-2)}`, ...more }),
    call: (script: Partial<CallerScript> = {}) => vobiz.call({ from: caller(), to: LINE, ...script }),
    record: async (call: Call) => (await api('GET', `/calls/${call.uuid}`)).body,
    metrics,
    /** The agent as everybody sees it now. */
    agent: async (number: string) => {
      const { body } = await api('GET', '/agents?state=all');
      return body.agents.find((agent: { number: string }) => agent.number === number);
    },
    /** The minute's sweep, two hours later as far as these calls are concerned. */
    sweep: async (...overdue: Call[]) => {
      for (const call of overdue) await age(product, call.uuid);
      await product.invoke('sweeper', {});
    },
    restart,
    /** Resolves when no restart is under way. */
    restarted: () => restarting,
    close: async () => {
      await vobiz.stop();
      await product.stop();
    },
  };
}

export async function done(request: Promise<{ status: number; body: unknown }>): Promise<void> {
  const { status, body } = await request;
  if (status >= 300) throw new Error(`The stage could not be set: ${JSON.stringify(body)}`);
}

let queues = 0;
let callers = 0;
let agents = 0;
const caller = () => `+9198${String(++callers).padStart(8, '0')}`;
export const agentNumber = () => `+9170${String(++agents).padStart(8, '0')}`;

/** Waits until `holds` is true of what `read` gives, for real time that a person would bear. */
export async function eventually<T>(read: () => Promise<T> | T, holds: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 5000;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > deadline) throw new Error(`Never came true; last: ${JSON.stringify(value)}`);
    await new Promise(resume => setTimeout(resume, 10));
  }
}
