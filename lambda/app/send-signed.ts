/** What leaves for an endpoint of the customer's: signed, to be known again by its id when it comes twice. */
import { signatureHeaders } from '../platform/notification-signature.ts';
import type { Answer, Outgoing } from '../platform/outgoing.ts';
import type { Context } from './context.ts';

const PATIENCE_MS = 5000;

export interface Signed {
  url: string;
  /** Stays the same when the same news is sent again. */
  id: string;
  /** Empty: none. */
  body: string;
  method?: Outgoing['method'];
  contentType?: string;
  /** For the answer as a whole (5000). */
  timeoutMs?: number;
  /** Bytes of the answer that matter (none). */
  readBytes?: number;
}

/** @throws AddressRefused, or another Error that says why there is no answer */
export async function sendSigned(context: Context, signed: Signed): Promise<Answer> {
  const { url, body, method = 'POST', contentType = 'application/json' } = signed;
  const [key = ''] = await context.webhookKeys();
  return context.request({
    url,
    method,
    body,
    headers: {
      ...(body !== '' && { 'content-type': contentType }),
      'user-agent': 'Switchboard',
      ...signatureHeaders(key, signed, context.now()),
    },
    timeoutMs: signed.timeoutMs ?? PATIENCE_MS,
    readBytes: signed.readBytes ?? 0,
  });
}

export interface News {
  url: string;
  id: string;
  body: unknown;
  /** For the log: who set the address. */
  whose?: string;
}

/** In JSON. @throws an Error when it was not taken (2xx) */
export async function notify(
  context: Context,
  { body, whose = 'The webhook', ...news }: News,
): Promise<void> {
  const { status } = await sendSigned(context, { ...news, body: JSON.stringify(body) });
  if (status < 200 || status > 299) throw new Error(`${whose} answered ${status}.`);
}
