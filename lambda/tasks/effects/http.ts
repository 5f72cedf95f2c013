/**
 * HTTP that a flow wants, and what it sends to the deployment's own endpoint. Each try carries the same id, so that
 * every method may be tried again; an answer that the caller waits for has ten seconds in all.
 */
import type { Context } from '../../app/context.ts';
import { type Signed, sendSigned } from '../../app/send-signed.ts';
import type { Done } from '../../call/flow-todo.ts';
import type { Effect } from '../../flow/effect.ts';
import { AddressRefused } from '../../platform/addresses.ts';
import type { Answer } from '../../platform/outgoing.ts';
import { activeFlowId, newsId, type Subject } from './subject.ts';
import { tried } from './tries.ts';

const TRY_MS = 5000;
const AWAITED_MS = 10_000;
/** As much of an answer as is stored with the flow. */
const ANSWER_BYTES = 64 * 1024;

type Http = Extract<Effect, { do: 'http' }>;
type Send = Extract<Effect, { do: 'send' }>;

export async function performHttp(context: Context, subject: Subject, effect: Http): Promise<Done> {
  const { awaited, method, content_type: contentType } = effect;
  const request = {
    id: newsId(subject, effect.id),
    method,
    contentType,
    ...whereAndWhat(subject, effect),
    readBytes: awaited ? ANSWER_BYTES : 0,
  };
  const answer = await delivered(context, request, awaited ? AWAITED_MS : undefined);
  const why = whyFailed(answer);
  const failed = why === undefined ? {} : { failed: why };
  if (!(answer instanceof Error))
    return { ...failed, news: { type: 'answered', status: answer.status, body: answer.text } };
  if (isFinal(answer)) return { ...failed, news: { type: 'failed', why: why ?? '' } };
  return { ...failed, news: { type: 'answered' } };
}

/** A fetch of actions tells who asks: as VoIPBin does in a body, of a GET in the query. */
function whereAndWhat(
  subject: Subject,
  { fetch, method, url, body = '' }: Http,
): { url: string; body: string } {
  if (!fetch) return { url, body };
  const { call, flow, version } = subject;
  const asker = {
    activeflow_id: activeFlowId(subject),
    reference_id: call,
    flow_id: flow,
    flow_version: version,
  };
  if (method !== 'GET') return { url, body: JSON.stringify(asker) };
  if (!URL.canParse(url)) return { url, body: '' };
  const target = new URL(url);
  for (const [name, value] of Object.entries(asker)) target.searchParams.set(name, String(value));
  return { url: target.href, body: '' };
}

export async function sendNews(
  context: Context,
  subject: Subject,
  { id, what, content }: Send,
): Promise<Done> {
  const url = context.settings.MESSAGE_WEBHOOK_URL;
  if (url === '')
    return { failed: 'MESSAGE_WEBHOOK_URL is not set; set it to the endpoint that sends these' };
  const { call, flow, version } = subject;
  const body = { type: `${what}.send`, call_id: call, flow_id: flow, flow_version: version, content };
  const why = whyFailed(
    await delivered(context, { url, id: newsId(subject, id), body: JSON.stringify(body) }),
  );
  return why === undefined ? {} : { failed: why };
}

/** @returns the answer, or why there is none */
function delivered(context: Context, request: Signed, patienceMs = Number.POSITIVE_INFINITY) {
  const until = context.now() + patienceMs;
  const attempt = (): Promise<Answer | Error> => {
    const timeoutMs = Math.min(TRY_MS, until - context.now());
    return sendSigned(context, { ...request, timeoutMs }).catch((error: Error) => error);
  };
  return tried(context, attempt, isFinal, until);
}

function isFinal(answer: Answer | Error): boolean {
  if (answer instanceof Error) return answer instanceof AddressRefused || isNoHeader(answer);
  return answer.status !== 429 && answer.status < 500;
}

/** Never with an address, in which the caller's words may stand. A redirect is not followed, and so delivers nothing. */
function whyFailed(answer: Answer | Error): string | undefined {
  if (!(answer instanceof Error))
    return answer.status >= 200 && answer.status < 300 ? undefined : `status ${answer.status}`;
  if (answer instanceof AddressRefused) return `the address is refused: ${answer.message}`;
  if (isNoHeader(answer)) return 'data_type is nothing that a header can hold; write a media type';
  return `no answer (${codeOf(answer) ?? answer.name})`;
}

/** Of all that the headers hold only the type is a flow's own words. */
const isNoHeader = (error: Error): boolean => codeOf(error) === 'ERR_INVALID_CHAR';

function codeOf(error: Error): string | undefined {
  const { code } = error as Error & { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
