/** The App API of a stack, as far as a call is placed and followed with it. */
import type { Order } from './options.ts';
import type { CallRecord } from './story.ts';

export interface AppApi {
  place(order: Order): Promise<CallRecord>;
  record(id: string): Promise<CallRecord>;
}

/** The stack said no, or could not be asked; the message says what to do. */
export class ApiError extends Error {}

const PATIENCE_MS = 10_000;

export function appApi(url: string, key: string): AppApi {
  const ask = async (path: string, init: RequestInit = {}): Promise<CallRecord> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    let response: Response;
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      response = await fetch(`${url}${path}`, { ...init, headers, signal });
    } catch {
      throw new ApiError(`${url} does not answer. Check the address, and that the stack runs.`);
    }
    const body = (await response.json().catch(() => ({}))) as { detail?: string };
    if (response.ok) return body as unknown as CallRecord;
    if (response.status === 401 || response.status === 403)
      throw new ApiError(`${url} does not accept the API key: give the one of that stack, in API_KEY.`);
    throw new ApiError(body.detail ?? `${url} answered ${response.status}.`);
  };
  return {
    place: order => ask('/calls', { method: 'POST', body: JSON.stringify(order) }),
    record: id => ask(`/calls/${encodeURIComponent(id)}`),
  };
}
