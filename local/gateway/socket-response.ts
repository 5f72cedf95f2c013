/** What a WebSocket API makes of a function's result: a status, an error frame, a refused upgrade. Pure. */
import { STATUS_CODES } from 'node:http';
import type { Result } from '../functions/instance.ts';

/** What the function says; 502 when it failed or said nothing that is a response. */
export function statusOf(result: Result): number {
  if (!result.ok) return 502;
  const { statusCode } = (JSON.parse(result.payload) ?? {}) as { statusCode?: unknown };
  return Number.isInteger(statusCode) ? Number(statusCode) : 502;
}

export const isGood = (status: number) => status >= 200 && status < 300;

/** The only message that API Gateway sends of its own accord. */
export const errorFrame = (message: string, connectionId: string, requestId: string): string =>
  JSON.stringify({ message, connectionId, requestId });

/** The HTTP answer to an upgrade request that is refused. */
export function refusal(status: number): string {
  const reason = STATUS_CODES[status] ?? 'Refused';
  const body = JSON.stringify({ message: reason });
  const head = `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Type: application/json`;
  return `${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
