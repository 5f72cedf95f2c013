/** Where a caller's words come from: somebody who types, a pipe, or nobody. */
import { createInterface, type Interface } from 'node:readline';
import type { Say } from '../voice/says.ts';
import { PROMPT } from './screen.ts';

export type Input =
  | { kind: 'typed'; lines: Interface }
  /** Not read before somebody asks for its lines. */
  | { kind: 'piped'; source: NodeJS.ReadableStream }
  | { kind: 'none' };

/** What a line asks for. */
export type Act = { say: Say } | { do: 'help' | 'nothing' } | { unknown: string };

/** How long a pipe may take until its first byte. */
const FIRST_BYTE_MS = 1_000;

export async function openInput(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream): Promise<Input> {
  if (stdin.isTTY) {
    return { kind: 'typed', lines: createInterface({ input: stdin, output: stdout, prompt: PROMPT }) };
  }
  if (await hasBytes(stdin)) return { kind: 'piped', source: stdin };
  stdin.destroy();
  return { kind: 'none' };
}

export const linesOf = (input: Exclude<Input, { kind: 'none' }>): Interface =>
  input.kind === 'typed' ? input.lines : createInterface({ input: input.source });

/** False for a pipe that is closed, empty, or silent for a second. */
function hasBytes(stdin: NodeJS.ReadStream): Promise<boolean> {
  return new Promise(resolve => {
    const settle = (has: boolean) => {
      clearTimeout(timer);
      for (const event of ['end', 'error']) stdin.removeListener(event, none);
      stdin.removeListener('readable', look);
      resolve(has);
    };
    const none = () => settle(false);
    const look = () => stdin.readableLength > 0 && settle(true);
    const timer = setTimeout(none, FIRST_BYTE_MS);
    stdin.once('end', none).once('error', none).on('readable', look);
  });
}

/** A typed line is said at once; a piped one when its turn comes, and after `!` as an interruption. */
export function actOf(line: string, kind: 'typed' | 'piped'): Act {
  const text = line.trim();
  const [command = '', argument = ''] = text.split(/\s+(.*)/s);
  const moment = kind === 'typed' ? { after: 0 } : {};
  if (text === '') return { do: 'nothing' };
  if (command === '/press') {
    if (!/^[\d*#]+$/.test(argument)) return { unknown: text };
    return { say: { presses: argument, ...moment } };
  }
  if (command === '/play') return argument ? { say: { wav: argument, ...moment } } : { unknown: text };
  if (command === '/hangup') return { say: { hangsUp: true, ...moment } };
  if (command === '/help') return { do: 'help' };
  if (command.startsWith('/')) return { unknown: text };
  if (kind === 'piped' && text.startsWith('!')) return { say: { text: text.slice(1).trim(), interrupts: 1 } };
  return { say: { text, ...moment } };
}
