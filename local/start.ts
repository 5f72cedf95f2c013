/**
 * `npm start`: the whole stack on this machine. Reads the settings, starts the built-in carrier unless there are
 * Vobiz credentials, and doubles of the assistants' providers unless there are their keys; synthesizes the CDK app
 * and runs what it declares, says how to use it, and ends cleanly.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { SettingsError } from './settings.ts';
import { type Stack, startStack } from './stack.ts';
import { welcome } from './welcome.ts';

const HELP = `Usage: npm start -- [options]

  --fresh    forget all data of earlier runs (.switchboard/) first
  --tunnel   make this machine reachable through ngrok (NGROK_AUTH_TOKEN, package @ngrok/ngrok)
  --help     this text

Settings come from the environment, then from .env; .env.example explains each.
`;

async function main(): Promise<void> {
  const options = {
    fresh: { type: 'boolean' },
    tunnel: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) return print(HELP);
  const home = resolve('.switchboard');
  const stack = await startStack({
    home,
    envFile: resolve('.env'),
    env: process.env,
    fresh: values.fresh ?? false,
    tunnel: values.tunnel ?? false,
    print: line => process.stderr.write(`${line}\n`),
    onSynthesis: () => print(pc.dim('Switchboard is starting: takes 5 to 20 seconds the first time ...')),
  });
  endOnSignals(stack, home);
  print(welcome(stack));
}

/** The first signal ends in good order, a second one at once. */
function endOnSignals(stack: Stack, home: string): void {
  let ending = false;
  const end = () => {
    if (ending) process.exit(130);
    ending = true;
    stack.stop().then(
      () => {
        print(`Switchboard has stopped. Its data stay in ${home}.`);
        process.exit(0);
      },
      error => fail(error),
    );
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}

function fail(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  const heading =
    error instanceof SettingsError ? 'Settings need attention:\n' : 'Switchboard could not start: ';
  process.stderr.write(`${pc.red(heading)}${message}\n`);
  process.exit(1);
}

const print = (text: string) => void process.stdout.write(`${text}\n`);

main().catch(fail);
