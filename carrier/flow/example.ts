/** An example of `examples/flows`: the flow as it would be saved, and beside it, in YAML, how it is shown. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { check, SCENARIO } from '../scenario.ts';
import { UsageError } from '../usage-error.ts';

const FOLDER = fileURLToPath(new URL('../../examples/flows/', import.meta.url));

const choices = z.record(z.string(), z.record(z.string(), z.unknown())).default({});

/** How the customer's own systems answer; the first that fits. */
const answer = z.strictObject({
  /** Method and path, such as `POST /customers`. */
  to: z.string().regex(/^(GET|POST|PUT|DELETE) \//, 'must be a method and a path, such as POST /customers'),
  /** Text that the request's body has. */
  having: z.string().default(''),
  status: z.number().int().min(200).max(599).default(200),
  answers: z.unknown(),
});

const shown = SCENARIO.extend({
  about: z.string().min(1),
  /** Texts that the customer's systems must have been sent, in any order: `POST /orders` and what its body has. */
  sent: z.array(z.string()).default([]),
});

const SHOW = z.strictObject({
  about: z.string().min(1),
  queues: choices,
  assistants: choices,
  /** Other examples that this one leads to. */
  flows: z.array(z.string()).default([]),
  systems: z.array(answer).default([]),
  calls: z.array(shown).min(1),
  /** Moments at which the flow is tried out without a call, and the action that it must come to. */
  moments: z
    .array(z.strictObject({ about: z.string(), at: z.iso.datetime(), comes_to: z.string() }))
    .default([]),
});

export type SystemAnswer = z.infer<typeof answer>;
export type ShownCall = z.infer<typeof shown>;
export type Example = z.infer<typeof SHOW> & { name: string };

/** What a flow of that name is saved as. */
export const idOf = (name: string): string => `example-${name}`;

/** The examples that come along, each with what it is about. */
export const listExamples = (): { name: string; about: string }[] =>
  readdirSync(FOLDER)
    .filter(file => file.endsWith('.yaml'))
    .map(file => file.replace('.yaml', ''))
    .map(name => ({ name, about: readExample(name).about }));

/** Throws `UsageError` for a name that there is not, `ScenarioError` for mistakes in the file. */
export function readExample(name: string): Example {
  return { name, ...check(SHOW, parse(read(`${name}.yaml`, name)), `examples/flows/${name}.yaml`) };
}

/** The flow's JSON. @param systems where the customer's own systems are, in place of the address in the file */
export function readFlow(name: string, systems: string): object {
  return JSON.parse(read(`${name}.json`, name).replaceAll(SYSTEMS, systems));
}

/** As the flows of the examples name the customer's own systems. */
export const SYSTEMS = 'https://systems.example.com';

function read(file: string, name: string): string {
  try {
    return readFileSync(`${FOLDER}${file}`, 'utf8');
  } catch {
    throw new UsageError(`There is no example "${name}". npm run call -- --flow --help lists them.`);
  }
}
