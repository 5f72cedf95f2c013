/** The command line of `npm run make-call`. */
import { parseArgs } from 'node:util';

export interface MakeCallOptions {
  help: boolean;
  /** Follow the call to its end. */
  wait: boolean;
  /** A deployed stack; absent: the one that runs here. */
  url?: string;
  key?: string;
  order: Order;
}

/** As `POST /calls` takes it; what is wrong in it the API says. */
export interface Order {
  to: string;
  from?: string;
  assistant?: string;
  queue?: string;
  flow?: string;
  variables?: Record<string, string>;
}

/** A mistake in the command line; the message says what to write instead. */
export class UsageError extends Error {}

export const HELP = `Rings a phone and connects whoever answers with an assistant, leads them by a flow, or lets them wait in a queue.

  npm run make-call -- --to NUMBER [options]

  --to NUMBER         whom to call, E.164: +919876543210
  --from NUMBER       the line to call from (default: FROM_NUMBER of the stack)
  --assistant ID      who speaks with the person (default: the assistant "default")
  --flow ID           the flow that leads the person instead, by its id or name
  --queue ID          the queue in which the person waits instead
  --var NAME=VALUE    a variable of the call, for the assistant's prompt or the flow; may be repeated
  --no-wait           do not follow the call to its end
  --url URL           a deployed stack, instead of the one that npm start runs here
  --key KEY           its API key; better given in the environment, as API_KEY
  --help              this text

Exit code 0 when a person answered, 1 when nobody did or the call could not be placed, 2 for a mistake here.
`;

const SEE_HELP = ' See npm run make-call -- --help.';
const TARGETS = ['assistant', 'flow', 'queue'] as const;
const TEXTS = ['to', 'from', ...TARGETS, 'var', 'url', 'key'] as const;
const FLAGS = ['no-wait', 'help'] as const;

/** @param env where the API key of a deployed stack may be. @throws UsageError */
export function readOptions(args: string[], env: NodeJS.ProcessEnv): MakeCallOptions {
  const { texts, flags } = tokensOf(args);
  const last = (name: (typeof TEXTS)[number]) => texts[name]?.at(-1);
  const [to, from] = [last('to'), last('from')];
  const targets = TARGETS.filter(name => last(name) !== undefined);
  const [target = 'assistant'] = targets;
  const help = flags.has('help');
  if (to === undefined && !help)
    throw new UsageError(`--to is missing: whom to call, such as --to +919876543210.${SEE_HELP}`);
  if (targets.length > 1)
    throw new UsageError(`Give one of --assistant, --flow and --queue, not several.${SEE_HELP}`);
  const url = last('url')?.replace(/\/+$/, '');
  if (url !== undefined && !/^https?:\/\/[^\s/]/.test(url))
    throw new UsageError(`--url is "${url}" but must start with https:// (or http://).`);
  const key = last('key') ?? env.API_KEY;
  if (url !== undefined && !key && !help)
    throw new UsageError('--url needs the API key of that stack: set API_KEY in the environment.');
  const variables = variablesOf(texts.var ?? []);
  return {
    help,
    wait: !flags.has('no-wait'),
    ...(url !== undefined && { url }),
    ...(key && { key }),
    order: {
      to: to ?? '',
      ...(from !== undefined && { from }),
      [target]: last(target) ?? 'default',
      ...(variables && { variables }),
    },
  };
}

function variablesOf(given: string[]): Record<string, string> | undefined {
  if (given.length === 0) return undefined;
  return Object.fromEntries(
    given.map(text => {
      const at = text.indexOf('=');
      if (at < 1) throw new UsageError(`--var is "${text}" but must be NAME=VALUE.`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

/** Node's own strictness speaks of its parser; so it is told to be lax, and what it found is judged here. */
function tokensOf(args: string[]) {
  const options = Object.fromEntries([
    ...TEXTS.map(name => [name, { type: 'string' }] as const),
    ...FLAGS.map(name => [name, { type: 'boolean' }] as const),
  ]);
  const { tokens } = parseArgs({ args, options, strict: false, tokens: true });
  const texts: Partial<Record<(typeof TEXTS)[number], string[]>> = {};
  const flags = new Set<(typeof FLAGS)[number]>();
  for (const token of tokens) {
    const option = token.kind === 'option' ? token : undefined;
    const text = TEXTS.find(name => name === option?.name);
    const flag = FLAGS.find(name => name === option?.name);
    if (text && option?.value) texts[text] = [...(texts[text] ?? []), option.value];
    else if (text) throw new UsageError(`--${text} needs a value.${SEE_HELP}`);
    else if (flag) flags.add(flag);
    else throw new UsageError(`"${args[token.index]}" is not an option.${SEE_HELP}`);
  }
  return { texts, flags };
}
