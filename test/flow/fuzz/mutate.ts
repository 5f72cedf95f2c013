/** JSON spoilt at random places, by a generator that a number starts anew. */

export type Random = () => number;

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function random(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const oneOf = <T>(chance: Random, all: readonly T[]): T => all[Math.floor(chance() * all.length)] as T;

const nested = (depth: number, wrap: (inner: unknown) => unknown): unknown => {
  let value: unknown = 'x';
  for (let level = 0; level < depth; level++) value = wrap(value);
  return value;
};

/** What nobody should write. */
const STRANGE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  2 ** 53,
  '',
  ' ',
  'x'.repeat(9000),
  '\uD800',
  '\u0000',
  '${',
  '${}',
  '${a${b}}',
  '${__proto__}',
  '${constructor}',
  '__proto__',
  'constructor',
  '<speak>',
  '<speak>${a}</speak>',
  '"]}',
  'https://',
  'https://[::1',
  '+15550001111',
  '00000000-0000-0000-0000-000000000000',
  [],
  {},
  [null],
  [[], [1]],
  JSON.parse('{"__proto__": {"type": "talk"}}'),
  { toString: 1, valueOf: 2 },
  { type: 'talk' },
  { type: 'call', option: { actions: [{ type: 'call' }] } },
  nested(60, inner => [inner]),
  nested(300, inner => [inner]),
  nested(60, inner => ({ option: inner })),
  nested(12, inner => ({ type: 'call', option: { destinations: [], actions: [inner] } })),
];

/** A copy with up to four places spoilt. */
export function spoilt(chance: Random, given: unknown, others: readonly unknown[]): unknown {
  let value = structuredClone(given);
  for (let left = 1 + Math.floor(chance() * 4); left > 0; left--) value = changed(chance, value, others);
  return value;
}

/** Deeper places are as likely as shallow ones. */
function changed(chance: Random, value: unknown, others: readonly unknown[]): unknown {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (keys.length === 0 || chance() < 0.15) return replaced(chance, value, others);
  const container = value as Record<string, unknown>;
  const key = oneOf(chance, keys);
  const dice = chance();
  if (dice < 0.7) define(container, key, changed(chance, container[key], others));
  else if (dice < 0.8) Reflect.deleteProperty(container, key);
  else if (dice < 0.9 && !Array.isArray(value))
    define(container, oneOf(chance, NAMES), replaced(chance, container[key], others));
  else if (Array.isArray(value)) value.push(structuredClone(value[0]));
  else define(container, key, container[oneOf(chance, keys)]);
  return value;
}

const replaced = (chance: Random, value: unknown, others: readonly unknown[]): unknown => {
  const dice = chance();
  if (dice < 0.5) return structuredClone(oneOf(chance, STRANGE));
  if (dice < 0.8) return structuredClone(oneOf(chance, others));
  return typeof value === 'string' ? `${value}${oneOf(chance, ['!', '${a}', '\uDC00', '#'])}` : [value];
};

const NAMES = [
  'id',
  'type',
  'option',
  'next_id',
  'actions',
  'target_id',
  '__proto__',
  'constructor',
  '0',
  'length',
];

const define = (on: object, name: string, value: unknown) =>
  Object.defineProperty(on, name, { value, enumerable: true, writable: true, configurable: true });
