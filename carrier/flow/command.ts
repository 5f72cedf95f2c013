/**
 * `npm run call -- --flow NAME`. Exit code 0 when every call of the example went as it says and every moment led where
 * it says, 1 otherwise. The stack is left as it was, but for the records of the calls.
 */
import { colours as pc } from '../colours.ts';
import { progressLine } from '../progress.ts';
import { findStack, type Stack, startOwnStack } from '../stack.ts';
import { type Example, readExample } from './example.ts';
import type { FlowOptions } from './options.ts';
import { LINE, prepare } from './prepare.ts';
import { Show } from './show.ts';
import { type Received, type StandIn, startStandIn } from './stand-in.ts';

/** Where a running stack may be allowed to call; a stack of our own is told the port. */
const STAND_IN_PORT = 8043;

export async function showFlow(options: FlowOptions, signal: AbortSignal): Promise<number> {
  const example = withOptions(readExample(options.name), options);
  const progress = progressLine(process.stdout, true, options.speed ?? 1);
  const running = await findStack();
  const tell = (received: Received) => progress.print(tellReceived(received));
  const standIn = await startStandIn(example.systems, running ? STAND_IN_PORT : 0, tell);
  try {
    if (!running) progress.print(pc.dim('No stack is running here (npm start): starting one for this ...'));
    const stack = running ?? (await startOwnStack(settingsFor(standIn)));
    try {
      return await showOn(stack, example, standIn, options.xml, progress, signal);
    } finally {
      await stack.stop();
    }
  } finally {
    progress.stop();
    await standIn.stop();
  }
}

/** Resolves with the exit code. */
export async function showOn(
  stack: Stack,
  example: Example,
  standIn: StandIn,
  xml: boolean,
  progress: ReturnType<typeof progressLine>,
  signal: AbortSignal,
): Promise<number> {
  const { warnings, clear } = await prepare(stack, example, standIn.url);
  try {
    progress.print(`${pc.bold(example.name)}: ${example.about}`);
    for (const { field, message } of warnings) progress.print(pc.yellow(`warning  ${field}: ${message}`));
    const show = new Show(stack, standIn, { json: false, xml }, progress, signal);
    return (await show.all(example)) ? 0 : 1;
  } finally {
    await clear();
  }
}

const settingsFor = ({ host, url }: StandIn): Record<string, string> => ({
  HTTP_ALLOW_HOSTS: host,
  MESSAGE_WEBHOOK_URL: `${url}/messages`,
  TRANSCRIPT_WEBHOOK_URL: `${url}/transcripts`,
});

/** With keys of the user's own there is one call, of which nothing particular is expected. */
export function withOptions(example: Example, { pressing, speed }: FlowOptions): Example {
  const [first] = example.calls;
  const calls = pressing && first ? [pressed(first, pressing)] : example.calls;
  return {
    ...example,
    ...(pressing && { moments: [] }),
    calls: calls.map(call => ({
      ...call,
      callers: call.callers.map(caller => ({ ...caller, to: LINE })),
      speed: call.speed ?? speed ?? 1,
    })),
  };
}

const pressed = (call: Example['calls'][number], keys: string[]): Example['calls'][number] => ({
  about: `Somebody presses ${keys.join(', then ')}.`,
  seed: call.seed,
  phones: call.phones,
  ...(call.agents && { agents: call.agents }),
  callers: call.callers.slice(0, 1).map(({ from, to }) => ({
    from,
    to,
    count: 1,
    startsAfter: 0,
    presses: keys.map((digits, at) => ({ digits, on: 'listens', times: at + 1, after: 1 })),
  })),
  expect: {},
  placed: [],
  sent: [],
});

function tellReceived({ to, body, signed, status, answer }: Received): string {
  const what = `${to}${signed ? '' : ' (unsigned)'} ${body}`.trim();
  return `${pc.magenta('system')} ${what}\n       ${pc.dim(`answers ${status} ${answer}`.trim())}`;
}
