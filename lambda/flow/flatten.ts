/** The fields of a JSON answer as variables: `{"name": "John", "a": [{"b": 1}]}` is `p.name` and `p.a.0.b`. */

const MOST_FIELDS = 100;
const DEEPEST = 8;

/** @returns nothing for what is no JSON */
export function flattened(json: string, prefix: string): Record<string, string> {
  const found: [string, string][] = [];
  collect(parsed(json), prefix, DEEPEST, found);
  return Object.fromEntries(found);
}

function collect(value: unknown, name: string, depth: number, found: [string, string][]): void {
  if (found.length >= MOST_FIELDS || value === undefined) return;
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
