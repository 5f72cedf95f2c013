/**
 * Which file may import what. Handlers use every room and rooms know no handler; pure rooms know no I/O, no clock
 * and no chance; infrastructure, host and carrier share nothing with the functions but names, routes and bounds.
 */
import { posix } from 'node:path';

export interface Source {
  /** Path from the root, with forward slashes. */
  file: string;
  text: string;
}

export interface Import {
  /** A path from the root for a file of ours, else the name of a package or a `node:` module. */
  target: string;
  /** Erased before anything runs. */
  typeOnly: boolean;
}

interface Rule {
  files: RegExp;
  forbids: (found: Import, file: string) => boolean;
  why: string;
}

const SHARED = /^lambda\/platform\/(names|routes|bounds)\.ts$/;
const PURE =
  /^lambda\/((call|queue|codec|flow|transcription|vobiz|voice)\/(?!providers\/)(?!(rest|http)\.ts$)|media\/reorder\.ts$)/;
const PURE_PLATFORM = /^lambda\/platform\/(names|routes|bounds|numbers|constant-time|complaints)\.ts$/;
/** `npm run call`: the carrier, and a host of its own if none is running. */
const COMMAND = /^carrier\/(cli|stack)\.ts$/;
const SIGNERS = /^lambda\/vobiz\/(signature|continuation)\.ts$/;

export const RULES: Rule[] = [
  {
    files: /^lambda\//,
    forbids: ({ target }) => /^(bin|lib|local|carrier|doubles|console|bench|test)\//.test(target),
    why: 'what runs in Lambda does not know what deploys, hosts or tests it',
  },
  {
    files: /^lambda\/(?!handlers\/)/,
    forbids: ({ target }) => target.startsWith('lambda/handlers/'),
    why: 'handlers are entry points: nobody enters through another one',
  },
  {
    files: /^lambda\/(call|queue|store|vobiz|codec|platform)\//,
    forbids: ({ target }) => /^lambda\/(app|webhooks|api|sweep|tasks)\//.test(target),
    why: 'the application uses the rooms, never the other way round',
  },
  {
    files: /^lambda\/platform\//,
    forbids: ({ target }) => /^lambda\/(?!platform\/)/.test(target),
    why: 'the platform is under every room and knows none',
  },
  {
    files: /^lambda\/vobiz\//,
    forbids: ({ target }) => /^lambda\/(call|queue|flow|voice|store)\//.test(target),
    why: 'the carrier room speaks Vobiz and knows no queue',
  },
  {
    files: /^lambda\/flow\//,
    forbids: ({ target }) => /^lambda\/(?!flow\/|vobiz\/xml\.ts$|platform\/complaints\.ts$)/.test(target),
    why: 'flows know themselves and the elements that they become: queues, assistants and calls are effects',
  },
  {
    files: /^lambda\/codec\//,
    forbids: ({ target }) => !target.startsWith('lambda/codec/'),
    why: 'the codec depends on nothing',
  },
  {
    files: PURE,
    forbids: ({ target, typeOnly }, file) =>
      !typeOnly &&
      (/^(@aws-sdk\/|@aws-lambda-powertools\/|lambda\/store\/)/.test(target) ||
        (target.startsWith('node:') && !(target === 'node:crypto' && SIGNERS.test(file))) ||
        (target.startsWith('lambda/platform/') && !PURE_PLATFORM.test(target))),
    why: 'a pure room has no I/O: what it needs comes in, what it wants goes out as a value',
  },
  {
    files: /^lib\//,
    forbids: ({ target }) =>
      (target.startsWith('lambda/') && !SHARED.test(target)) ||
      /^(bin|local|carrier|test|bench)\//.test(target),
    why: 'infrastructure shares names, routes and bounds with the functions, nothing else',
  },
  {
    files: /^local\//,
    forbids: ({ target }) =>
      (target.startsWith('lambda/') && !SHARED.test(target)) ||
      (target.startsWith('lib/') && target !== 'lib/app.ts') ||
      /^(bin|test|bench)\//.test(target),
    why: 'the host runs what the template says: it may synthesize it, and otherwise knows only names, routes and bounds',
  },
  {
    files: /^carrier\//,
    forbids: ({ target }, file) =>
      /^(lambda|lib|bin|test|bench)\//.test(target) || (target.startsWith('local/') && !COMMAND.test(file)),
    why: 'the carrier is an independent implementation of the other side; only its command may start the host',
  },
  {
    files: /^doubles\//,
    forbids: ({ target }) => /^(bin|lib|lambda|local|carrier|bench|test)\//.test(target),
    why: 'the doubles are independent implementations of the providers: they share nothing with what they test',
  },
  {
    files: /^bin\//,
    forbids: ({ target }) => target !== 'lib/app.ts',
    why: 'the entry of the CDK app only calls it',
  },
];

const IMPURE =
  /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\.|\bfetch\(|\bset(Timeout|Interval)\(|\bconsole\./;

/** Every file of ours that runs when `start` is imported. */
export function reachedFrom(start: string, sources: Source[]): Set<string> {
  const reached = new Set([start]);
  for (const file of reached) {
    const source = sources.find(one => one.file === file);
    const next = source ? importsOf(source).filter(one => !one.typeOnly) : [];
    for (const { target } of next) if (sources.some(one => one.file === target)) reached.add(target);
  }
  return reached;
}

/** Everything wrong with a file, each as one sentence that says where and why. */
export function violations(source: Source): string[] {
  const { file, text } = source;
  const found = importsOf(source);
  const wrong = RULES.filter(rule => rule.files.test(file)).flatMap(rule =>
    found.filter(one => rule.forbids(one, file)).map(one => `${file} imports ${one.target}, but ${rule.why}`),
  );
  const impure = PURE.test(file) ? IMPURE.exec(withoutComments(text)) : null;
  if (impure)
    wrong.push(`${file} uses ${impure[0]}, but a pure room is given its clock, chance and settings`);
  return wrong;
}

export function importsOf({ file, text }: Source): Import[] {
  const statements =
    /^\s*(?:import|export)\s+(type\s)?[^'";]*?\sfrom\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\(\s*'([^']+)'/gm;
  return [...text.matchAll(statements)].map(([, type, from, bare, dynamic]) => ({
    target: resolve(file, from ?? bare ?? dynamic ?? ''),
    typeOnly: type !== undefined,
  }));
}

const resolve = (file: string, specifier: string) =>
  specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier;

const withoutComments = (text: string) =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
