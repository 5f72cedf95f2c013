/** Answers in the form that API Gateway takes. */
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { BOUNDS } from '../platform/bounds.ts';
import { problem } from '../platform/problem.ts';
import { holdMusic } from '../queue/hold-music.ts';
import { soundFile } from '../queue/sounds.ts';
import { type Document, render } from '../vobiz/xml.ts';

type Result = APIGatewayProxyStructuredResultV2;

export const xml = (document: Document): Result => ({
  statusCode: 200,
  headers: { 'content-type': 'application/xml; charset=utf-8', 'cache-control': 'no-store' },
  body: render(document),
});

/** The carrier delivers again what is not answered with 200. */
export const unavailable = (): Result =>
  problem(503, 'Deliver the same request again in a second.', { headers: { 'retry-after': '1' } });

const [SHORTEST_SECS, LONGEST_SECS] = BOUNDS.HOLD_WAIT_SECS;

/** Every queue has one length or two, so each is synthesised once per container. */
const files = new Map<number, string>();

export function musicFile(secs: number): Result {
  const length = Math.min(Math.max(Number.isFinite(secs) ? secs : 0, SHORTEST_SECS), LONGEST_SECS);
  const body = files.get(length) ?? Buffer.from(holdMusic(length)).toString('base64');
  files.set(length, body);
  return wav(body);
}

export function sound(name: string): Result {
  const file = soundFile(name);
  return file ? wav(Buffer.from(file).toString('base64')) : problem(404, 'There is no such sound.');
}

const wav = (body: string): Result => ({
  statusCode: 200,
  headers: { 'content-type': 'audio/wav', 'cache-control': 'public, max-age=86400' },
  isBase64Encoded: true,
  body,
});
