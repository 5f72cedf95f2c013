/**
 * The DynamoDB expressions that the product uses, evaluated in memory: comparisons, BETWEEN and existence, joined
 * by AND, OR and brackets. Anything else throws, so that a new expression in the product is taught here and never guessed.
 */
export interface Expression {
  text: string;
  names?: Record<string, string>;
  values?: Record<string, unknown>;
}

type Values = Record<string, unknown>;
type Test = (item: Values | undefined, names: Record<string, string>, values: Values) => boolean;

const compiled = new Map<string, Test>();

export function holds({ text, names = {}, values = {} }: Expression, item: Values | undefined): boolean {
  const test = compiled.get(text) ?? compile(text);
  compiled.set(text, test);
  return test(item, names, values);
}

function compile(text: string): Test {
  const either = split(text, ' OR ');
  if (either.length > 1) {
    const tests = either.map(compile);
    return (...given) => tests.some(test => test(...given));
  }
  const all = split(text.replace(/(BETWEEN \S+) AND /g, '$1 TO '), ' AND ');
  if (all.length > 1) {
    const tests = all.map(compile);
    return (...given) => tests.every(test => test(...given));
  }
  return /^\(.*\)$/.test(text) ? compile(text.slice(1, -1)) : clause(all[0] ?? text);
}

/** Parts between separators that stand in no brackets. */
function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  for (const piece of text.split(separator)) {
    const open = parts.at(-1);
    if (open !== undefined && depth(open) > 0) parts[parts.length - 1] = open + separator + piece;
    else parts.push(piece);
  }
  return parts;
}

const depth = (text: string) => text.split('(').length - text.split(')').length;

function clause(term: string): Test {
  const exists = /^attribute_(not_)?exists\((#?\w+)\)$/.exec(term);
  if (exists) {
    const [, not, name = ''] = exists;
    return (item, names) => (item?.[names[name] ?? name] === undefined) === (not !== undefined);
  }
  const range = /^(#?\w+) BETWEEN (:\w+) TO (:\w+)$/.exec(term);
  if (range) {
    const [, name = '', from = '', to = ''] = range;
    return (item, names, values) => {
      const value = String(item?.[names[name] ?? name]);
      return value >= String(values[from]) && value <= String(values[to]);
    };
  }
  const comparison = /^(#?\w+) (=|<>|<=|<) (:\w+)$/.exec(term);
  if (!comparison) throw new Error(`The table in memory does not know the expression "${term}".`);
  const [, name = '', operator, other = ''] = comparison;
  return (item, names, values) => compare(item?.[names[name] ?? name], operator, values[other]);
}

/** What is not there is unlike everything, and neither less nor more. */
function compare(value: unknown, operator: string | undefined, other: unknown): boolean {
  if (operator === '=') return value === other;
  if (operator === '<>') return value !== other;
  if (typeof value === 'number' && typeof other === 'number')
    return operator === '<' ? value < other : value <= other;
  return operator === '<' ? String(value) < String(other) : String(value) <= String(other);
}
