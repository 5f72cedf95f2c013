/** The fields of a JSON answer as variables: `{"name": "John", "a": [{"b": 1}]}` is `p.name` and `p.a.0.b`. */

const MOST_FIELDS = 100;
const DEEPEST = 8;

interface Flattened {
  fields: Record<string, string>;
  /** Why there are fewer than there were. */
  lost?: string;
}

/** An answer without a body has no fields to lose. */
export function flattened(json: string, prefix: string): Flattened {
  if (json.trim() === '') return { fields: {} };
  const value = parsed(json);
  if (value === undefined) return { fields: {}, lost: 'no JSON, or more than 64 KB of it' };
  const found: [string, string][] = [];
  collect(value, prefix, DEEPEST, found);
  const fields = Object.fromEntries(found.slice(0, MOST_FIELDS));
  return found.length > MOST_FIELDS ? { fields, lost: `more than ${MOST_FIELDS} fields` } : { fields };
}

function collect(value: unknown, name: string, depth: number, found: [string, string][]): void {
  if (found.length > MOST_FIELDS || value === undefined) return;
  if (typeof value !== 'object' || value === null) {
    found.push([name, value === null ? '' : String(value)]);
    return;
  }
  if (depth === 0) return;
  for (const [key, item] of Object.entries(value)) collect(item, `${name}.${key}`, depth - 1, found);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The status alone tells what came of it.
    return undefined;
  }
}
