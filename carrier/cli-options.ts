/** The command line of `npm run call`. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { DIGITS, E164, type Scenario, ScenarioError, scenarioFrom } from './scenario.ts';
import { UsageError } from './usage-error.ts';

export { UsageError };

export interface CallOptions {
  help: boolean;
  json: boolean;
  xml: boolean;
  name: string;
  scenario: Scenario;
}

const FOLDER = fileURLToPath(new URL('./scenarios/', import.meta.url));
const DEFAULT_SPEED = 1;

export const HELP = `Plays a simulated caller against the running stack, or against one that it starts itself.

  npm run call -- [options]

  --scenario NAME|FILE.yaml   what happens (default: answered)
  --from NUMBER, --to NUMBER  who calls, and which number
  --digits DIGITS             keys the caller presses two seconds into the first announcement
  --speed N                   how many times as fast as life (default: ${DEFAULT_SPEED}, or the scenario's own);
                              the stack's figures stay in real seconds
  --xml                       show the XML that went by
  --json                      print the story as lines of JSON; with "npm run -s call -- --json"
                              nothing else is printed
  --assistant [ID]            talk with an AI assistant instead; see npm run call -- --assistant --help
  --flow NAME                 show a call flow of examples/flows; see npm run call -- --flow --help
  --help                      this text

Scenarios:
`;

/** Names and descriptions of the scenarios that come along. */
export function listScenarios(): string {
  return readdirSync(FOLDER)
    .filter(file => file.endsWith('.yaml'))
    .map(file => file.replace('.yaml', ''))
    .map(name => `  ${name.padEnd(26)}  ${loadScenario(name).about}`)
    .join('\n');
}

/** Reads the arguments; throws `UsageError` or `ScenarioError` saying what to do. */
export function readOptions(args: string[]): CallOptions {
  const { scenario: name = 'answered', from, to, digits, speed, ...flags } = parseArguments(args);
  check('--from', from, E164);
  check('--to', to, E164);
  check('--digits', digits, DIGITS);
  check('--speed', speed, SPEED);
  const scenario = loadScenario(name);
  const callers = scenario.callers.map(caller => ({
    ...caller,
    ...(from && { from }),
    ...(to && { to }),
    ...(digits && { presses: [{ digits, on: 'says', after: 2 }] }),
  }));
  const pace = speed === undefined ? (scenario.speed ?? DEFAULT_SPEED) : Number(speed);
  return { ...flags, name, scenario: scenarioFrom({ ...scenario, callers, speed: pace }) };
}

const SPEED = z.coerce
  .number('must be a number')
  .positive('must be a number above 0')
  .max(1000, 'must be a number up to 1000');

/** Told here, where the option's name is known; in the scenario it would be the place in a file nobody wrote. */
function check(option: string, value: string | undefined, rule: z.ZodType): void {
  if (value === undefined) return;
  const { error } = rule.safeParse(value);
  if (error) throw new UsageError(`${option} is "${value}" but ${error.issues[0]?.message}.`);
}

const TEXTS = ['scenario', 'from', 'to', 'digits', 'speed'] as const;
const FLAGS = ['json', 'xml', 'help'] as const;

type Arguments = Partial<Record<(typeof TEXTS)[number], string>> & Record<(typeof FLAGS)[number], boolean>;

/** Node's own strictness speaks of its parser; so it is told to be lax, and what it found is judged here. */
function parseArguments(args: string[]): Arguments {
  const options = Object.fromEntries([
    ...TEXTS.map(name => [name, { type: 'string' }] as const),
    ...FLAGS.map(name => [name, { type: 'boolean' }] as const),
  ]);
  const { tokens } = parseArgs({ args, options, strict: false, tokens: true });
  const found: Arguments = { json: false, xml: false, help: false };
  for (const token of tokens) {
    const option = token.kind === 'option' ? token : undefined;
    const text = TEXTS.find(name => name === option?.name);
    const flag = FLAGS.find(name => name === option?.name);
    if (text && option?.value) found[text] = option.value;
    else if (text) throw new UsageError(`--${text} needs a value.${SEE_HELP}`);
    else if (flag) found[flag] = true;
    else throw new UsageError(`"${args[token.index]}" is not an option.${SEE_HELP}`);
  }
  return found;
}

const SEE_HELP = ' See npm run call -- --help.';

function loadScenario(name: string): Scenario {
  const isFile = /\.ya?ml$/.test(name);
  const path = isFile ? name : `${FOLDER}${name}.yaml`;
  try {
    return scenarioFrom(parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (error instanceof YAMLParseError)
      throw new ScenarioError(`${name} is not valid YAML: ${error.message}`);
    if (error instanceof ScenarioError) throw new ScenarioError(`${name}: ${error.message}`);
    const hint = isFile ? '' : ' See --help for those that come along, or name a .yaml file.';
    throw new UsageError(`There is no scenario "${name}".${hint}`);
  }
}
