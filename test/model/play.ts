/** One run: a world set up at random, commands, the end. */
import fc from 'fast-check';
import type { Command } from './commands/index.ts';
import { finish } from './finish.ts';
import { newMemory } from './invariants.ts';
import { itemsOf, type Setup, setups } from './setup.ts';
import { World } from './world.ts';

export async function play(setup: Setup, commands: Iterable<Command>, everythingArrives: boolean) {
  const world = new World(setup);
  const table = world.tables.view('Directory');
  for (const item of itemsOf(setup)) await table.put(item);
  for (const { agent, queues } of setup.staff) await world.product.register(agent, queues);
  const memory = newMemory();
  await fc.asyncModelRun(() => ({ model: memory, real: world }), commands);
  await finish(world, memory, everythingArrives);
}

export const stories = (commands: fc.Arbitrary<Command>[], longest: number) =>
  fc.asyncProperty(
    setups,
    fc.commands(commands, { maxCommands: longest, size: 'max' }),
    fc.boolean(),
    (setup, commands, everythingArrives) => play(setup, commands, everythingArrives),
  );
