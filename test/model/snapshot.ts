/** What is stored, as text to compare; and how an expectation fails: with the story so far. */
import type { Call } from '../../lambda/call/call.ts';
import type { Agent } from '../../lambda/queue/agent.ts';
import type { World } from './world.ts';

export const callsIn = (world: World): Call[] =>
  [...world.tables.items('Calls')].filter(({ sk }) => sk === 'CALL') as unknown as Call[];

export const agentsIn = (world: World): Agent[] =>
  [...world.tables.items('Directory')].filter(({ pk }) => pk === 'AGENT') as unknown as Agent[];

/** Every call, agent and place in line. */
export const snapshot = (world: World): string =>
  [...world.tables.items('Calls'), ...world.tables.items('Directory')]
    .map(item => JSON.stringify(item))
    .sort()
    .join('\n');

/** The lines in which two snapshots differ. */
export function difference(before: string, after: string): string {
  const only = (these: string, those: string) => {
    const known = new Set(those.split('\n'));
    return these.split('\n').filter(line => !known.has(line));
  };
  return `\n- ${only(before, after).join('\n- ')}\n+ ${only(after, before).join('\n+ ')}`;
}

export function expect(world: World, truth: boolean, otherwise: string): void {
  if (!truth) throw new Error(`${otherwise}\n\nThe story:\n${world.diary.join('\n')}\n`);
}
