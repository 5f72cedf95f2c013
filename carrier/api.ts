/** The App API of a stack. */
import type { Stack } from './stack.ts';

export class ApiError extends Error {
  constructor(
    what: string,
    readonly status: number,
    text: string,
  ) {
    super(`${what} answered ${status}: ${text}`);
  }
}

/** Resolves with the JSON of the answer; rejects with `ApiError` for every status but 2xx. */
export async function askApi<T>(stack: Stack, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${stack.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${stack.apiKey}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new ApiError(`${method} ${path}`, response.status, text);
  return (text ? JSON.parse(text) : undefined) as T;
}

/** As `askApi`, but undefined for what is not there. */
export async function findInApi<T>(stack: Stack, path: string): Promise<T | undefined> {
  try {
    return await askApi<T>(stack, 'GET', path);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}
