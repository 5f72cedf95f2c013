/**
 * Variables: names and text. `voipbin.*` names are as documented; each may be written without that prefix, unless
 * the flow has a variable of the shorter name itself. What is put in the place of `${name}` is never looked into again.
 */
import type { Escape } from './action.ts';

const PREFIX = 'voipbin.';

export const LONGEST_VALUE = 8_000;
export const MOST_VARIABLES = 300;
/** Bytes of all values and names together; the whole state has to fit in one stored item. */
export const MOST_TEXT = 64_000;

/** Why variables could not be set. */
export const TOO_MANY = 'the variables would be too many or too long';

export type Variables = Readonly<Record<string, string>>;

/** Empty for a name that is not set. */
export function read(variables: Variables, name: string): string {
  if (Object.hasOwn(variables, name)) return variables[name] ?? '';
  const full = PREFIX + name;
  return Object.hasOwn(variables, full) ? (variables[full] ?? '') : '';
}

/** In the state; what would be too much to store changes nothing. @returns whether it was stored */
export function setVariables(state: { variables: Record<string, string> }, added: Variables): boolean {
  const all = withVariables(state.variables, added);
  if (all) state.variables = all;
  return all !== undefined;
}

const LONGEST_RESULT = 200;

/** What an action itself has to tell: a few short texts, for which there is always room. */
export function setResult(state: { variables: Record<string, string> }, results: Variables): void {
  const short = Object.entries(results).map(([name, value]) => [name, value.slice(0, LONGEST_RESULT)]);
  state.variables = { ...state.variables, ...Object.fromEntries(short) };
}

/** @returns undefined where it would be too much to store; a longer value is cut. */
export function withVariables(variables: Variables, added: Variables): Record<string, string> | undefined {
  const all: Record<string, string> = { ...variables };
  for (const [name, value] of Object.entries(added)) define(all, name, value.slice(0, LONGEST_VALUE));
  const entries = Object.entries(all);
  const size = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name + value), 0);
  return entries.length > MOST_VARIABLES || size > MOST_TEXT ? undefined : all;
}

/** A caller's data may name it `__proto__`. */
const define = (all: Record<string, string>, name: string, value: string) =>
  Object.defineProperty(all, name, { value, enumerable: true, writable: true, configurable: true });

interface Rules {
  verbatim?: readonly string[] | undefined;
  escapes?: Readonly<Record<string, Escape>> | undefined;
}

/** Every text of an option with its variables put in; names of options and of map entries stay as they are. */
export function substituted(
  option: Record<string, unknown>,
  variables: Variables,
  { verbatim = [], escapes = {} }: Rules,
): Record<string, unknown> {
  const entries = Object.entries(option).map(([name, value]): [string, unknown] => {
    if (verbatim.includes(name)) return [name, value];
    const escaper = escapes[name];
    const inPlace = escaper && ((text: string, template: string) => escaper(text, template, option));
    return [name, within(value, text => fill(text, variables, inPlace))];
  });
  return Object.fromEntries(entries);
}

function fill(template: string, variables: Variables, escaped = (value: string, _: string) => value): string {
  return template.replace(/\$\{(.*?)\}/g, (_, name: string) => escaped(read(variables, name), template));
}

function within(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map(item => within(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, within(item, change)]));
}
