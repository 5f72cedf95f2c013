/** Acts by how often they come, and the commands of fast-check made of them. */
import fc from 'fast-check';
import { interleave, type Turn } from '../../support/turns.ts';
import { type Act, faults } from '../act.ts';
import { type Memory, remember, verify } from '../invariants.ts';
import type { Fault } from '../product.ts';
import type { World } from '../world.ts';
import { agentActs } from './agents.ts';
import { callbackActs } from './callbacks.ts';
import { callerActs } from './callers.ts';
import { carrierActs } from './carrier.ts';
import { timeActs } from './time.ts';

const weighted = (weight: number, arbitrary: fc.Arbitrary<Act>) => ({ weight, arbitrary });

/** Acts whose requests may run at the same time. */
const requests = [
  weighted(4, callerActs.arrive),
  weighted(9, callerActs.step),
  weighted(2, callerActs.hangUp),
  weighted(3, agentActs.register),
  weighted(2, agentActs.change),
  weighted(4, agentActs.answer),
  weighted(3, agentActs.ignore),
  weighted(1, agentActs.endTalk),
  weighted(2, callbackActs.ask),
  weighted(5, callbackActs.pickUp),
  weighted(1, callbackActs.decline),
  weighted(4, carrierActs.deliver),
  weighted(2, carrierActs.repeat),
  weighted(1, timeActs.sweep),
];

const others = [
  weighted(2, carrierActs.lose),
  weighted(1, carrierActs.mood),
  weighted(4, timeActs.pass),
  weighted(1, timeActs.wake),
];

export type Command = fc.AsyncCommand<Memory, World>;

/** One act after the other, each perhaps struck by a fault. */
export const oneByOne: fc.Arbitrary<Command> = struckBy(fc.oneof(...requests, ...others)).map(one =>
  command([one], []),
);

/** Two or three at the same time, their operations on the store and the carrier interleaved. */
export const atOnce: fc.Arbitrary<Command> = fc
  .record({
    acts: fc.array(struckBy(fc.oneof(...requests)), { minLength: 2, maxLength: 3 }),
    turns: fc.array(fc.nat({ max: 5 }), { minLength: 4, maxLength: 24 }),
  })
  .map(({ acts, turns }) => command(acts, turns));

interface Struck {
  /** The first that is possible happens. */
  acts: Act[];
  fault: Fault | undefined;
}

function struckBy(act: fc.Arbitrary<Act>): fc.Arbitrary<Struck> {
  return fc.record({ acts: fc.array(act, { minLength: 1, maxLength: 4, size: 'max' }), fault: faults });
}

function command(acts: Struck[], turns: number[]): Command {
  return {
    check: () => true,
    async run(memory, world) {
      remember(memory, world, acts.length > 1);
      const [only, ...more] = acts;
      if (only && more.length === 0) await happen(world, only);
      else
        await interleave(
          acts.map(act => turn => happen(world, act, turn)),
          turns,
        );
      verify(memory, world);
    },
    toString: () => acts.map(describe).join(' | ') + (turns.length > 0 ? ` in turns ${turns}` : ''),
  };
}

async function happen(world: World, { acts, fault }: Struck, turn?: Turn): Promise<void> {
  const { faults } = world.product;
  for (const act of acts) if (await act.happen(world, { fault, turn })) break;
  if (world.product.faults > faults && fault) world.note(`  ${struck(fault)}`);
}

const describe = ({ acts, fault }: Struck) =>
  acts.map(({ name }) => name).join(' or ') + (fault ? ` (${struck(fault)})` : '');

const struck = ({ at, when, how }: Fault) =>
  `the ${how === 'dies' ? 'process dies' : 'store fails'} ${when} operation ${at}`;
