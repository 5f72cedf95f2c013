/** The command line of `npm run call`. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse, YAMLParseError } from 'yaml';
import { type Scenario, ScenarioError, scenarioFrom } from './scenario.ts';

export class UsageError extends Error {}

export interface CallOptions {
  help: boolean;
  json: boolean;
  xml: boolean;
  name: string;
  scenario: Scenario;
}

const FOLDER = fileURLToPath(new URL('./scenarios/', import.meta.url));
const DEFAULT_SPEED = 5;

export const HELP = `Plays a simulated caller against the running stack, or against one that it starts itself.

  npm run call -- [options]

  --scenario NAME|FILE.yaml   what happens (default: answered)
  --from NUMBER, --to NUMBER  who calls, and which number
  --digits DIGITS             keys the caller presses two seconds into the first announcement
  --speed N                   how many times as fast as life (default: ${DEFAULT_SPEED})
  --xml                       show the XML that went by
  --json                      print the story as lines of JSON
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
  const { values } = parseArguments(args);
  const speed = values.speed === undefined ? undefined : Number(values.speed);
  if (speed !== undefined && !(speed > 0 && speed <= 1000)) {
    throw new UsageError(`--speed must be a number above 0 and up to 1000, not "${values.speed}".`);
  }
  const name = values.scenario ?? 'answered';
  const scenario = loadScenario(name);
  const callers = scenario.callers.map(caller => ({
    ...caller,
    ...(values.from && { from: values.from }),
    ...(values.to && { to: values.to }),
    ...(values.digits && { presses: [{ digits: values.digits, on: 'says', after: 2 }] }),
  }));
  return {
    help: values.help ?? false,
    json: values.json ?? false,
    xml: values.xml ?? false,
    name,
    scenario: scenarioFrom({ ...scenario, callers, speed: speed ?? scenario.speed ?? DEFAULT_SPEED }),
  };
}

function parseArguments(args: string[]) {
  const text = { type: 'string' } as const;
  const yes = { type: 'boolean' } as const;
  const options = {
    scenario: text,
    from: text,
    to: text,
    digits: text,
    speed: text,
    json: yes,
    xml: yes,
    help: yes,
  };
  try {
    return parseArgs({ args, options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

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
