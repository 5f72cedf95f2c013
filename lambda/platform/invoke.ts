/**
 * Lambda's asynchronous Invoke, put together from the SDK's own parts: its client for Lambda describes every
 * operation of that service, 71 KB of which a cold start would read to make this one. Credentials, region and
 * endpoint come from the environment, where Lambda puts them. An event whose answer got lost is sent again, so it
 * may arrive twice, as it may from Lambda itself.
 */
import { addAbortSignal, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';

/** For both attempts together. */
const PATIENCE_MS = 1000;
const PAUSE_MS = 50;

/**
 * Hands an event to a function, by name or ARN; resolves when Lambda has taken it.
 * @throws an Error with Lambda's code as its name, or one that says why Lambda could not be asked
 */
export type Invoke = (functionName: string, event: object) => Promise<void>;

/** @param env read at each call: `AWS_REGION`, the credentials, `AWS_ENDPOINT_URL_LAMBDA` or `AWS_ENDPOINT_URL` */
export function invokeFromEnv(env: NodeJS.ProcessEnv): Invoke {
  const http = new NodeHttpHandler();

  async function attempt(request: HttpRequest, signal: AbortSignal): Promise<Failure | undefined> {
    try {
      const { response } = await http.handle(request, { abortSignal: signal });
      const body: Readable = addAbortSignal(signal, response.body);
      const said = await text(body);
      return response.statusCode < 300 ? undefined : refusal(response.statusCode, response.headers, said);
    } catch (error) {
      return { error: unreachable(error, signal), passing: !signal.aborted };
    }
  }

  return async (functionName, event) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const request = await signed(env, functionName, JSON.stringify(event));
    let failure = await attempt(request, signal);
    if (failure?.passing) {
      await sleep(PAUSE_MS);
      failure = await attempt(request, signal);
    }
    if (failure) throw failure.error;
  };
}

interface Failure {
  error: Error;
  /** Trying again may help. */
  passing: boolean;
}

async function signed(env: NodeJS.ProcessEnv, functionName: string, body: string): Promise<HttpRequest> {
  const region = needed(env, 'AWS_REGION');
  const { protocol, hostname, host, port, pathname } = new URL(endpointIn(env, region));
  const signer = new SignatureV4({
    service: 'lambda',
    region,
    sha256: Sha256,
    credentials: {
      accessKeyId: needed(env, 'AWS_ACCESS_KEY_ID'),
      secretAccessKey: needed(env, 'AWS_SECRET_ACCESS_KEY'),
      ...(env.AWS_SESSION_TOKEN && { sessionToken: env.AWS_SESSION_TOKEN }),
    },
  });
  const request = new HttpRequest({
    method: 'POST',
    protocol,
    hostname,
    ...(port && { port: Number(port) }),
    path: `${pathname.replace(/\/$/, '')}/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`,
    headers: { host, 'content-type': 'application/json', 'x-amz-invocation-type': 'Event' },
    body,
  });
  return HttpRequest.clone(await signer.sign(request));
}

export function endpointIn(env: NodeJS.ProcessEnv, region: string): string {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return env.AWS_ENDPOINT_URL_LAMBDA || env.AWS_ENDPOINT_URL || `https://lambda.${region}.${domain}`;
}

function needed(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set; Lambda sets it, and so does the local host.`);
  return value;
}

/** The code has a namespace after a colon; the message is spelt both ways. */
function refusal(status: number, headers: Record<string, string>, said: string): Failure {
  const { message, Message = message } = objectIn(said);
  const error = new Error(`Lambda refused an event with ${status}: ${Message ?? 'no message'}`);
  const [code] = (headers['x-amzn-errortype'] ?? '').split(':');
  if (code) error.name = code;
  return { error, passing: status === 429 || status >= 500 };
}

function objectIn(said: string): { message?: unknown; Message?: unknown } {
  try {
    return { ...JSON.parse(said) };
  } catch {
    // A proxy's error page is no JSON: the status says enough.
    return {};
  }
}

/** The system's error code; never the message, which may quote a header. */
function unreachable(error: unknown, { aborted }: AbortSignal): Error {
  const { code = 'network error' } = error as { code?: string };
  const reason = aborted ? `it did not answer within ${PATIENCE_MS} ms` : `it cannot be reached (${code})`;
  return new Error(`Lambda took no event: ${reason}.`);
}
