/**
 * The whole product on stage: the synthesized stack on the local host, and the carrier that calls it, its clock
 * running fast. Callers and phones are scripted; everything crosses HTTP, as it does in production.
 */
import type { Call, CallerScript, Manners } from '../../carrier/index.ts';
import { type CarrierOptions, startCarrier } from '../../carrier/index.ts';
import { type HostOptions, startHost } from '../../local/host.ts';
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
  const product = await startHost({
    assemblyDir: await productAssembly(),
    time: 'manual',
    retryPausesMs: [10, 10],
    ...host,
    settings: { VOBIZ_API_URL: `${vobiz.url}/api/v1`, FROM_NUMBER: LINE, ...settings },
    secrets: { ...KEYS, VOBIZ_AUTH_ID: ACCOUNT.authId, VOBIZ_AUTH_TOKEN: ACCOUNT.authToken, ...host.secrets },
  });
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

  return {
    product,
    vobiz,
    api,
    keys: KEYS,
    register: (number: string, more: object = {}) =>
      api('POST', '/agents', { number, name: `Agent ${number.slice(-2)}`, ...more }),
    call: (script: Partial<CallerScript> = {}) => vobiz.call({ from: caller(), to: LINE, ...script }),
    record: async (call: Call) => (await api('GET', `/calls/${call.uuid}`)).body,
    metrics: async (query = '') => (await api('GET', `/queue/metrics${query}`)).body,
    close: async () => {
      await vobiz.stop();
      await product.stop();
    },
  };
}

let callers = 0;
const caller = () => `+9198${String(++callers).padStart(8, '0')}`;

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
