/** One call to an assistant: placed, told as it happens, its caller's words taken from the input, until it is over. */
import { listen } from '../listen.ts';
import { type Scenario, scenarioFrom } from '../scenario.ts';
import type { Stack } from '../stack.ts';
import { AGENT_TALKS_SECS, DEMO, DEMO_SECS } from './demo.ts';
import { actOf, type Input, linesOf } from './input.ts';
import { TALK_HELP, type TalkOptions } from './options.ts';
import { RemoteCaller } from './remote.ts';
import type { Screen } from './screen.ts';

export interface Talk {
  /** The call's UUID. */
  call: string;
  caller: RemoteCaller;
  /** Why the call did not go as it should; empty when all is well. */
  differences: string[];
}

export function scenarioOf({ from, to, wav }: TalkOptions, isDemo: boolean): Scenario {
  const demo = { says: DEMO, hangsUp: { after: DEMO_SECS } };
  return scenarioFrom({
    callers: [{ from, to, taped: wav !== undefined, ...(isDemo && demo) }],
    phones: { any: { does: 'answer', after: 1, talks: AGENT_TALKS_SECS } },
    expect: isDemo ? { outcome: 'bridged' } : {},
  });
}

/** Rejects when the carrier cannot be reached or refuses. */
export async function talk(
  stack: Stack,
  scenario: Scenario,
  input: Input,
  screen: Screen,
  signal: AbortSignal,
): Promise<Talk> {
  let caller: RemoteCaller | undefined;
  let call = '';
  const differences: string[] = [];
  for await (const line of listen(stack, scenario, signal)) {
    screen.tell(line);
    if ('verdict' in line) {
      differences.push(...line.verdict.differences);
    } else if (line.entry.kind === 'calls') {
      call = line.entry.call;
      caller = new RemoteCaller(stack, call);
      if (input.kind !== 'none') takeLines(input, caller, screen);
    }
  }
  if (!caller) throw new Error('The carrier placed no call.');
  return { call, caller, differences };
}

/** Each line is acted on as it comes; the end of the input hangs up, of a pipe when its last line was answered. */
function takeLines(input: Exclude<Input, { kind: 'none' }>, caller: RemoteCaller, screen: Screen): void {
  const { kind } = input;
  const lines = linesOf(input);
  const complain = (error: Error) => screen.print(error.message);
  const commands = TALK_HELP.slice(TALK_HELP.indexOf('  /press'), TALK_HELP.indexOf('\n\nLines from a pipe'));
  lines.on('line', line => {
    const act = actOf(line, kind);
    if ('say' in act) caller.say(act.say).catch(complain);
    else if ('unknown' in act) screen.print(`"${act.unknown}" is no command. /help lists them.`);
    else if (act.do === 'help') screen.print(commands);
  });
  lines.on('close', () => {
    caller.say({ hangsUp: true, ...(kind === 'typed' ? { after: 0 } : { quiet: 2 }) }).catch(complain);
  });
}
