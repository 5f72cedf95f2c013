/** An HTTP API event (payload format 2.0), decoded: the path, the query and the JSON body as they were meant. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { canBeRead } from '../platform/complaints.ts';
import { Problem } from './problem.ts';

const LARGEST_BODY = 64 * 1024;

export interface Request {
  /** The parameters of the path. */
  path: Record<string, string>;
  query: Record<string, string>;
  /**
   * The JSON body, whatever type it is sent as. Throws a `Problem` for what is too large, or not JSON.
   */
  body(limits?: BodyLimits): unknown;
}

export interface BodyLimits {
  /** Bytes. */
  largest?: number | undefined;
  /** None counts as `{}`. */
  mayMiss?: boolean | undefined;
}

export function requestOf(event: APIGatewayProxyEventV2): Request {
  return {
    path: decoded(event.pathParameters ?? {}),
    query: Object.fromEntries(new URLSearchParams(event.rawQueryString)),
    body: limits => jsonBody(event, limits),
  };
}

/** API Gateway has decoded them once; a client that encodes twice is understood, a stray percent sign is kept. */
function decoded(parameters: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).map(([name, text = '']) => [name, plain(text)]));
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function jsonBody(event: APIGatewayProxyEventV2, limits: BodyLimits = {}): unknown {
  const { largest = LARGEST_BODY, mayMiss = false } = limits;
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > largest)
    throw new Problem(400, `The body has ${bytes.length} bytes; send at most ${largest}.`);
  if (bytes.length === 0 && mayMiss) return {};
  if (bytes.length === 0)
    throw new Problem(
      400,
      'The request has no body. Send a JSON object with Content-Type: application/json.',
    );
  const body = parsed(bytes);
  if (!canBeRead(body)) throw new Problem(400, 'The body has a "length" that is none. Correct it.');
  return body;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Problem(400, `The body is not JSON (${(error as Error).message}). Send one JSON object.`);
  }
}
