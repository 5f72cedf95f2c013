/**
 * `npm run call`: a simulated caller, told in the terminal. Exit code 0 when the call ended as the scenario
 * expects, 1 when it ended otherwise or nothing could be called, 2 for a mistake in the command line.
 */

import { callAssistant } from './assistant/command.ts';
import { readTalkOptions, TALK_HELP } from './assistant/options.ts';
import { type CallOptions, HELP, listScenarios, readOptions, UsageError } from './cli-options.ts';
import { colours as pc } from './colours.ts';
import { showFlow } from './flow/command.ts';
import { listExamples } from './flow/example.ts';
import { FLOW_HELP, readFlowOptions } from './flow/options.ts';
import { interruption } from './interruption.ts';
import { conclusion, isCrowd, playOn } from './play.ts';
import { progressLine } from './progress.ts';
import { availableAgents, borrowRoster } from './roster.ts';
import { ScenarioError } from './scenario.ts';
import { findStack, type Stack, StackError, startOwnStack } from './stack.ts';

const DEMO_AGENT = { number: '+919000099011', name: 'Asha' };

type Say = (text: string) => void;

async function main(args: string[]): Promise<number> {
  if (args.some(arg => /^--assistant(=|$)/.test(arg))) return talkToAssistant(args);
  return args.some(arg => /^--flow(=|$)/.test(arg)) ? callFlow(args) : playCall(args);
}

async function callFlow(args: string[]): Promise<number> {
  const options = readFlowOptions(args);
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  if (options.help) {
    say(
      `${FLOW_HELP}${listExamples()
        .map(({ name, about }) => `  ${name.padEnd(20)}  ${about}`)
        .join('\n')}`,
    );
    return 0;
  }
  return showFlow(options, interruption());
}

async function talkToAssistant(args: string[]): Promise<number> {
  const options = readTalkOptions(args);
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  if (options.help) {
    say(TALK_HELP.trimEnd());
    return 0;
  }
  const stack = (await findStack()) ?? (await ownStack(say));
  try {
    return await callAssistant(stack, options);
  } finally {
    await stack.stop();
  }
}

async function playCall(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (options.help) {
    process.stdout.write(`${HELP}${listScenarios()}\n`);
    return 0;
  }
  const say = options.json ? () => undefined : (text: string) => void process.stdout.write(`${text}\n`);
  const stack = (await findStack()) ?? (await ownStack(say));
  const signal = interruption();
  try {
    return await withAgents(stack, options, say, signal);
  } finally {
    await stack.stop();
  }
}

function ownStack(say: (text: string) => void): Promise<Stack> {
  say(pc.dim('No stack is running here (npm start): starting one for this call ...'));
  return startOwnStack();
}

async function withAgents(stack: Stack, options: CallOptions, say: Say, signal: AbortSignal) {
  const { scenario } = options;
  const wanted = scenario.agents ?? (stack.ours ? [DEMO_AGENT] : undefined);
  const giveBack = wanted && (await borrowRoster(stack, wanted));
  try {
    const agents = await availableAgents(stack);
    say(`${pc.bold(options.name)}: ${scenario.about}`);
    say(pc.dim(`Agents: ${agents.join(', ') || 'none'}.${paceOf(options)}\n`));
    const quiet = options.json || isCrowd(scenario);
    const progress = progressLine(process.stdout, !quiet, scenario.speed ?? 1);
    const summary = await playOn(stack, scenario, options, progress, signal).finally(progress.stop);
    say(conclusion(summary));
    const helpless = agents.length === 0 && wanted === undefined && !summary.outcomes.includes('bridged');
    if (helpless) say(howToRegister(stack));
    return summary.differences.length === 0 ? 0 : 1;
  } finally {
    await giveBack?.();
  }
}

function paceOf({ scenario: { speed = 1 } }: CallOptions): string {
  return speed === 1 ? '' : ` ${speed} times as fast as life.`;
}

function howToRegister({ url, apiKey }: Stack): string {
  return `
No agent was available, so the caller could not be connected. Register one and call again:

  curl -X POST ${url}/agents -H 'Authorization: Bearer ${apiKey}' \\
    -H 'Content-Type: application/json' -d '{"number": "${DEMO_AGENT.number}", "name": "${DEMO_AGENT.name}"}'

Any number will do: the simulated carrier lets every phone answer.`;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError || error instanceof ScenarioError;
  const isExpected = isUsage || error instanceof StackError;
  process.stderr.write(`${isExpected ? error.message : `npm run call failed: ${error}`}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
