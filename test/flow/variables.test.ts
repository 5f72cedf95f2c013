/** Names, values, what is put in the place of `${...}`, and how an answer's fields become variables. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flattened } from '../../lambda/flow/flatten.ts';
import {
  LONGEST_VALUE,
  MOST_TEXT,
  MOST_VARIABLES,
  read,
  setVariables,
  substituted,
  TOO_MANY,
  withVariables,
} from '../../lambda/flow/variables.ts';
import { flowOf, Line } from './line.ts';

const put = (template: string, variables: Record<string, string>) =>
  substituted({ text: template }, variables, {}).text;

describe('substitution', () => {
  test.each([
    ['Hi ${name}!', 'Hi Bo!'],
    ['${name}${name}', 'BoBo'],
    ['${Provider name}', 'Acme'],
    ['${voipbin.call.digits} ${call.digits}', '12 12'],
    ['${nothing}', ''],
    ['$${name} \\${name} {{name}}', '$Bo \\Bo {{name}}'],
    ['${a ${name}}', '}'],
    ['${}', ''],
    ['${name', '${name'],
    ['${constructor}', ''],
  ])('%s: %s', (template, text) => {
    expect(put(template, { name: 'Bo', 'Provider name': 'Acme', 'voipbin.call.digits': '12' })).toBe(text);
  });

  test('a value is never looked into again', () => {
    fc.assert(
      fc.property(fc.string(), value => {
        expect(put('<${a}>', { a: value, name: 'x' })).toBe(`<${value}>`);
      }),
    );
    expect(put('${a}', { a: '${name} $& $1', name: 'x' })).toBe('${name} $& $1');
  });

  test('reaches every text but the verbatim ones; numbers, names and lists stay as they are', () => {
    const option = { n: 1, list: [1, '${a}', { '${a}': '${a}' }], flag: true, actions: ['${a}'] };
    expect(substituted(option, { a: 'x' }, { verbatim: ['actions'] })).toEqual({
      n: 1,
      list: [1, 'x', { '${a}': 'x' }],
      flag: true,
      actions: ['${a}'],
    });
  });
});

describe('variables', () => {
  test('a name of the flow’s own goes before the short form of a documented one', () => {
    const variables = { 'call.digits': 'own', 'voipbin.call.digits': '12' };
    expect(read(variables, 'call.digits')).toBe('own');
    expect(read(variables, 'voipbin.call.digits')).toBe('12');
  });

  test('there is room for so many, and no more', () => {
    const many = Object.fromEntries(Array.from({ length: MOST_VARIABLES }, (_, n) => [`v${n}`, 'x']));
    expect(withVariables({}, many)).toEqual(many);
    expect(withVariables(many, { one: 'more' })).toBeUndefined();
    expect(withVariables(many, { v0: 'changed' })?.v0).toBe('changed');
    const long = 'x'.repeat(LONGEST_VALUE + 1);
    expect(withVariables({}, { long })?.long).toHaveLength(LONGEST_VALUE);
    const full = Object.fromEntries(
      Array.from({ length: Math.ceil(MOST_TEXT / LONGEST_VALUE) }, (_, n) => [`v${n}`, long]),
    );
    expect(withVariables({}, full)).toBeUndefined();
  });

  test('what does not fit changes nothing', () => {
    const state = { variables: { a: '1' } };
    const tooMany = Object.fromEntries(Array.from({ length: MOST_VARIABLES }, (_, n) => [`v${n}`, 'x']));
    expect(setVariables(state, tooMany)).toBe(false);
    expect(state.variables).toEqual({ a: '1' });
  });

  test('there is always room for what an action has to tell', () => {
    const full = Object.fromEntries(Array.from({ length: MOST_VARIABLES }, (_, n) => [`v${n}`, 'x']));
    const line = new Line(
      flowOf([{ type: 'digits_receive' }, { type: 'variable_set', option: { key: 'a', value: 'b' } }]),
      { variables: full },
    );
    line.tell({ type: 'digits', digits: '7' });
    expect([line.variable('voipbin.call.digits'), line.variable('a')]).toEqual(['7', undefined]);
    expect(line.state.path[1]?.result).toBe(`failed: ${TOO_MANY}`);
  });

  test('a name may be anything, without harm', () => {
    const all = withVariables({}, JSON.parse('{"__proto__": "x", "constructor": "y"}'));
    expect(Object.entries(all ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(read(all ?? {}, '__proto__')).toBe('x');
    expect(read({}, 'toString')).toBe('');
  });
});

describe('an answer’s fields', () => {
  test.each([
    ['{"name":"John","tier":null}', { 'c.name': 'John', 'c.tier': '' }],
    ['{"a":{"b":[{"c":1.5}]}}', { 'c.a.b.0.c': '1.5' }],
    ['[true,false]', { 'c.0': 'true', 'c.1': 'false' }],
    ['"text"', { c: 'text' }],
    ['{}', {}],
    ['<html>', {}],
    ['', {}],
  ])('%s', (json, variables) => {
    expect(flattened(json, 'c').fields).toEqual(variables);
  });

  test('are no more than a hundred, and not endlessly deep', () => {
    const many = flattened(JSON.stringify(Array(500).fill(1)), 'c');
    expect(Object.keys(many.fields)).toHaveLength(100);
    expect(many.lost).toBe('more than 100 fields');
    expect(flattened(JSON.stringify(Array(100).fill(1)), 'c').lost).toBeUndefined();
    expect(flattened('{"cut": "sho', 'c')).toEqual({ fields: {}, lost: 'no JSON, or more than 64 KB of it' });
    expect(flattened('', 'c')).toEqual({ fields: {} });
    expect(flattened(`${'['.repeat(5000)}1${']'.repeat(5000)}`, 'c').fields).toEqual({});
  });
});
