/** The carrier's side of a webhook in this process. */
import { output } from '../lambda/platform/output.ts';
import type { serve } from '../lambda/webhooks/serve.ts';

type Event = Parameters<typeof serve>[1];

/** A URL of a document, ready to be requested. @throws an Error when there is none */
export function urlIn(document: string, where: RegExp): string {
  const found = where.exec(document)?.[1];
  if (!found) throw new Error(`No such URL in ${document}`);
  const url = new URL(found.replaceAll('&amp;', '&'));
  return url.pathname + url.search;
}

/** As API Gateway hands it over. */
export function request(url: string, fields: Record<string, string>): Event {
  const [rawPath = '', rawQueryString = ''] = url.split('?');
  return {
    rawPath,
    rawQueryString,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    requestContext: { http: { method: 'POST' } },
    body: Buffer.from(new URLSearchParams(fields).toString()).toString('base64'),
    isBase64Encoded: true,
  } as unknown as Event;
}

/** Log lines cost time that Lambda's platform pays, and would bury the figures. */
export function silenced() {
  const heard = { ...output };
  output.out = output.err = () => undefined;
  return { end: () => Object.assign(output, heard) };
}
