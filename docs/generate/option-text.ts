/** One option of an action in a few words: its name, what it takes, and what counts when it is left out. */
export interface Field {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Field[];
  items?: Field;
  properties?: Record<string, Field>;
  required?: string[];
  additionalProperties?: Field | boolean;
  default?: unknown;
  minimum?: number;
  maximum?: number;
}

export function optionText(name: string, field: Field, needed: boolean): string {
  const title = needed ? `**${name}**` : name;
  const otherwise = field.default === undefined ? '' : ` = ${literal(field.default)}`;
  return `${title}: ${kind(field)}${otherwise}`;
}

function kind(field: Field): string {
  if (field.const !== undefined) return literal(field.const);
  if (field.enum) return field.enum.map(literal).join(' or ');
  if (field.anyOf) return field.anyOf.map(kind).join(' or ');
  if (field.items) return `list of ${kind(field.items)}`;
  if (field.properties) return `{${Object.keys(field.properties).join(', ')}}`;
  if (field.type === 'object') return `map to ${kind((field.additionalProperties || {}) as Field)}`;
  return `${KINDS[field.type ?? ''] ?? 'anything'}${range(field)}`;
}

const KINDS: Record<string, string> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
};

/** Without the bounds that every whole number has. */
function range({ minimum, maximum }: Field): string {
  const known = [minimum, maximum].filter(bound => bound !== undefined && Math.abs(bound) < 2 ** 53 - 1);
  return known.length === 2 ? ` ${known[0]} to ${known[1]}` : '';
}

const literal = (value: unknown): string => `\`${JSON.stringify(value)}\``;
