/**
 * Flows on stage: the product in this process, and the carrier that calls it, its clock running fast. What flows send
 * to other people's addresses is kept and answered here; everything else crosses HTTP. Nothing is left to be done when
 * a call that was played is over.
 */
import { readFileSync } from 'node:fs';
import { type Call, type CallerScript, type CarrierOptions, startCarrier } from '../../carrier/index.ts';
import { type DoublesOptions, startDoubles } from '../../doubles/start.ts';
import type { Answer, Outgoing } from '../../lambda/platform/outgoing.ts';
import { startInProcess } from './in-process.ts';
import { eventually } from './stage.ts';

/** Carrier seconds per real second. */
const SPEED = 100;
/** The product's pauses are shortened by as much. */
const HASTE = 20;
const ACCOUNT = { authId: 'MA_STAGE', authToken: 'token-of-the-stage' };
export const LINE = '+15552223333';

export interface FlowStageOptions {
  settings?: Record<string, string>;
  carrier?: Partial<CarrierOptions>;
  /** With speech: the carrier keeps real time. */
  doubles?: DoublesOptions;
  /** What flows send really goes there, if `HTTP_ALLOW_HOSTS` allows it. */
  sends?: boolean;
}

/** What a flow has sent. */
export interface Sent {
  /** Epoch ms. */
  at: number;
  method: string;
  url: string;
  headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are checked field by field in the tests
  body: any;
}

/** An answer, or the reason why there is none. */
type Reply = Partial<Answer> | Error;

export type FlowStage = Awaited<ReturnType<typeof openFlowStage>>;

export async function openFlowStage({
  settings = {},
  carrier = {},
  doubles: spoken,
  sends = false,
}: FlowStageOptions = {}) {
  const doubles = spoken && (await startDoubles(spoken));
  const vobiz = await startCarrier({ ...ACCOUNT, speed: spoken ? 1 : SPEED, seed: 7, ...carrier });
  const clock = { now: () => Date.now(), sleep: (ms: number) => shortly(spoken ? ms : ms / HASTE) };
  const sent: Sent[] = [];
  const replies = new Map<string, Reply | ((sent: Sent) => Reply)>();

  const request = async ({ method, url, headers, body = '' }: Outgoing): Promise<Answer> => {
    const one = {
      at: Date.now(),
      method,
      url,
      headers,
      body: isJson(headers) ? JSON.parse(body || 'null') : body,
    };
    sent.push(one);
    const found = replies.get(`${method} ${url}`) ?? {};
    const reply = typeof found === 'function' ? found(one) : found;
    if (reply instanceof Error) throw reply;
    return { status: 200, text: '', ...reply };
  };

  const product = await startInProcess({
    vobizToken: ACCOUNT.authToken,
    carrierApi: { baseUrl: `${vobiz.url}/api/v1`, ...ACCOUNT },
    performsTasks: true,
    clock,
    ...(!sends && { request }),
    settings: {
      FROM_NUMBER: LINE,
      ...(doubles && {
        DEEPGRAM_URL: doubles.deepgramUrl,
        DEEPGRAM_SPEAK_URL: doubles.deepgramSpeakUrl,
        OPENAI_BASE_URL: doubles.openaiBaseUrl,
      }),
      ...settings,
    },
  });
  vobiz.route({ answerUrl: product.answerUrl, hangupUrl: product.hangupUrl });
  const { api } = product;
  const done = async (method: string, path: string, body: unknown) => {
    const { status, body: answer } = await api(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(answer)}`);
    return answer;
  };

  const stage = {
    ...product,
    vobiz,
    /** As the commands know one. */
    stack: {
      url: product.url,
      apiKey: 'unused',
      carrierUrl: vobiz.url,
      carrierToken: ACCOUNT.authToken,
      ours: true,
      stop: async () => undefined,
    },
    doubles,
    sent,
    /** From now on the product's clock stands still at this moment, an ISO time. */
    stopClockAt: (time: string) => {
      clock.now = () => Date.parse(time);
    },
    /** How the address is answered: by 200 and nothing unless told otherwise. */
    reply: (address: string, reply: Reply | ((sent: Sent) => Reply)) => void replies.set(address, reply),
    /** The line leads to this flow from now on. @returns what the API said of it */
    async flow(body: object, line = LINE) {
      const saved = await done('POST', '/flows', body);
      await done('PUT', `/numbers/${encodeURIComponent(line)}`, { flow: saved.id });
      return saved;
    },
    put: (path: string, body: object) => done('PUT', path, body),
    queue: (id: string, choices: object = {}) => done('PUT', `/queues/${id}`, choices),
    /** Somebody who takes the calls of these queues. */
    agent: (number: string, ...queues: string[]) =>
      done('POST', '/agents', { number, name: 'Agent', queues }),
    call: (script: Partial<CallerScript> = {}) => vobiz.call({ from: CALLER, to: LINE, ...script }),
    /** Plays a call until it is over, and all that it left to be done is done. */
    async play(script: Partial<CallerScript> = {}): Promise<Call> {
      const { call, done: over } = stage.call(script);
      await over;
      await product.settled();
      return call;
    },
    /** The n-th call that the product places, when it is over and all that it left to be done is done. */
    async placed(n: number): Promise<Call> {
      const ours = () => [...vobiz.calls.values()].filter(({ direction }) => direction === 'outbound');
      const [call] = await eventually(
        () => ours().slice(n - 1, n),
        found => found.length === 1,
      );
      if (!call) throw new Error(`There is no call ${n}.`);
      await eventually(
        () => call.story.of('done').length,
        count => count === 1,
      );
      await product.settled();
      return call;
    },
    /** How many calls the product has placed. */
    get placements(): number {
      return [...vobiz.calls.values()].filter(({ direction }) => direction === 'outbound').length;
    },
    record: async (id: string) => (await api('GET', `/calls/${id}`)).body,
    async close() {
      await vobiz.stop();
      await product.stop();
      await doubles?.stop();
    },
  };
  return stage;
}

export const CALLER = '+15550001111';

/** A published pattern, exactly as it was published. */
export const seed = (name: string): { name: string; actions: object[] } =>
  JSON.parse(readFileSync(new URL(`../flow/seed/${name}.json`, import.meta.url), 'utf8'));

const isJson = (headers: Record<string, string>) => /json/.test(headers['content-type'] ?? '');

const shortly = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms));
