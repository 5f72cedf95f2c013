/**
 * `npm run call -- --assistant`. Exit code 0 when the call went as it should, for the demo also only if its record
 * shows all of it; 1 otherwise.
 */
import { writeFileSync } from 'node:fs';
import { colours as pc } from '../colours.ts';
import { borrowRoster } from '../roster.ts';
import type { Stack } from '../stack.ts';
import { missingFrom } from './demo.ts';
import { type Input, openInput } from './input.ts';
import { leadToAssistant } from './line.ts';
import type { TalkOptions } from './options.ts';
import { recordOf, tellRecord } from './record.ts';
import { Screen } from './screen.ts';
import { scenarioOf, type Talk, talk } from './talk.ts';

const AGENT = { number: '+919000099011', name: 'Asha' };

/** Calls an assistant of `stack`, and leaves the stack as it was. */
export async function callAssistant(stack: Stack, options: TalkOptions): Promise<number> {
  const leadBack = await leadToAssistant(stack, options);
  try {
    const giveBack = await borrowRoster(stack, [AGENT]);
    try {
      return await converse(stack, options);
    } finally {
      await giveBack();
    }
  } finally {
    await leadBack();
  }
}

async function converse(stack: Stack, options: TalkOptions): Promise<number> {
  const input: Input = options.demo ? { kind: 'none' } : await openInput(process.stdin, process.stdout);
  const screen = new Screen(process.stdout, options.xml, input.kind === 'typed' ? input.lines : undefined);
  screen.print(`${pc.bold(`Assistant "${options.assistant}"`)}: ${INTRODUCTION[input.kind]}`);
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort(new Error('You ended the call.'));
  process.once('SIGINT', onInterrupt);
  if (input.kind === 'typed') input.lines.once('SIGINT', onInterrupt);
  try {
    const isDemo = input.kind === 'none';
    const talked = await talk(stack, scenarioOf(options, isDemo), input, screen, interrupt.signal);
    return await conclude(stack, options, talked, isDemo);
  } finally {
    process.removeListener('SIGINT', onInterrupt);
    if (input.kind === 'typed') input.lines.removeAllListeners('close').close();
    if (input.kind === 'piped') process.stdin.destroy();
  }
}

const INTRODUCTION: Record<Input['kind'], string> = {
  typed: 'type what you say; /help lists what else you can do.',
  piped: 'the lines of the input are said one after another.',
  none: 'a conversation that ends with a person.',
};

async function conclude(
  stack: Stack,
  { wav }: TalkOptions,
  { call, caller, differences }: Talk,
  isDemo: boolean,
) {
  const say = (text: string) => process.stdout.write(`${text}\n`);
  const record = await recordOf(stack, call);
  if (record) say(tellRecord(record));
  if (wav !== undefined) {
    writeFileSync(wav, await caller.sound());
    say(`Both sides are in ${wav}.`);
  }
  const missing = record ? (isDemo ? missingFrom(record) : []) : ['The stack has no record of the call.'];
  const wrong = [...differences, ...missing];
  say(
    wrong.length === 0
      ? pc.green('\nAs it should be.')
      : [pc.red('\nNot as it should be:'), ...wrong].join('\n'),
  );
  return wrong.length === 0 ? 0 : 1;
}
