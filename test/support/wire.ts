/** Requests made by hand: as the carrier would make them, or as somebody who pretends to be the carrier. */

export interface Wired {
  status: number;
  type: string;
  body: string;
  headers: Headers;
}

export interface Sending {
  method?: string;
  fields?: Record<string, string>;
  headers?: Record<string, string>;
  /** Instead of `fields`: whatever somebody might put into a request. */
  body?: string | Uint8Array<ArrayBuffer>;
}

/** One request without retries; the fields go into the form of a POST or the query of a GET. */
export async function wire(url: string, { method = 'POST', fields, headers, body }: Sending = {}) {
  const target = new URL(url);
  const isGet = method === 'GET';
  if (isGet)
    for (const [name, value] of Object.entries(fields ?? {})) target.searchParams.append(name, value);
  const response = await fetch(target, {
    method,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    ...(!isGet && { body: body ?? new URLSearchParams(fields).toString() }),
    redirect: 'manual',
  });
  const answer: Wired = {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: await response.text(),
    headers: response.headers,
  };
  return answer;
}

/** What the carrier says of an inbound call when it begins. */
export const incoming = (call: string, more: Record<string, string> = {}): Record<string, string> => ({
  CallUUID: call,
  From: '919812345678',
  To: '911140000000',
  Direction: 'inbound',
  CallStatus: 'ringing',
  Event: 'StartApp',
  ...more,
});
