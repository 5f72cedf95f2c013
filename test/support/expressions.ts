/**
 * The DynamoDB expressions that the product uses, evaluated in memory: comparisons, BETWEEN and existence, joined
 * by AND or OR. Anything else throws, so that a new expression in the product is taught here and never guessed.
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
  if (text.includes(' OR ')) {
    const either = text.split(' OR ').map(compile);
    return (...given) => either.some(test => test(...given));
  }
  const terms = text.replace(/(BETWEEN \S+) AND /g, '$1 TO ').split(' AND ');
  const all = terms.map(clause);
  return (...given) => all.every(test => test(...given));
}

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
  const comparison = /^(#?\w+) (=|<) (:\w+)$/.exec(term);
  if (!comparison) throw new Error(`The table in memory does not know the expression "${term}".`);
  const [, name = '', operator, other = ''] = comparison;
  return (item, names, values) => {
    const value = item?.[names[name] ?? name];
    return operator === '=' ? value === values[other] : String(value) < String(values[other]);
  };
}
