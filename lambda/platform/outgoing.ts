/** Requests to addresses that customers choose: guarded (`addresses.ts`), with an end, and read only so far. */
import { request as http, type IncomingMessage } from 'node:http';
import { request as https } from 'node:https';
import { AddressRefused, isAllowed, publicLookup, whyNotCalled } from './addresses.ts';

export interface Outgoing {
  url: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  headers: Record<string, string>;
  body?: string;
  /** For the answer as a whole. */
  timeoutMs: number;
  /** Bytes of the answer that are read; what comes after them is left. */
  readBytes: number;
}

export interface Answer {
  status: number;
  text: string;
}

/** @throws AddressRefused, or another Error that says why there is no answer */
export type SendRequest = (outgoing: Outgoing) => Promise<Answer>;

/** Redirects are answers like any other. @param allowHosts the setting `HTTP_ALLOW_HOSTS` */
export const guarded =
  (allowHosts: string): SendRequest =>
  async outgoing => {
    if (!URL.canParse(outgoing.url)) throw new AddressRefused('It is no URL.');
    const target = new URL(outgoing.url);
    const refusal = whyNotCalled(target, allowHosts);
    if (refusal) throw new AddressRefused(refusal);
    const response = await open(target, outgoing, isAllowed(target, allowHosts));
    return { status: response.statusCode ?? 0, text: await beginning(response, outgoing.readBytes) };
  };

function open(
  target: URL,
  { method, headers, body = '', timeoutMs }: Outgoing,
  isTrusted: boolean,
): Promise<IncomingMessage> {
  const start = target.protocol === 'https:' ? https : http;
  const length = body !== '' || method === 'POST' || method === 'PUT';
  const options = {
    method,
    headers: { ...headers, ...(length && { 'content-length': String(Buffer.byteLength(body)) }) },
    signal: AbortSignal.timeout(timeoutMs),
    ...(!isTrusted && { lookup: publicLookup }),
  };
  return new Promise((resolve, reject) => {
    const request = start(target, options, resolve);
    request.on('error', reject);
    request.end(body);
  });
}

async function beginning(response: IncomingMessage, most: number): Promise<string> {
  if (most === 0) {
    response.destroy();
    return '';
  }
  const decoder = new TextDecoder();
  let left = most;
  let text = '';
  for await (const chunk of response) {
    const bytes = (chunk as Buffer).subarray(0, left);
    left -= bytes.length;
    // What is still to come of a character that is cut off is never decoded.
    text += decoder.decode(bytes, { stream: true });
    if (left === 0) break;
  }
  return text;
}
