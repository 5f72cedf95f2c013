/**
 * The fields of a carrier's request: a form in the body of a POST, or in the query of a GET. Of a repeated field
 * the first counts, so that nothing appended later can overrule it. The carrier's documentation also shows a JSON
 * object under a form's content type; that is read too, its nested values left out.
 */

export type Fields = ReadonlyMap<string, string>;

type Form = { ok: true; fields: Fields } | { ok: false; reason: 'too_large' | 'unparsable' };

/** Query and body together, bytes. A genuine webhook has about two thousand. */
const LARGEST_REQUEST = 64 * 1024;

export interface FormRequest {
  method: string;
  /** Still encoded, without the question mark. */
  query: string;
  /** Text, already freed from base64. */
  body: string;
}

export function readForm({ method, query, body }: FormRequest): Form {
  if (new TextEncoder().encode(query + body).length > LARGEST_REQUEST)
    return { ok: false, reason: 'too_large' };
  const verb = method.toUpperCase();
  if (verb === 'GET') return { ok: true, fields: firsts([...new URLSearchParams(query)]) };
  if (verb !== 'POST') return { ok: false, reason: 'unparsable' };
  const entries = body.trimStart().startsWith('{')
    ? jsonEntries(body)
    : [...new URLSearchParams(body.trim())];
  return entries ? { ok: true, fields: firsts(entries) } : { ok: false, reason: 'unparsable' };
}

function firsts(entries: readonly [string, string][]): Fields {
  return new Map([...entries].reverse());
}

function jsonEntries(body: string): [string, string][] | undefined {
  try {
    const object: Record<string, unknown> = JSON.parse(body);
    return Object.entries(object).flatMap(([name, value]): [string, string][] =>
      ['string', 'number', 'boolean'].includes(typeof value) ? [[name, String(value)]] : [],
    );
  } catch {
    return undefined;
  }
}
