/** The command line of `npm run call -- --assistant`. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { E164 } from '../scenario.ts';
import { UsageError } from '../usage-error.ts';

export interface TalkOptions {
  help: boolean;
  demo: boolean;
  xml: boolean;
  assistant: string;
  from: string;
  to: string;
  wav?: string;
}

export const TALK_HELP = `Talks with an AI assistant on the running stack, or on one that this command starts itself.

  npm run call -- --assistant [ID] [options]

  --assistant [ID]            an assistant of the stack (default: its default assistant)
  --demo                      a conversation by itself: questions, a long reply that is interrupted, and a transfer
                              to a registered agent, then the call record; exit code 0 only if all of it happened
  --from NUMBER, --to NUMBER  who calls, and which number (it leads to the assistant while the call lasts)
  --wav FILE                  saves both sides: the caller on the left, what they heard on the right
  --xml                       show the XML that went by
  --help                      this text

In a terminal every line you type is said at once; while the assistant speaks that interrupts it. What is heard
is printed word by word as it is played.

  /press 5                    presses a key
  /play FILE.wav              says a sound file (mono, 8 or 16 kHz)
  /hangup, or Ctrl-D          hangs up
  /help                       lists these

Lines from a pipe are said one after another, each when the assistant has answered the one before; a line that starts
with "!" interrupts the answer after a second. Without input the demo is played.

The caller speaks in tones that stand for letters: the built-in doubles of the speech services understand them and
answer alike. With real keys only sound files are understood, and what is heard is in the file of --wav.
`;

const TEXTS = ['from', 'to', 'wav'] as const;
const FLAGS = ['demo', 'xml', 'help'] as const;

/** Reads the arguments; throws `UsageError` saying what to do. */
export function readTalkOptions(args: string[]): TalkOptions {
  const options: TalkOptions = {
    help: false,
    demo: false,
    xml: false,
    assistant: 'default',
    from: '+919811000001',
    to: '+918071230042',
  };
  const rest = args.flatMap(arg => (/^--\w+=/.test(arg) ? splitOnce(arg) : [arg]));
  const value = () => (rest[0] === undefined || rest[0].startsWith('--') ? undefined : rest.shift());
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const name = arg.slice(2);
    const flag = FLAGS.find(known => known === name);
    const text = TEXTS.find(known => known === name);
    if (!arg.startsWith('--')) throw new UsageError(`"${arg}" is not an option.${SEE_HELP}`);
    if (flag) options[flag] = true;
    else if (text) options[text] = value() ?? missing(arg);
    else if (name === 'assistant') options.assistant = value() ?? options.assistant;
    else throw new UsageError(`"${arg}" is not an option of --assistant.${SEE_HELP}`);
  }
  for (const name of ['from', 'to'] as const) {
    if (!E164.safeParse(options[name]).success)
      throw new UsageError(
        `--${name} is "${options[name]}" but must be a telephone number such as +919876543210.`,
      );
  }
  if (options.wav !== undefined) checkWritable('--wav', options.wav);
  return { ...options, to: options.to.replace(/^\+?/, '+') };
}

const SEE_HELP = ' See npm run call -- --assistant --help.';

/** Told now: after the conversation it would be lost. */
function checkWritable(option: string, file: string): void {
  const folder = dirname(file);
  const refuse = (why: string) => new UsageError(`${option} is "${file}" but ${why}.${SEE_HELP}`);
  if (existsSync(file) && !statSync(file).isFile()) throw refuse('that is no file; name one to be written');
  if (!existsSync(folder)) throw refuse(`there is no folder "${folder}"; make it first, or name another`);
  try {
    accessSync(existsSync(file) ? file : folder, constants.W_OK);
  } catch {
    throw refuse('it cannot be written; name another');
  }
}

function splitOnce(arg: string): string[] {
  const at = arg.indexOf('=');
  return [arg.slice(0, at), arg.slice(at + 1)];
}

function missing(option: string): never {
  throw new UsageError(`${option} needs a value.${SEE_HELP}`);
}
