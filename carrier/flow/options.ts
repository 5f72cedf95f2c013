/** The command line of `npm run call -- --flow`. */
import { DIGITS } from '../scenario.ts';
import { UsageError } from '../usage-error.ts';

export interface FlowOptions {
  help: boolean;
  xml: boolean;
  name: string;
  speed?: number;
  /** Keys for each time that the flow listens; instead of the example's own calls. */
  pressing?: string[];
}

export const FLOW_HELP = `Shows a call flow of examples/flows: saves it and what it leads to on the running stack, or on one
that this command starts itself, and calls it once for each of its branches.

  npm run call -- --flow NAME [options]

  --flow NAME                 the example
  --pressing KEYS[,KEYS...]   one call of your own instead: the keys pressed each time that the flow listens
  --speed N                   how many times as fast as life (default: 1); calls in which somebody speaks keep their own
  --xml                       show the XML that went by
  --help                      this text

A stand-in on this machine answers for your own systems, and shows what it is sent. A running stack must be allowed to
call it: HTTP_ALLOW_HOSTS=127.0.0.1:8043 npm start

Examples:
`;

/** Reads the arguments; throws `UsageError` saying what to do. */
export function readFlowOptions(args: string[]): FlowOptions {
  const options: FlowOptions = { help: false, xml: false, name: '' };
  const rest = args.flatMap(arg => (/^--\w+=/.test(arg) ? splitOnce(arg) : [arg]));
  const value = (name: string): string => {
    const next = rest[0] === undefined || rest[0].startsWith('--') ? undefined : rest.shift();
    if (next !== undefined) return next;
    throw new UsageError(`${name} needs a value.${SEE_HELP}`);
  };
  if (rest.includes('--help')) return { ...options, help: true };
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--xml') options.xml = true;
    else if (arg === '--flow') options.name = value(arg);
    else if (arg === '--speed') options.speed = speedOf(value(arg));
    else if (arg === '--pressing') options.pressing = keysOf(value(arg));
    else throw new UsageError(`"${arg}" is not an option of --flow.${SEE_HELP}`);
  }
  return options;
}

const SEE_HELP = ' See npm run call -- --flow --help.';

function speedOf(text: string): number {
  const speed = Number(text);
  if (speed > 0 && speed <= 1000) return speed;
  throw new UsageError(`--speed is "${text}" but must be a number above 0, up to 1000.`);
}

function keysOf(text: string): string[] {
  const keys = text.split(',');
  if (keys.every(one => DIGITS.safeParse(one).success)) return keys;
  throw new UsageError(
    `--pressing is "${text}" but must be keys (digits, * and #), and commas between the inputs.`,
  );
}

function splitOnce(arg: string): string[] {
  const at = arg.indexOf('=');
  return [arg.slice(0, at), arg.slice(at + 1)];
}
