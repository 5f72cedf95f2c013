/** How every story ends: what was on its way arrives or is lost, everybody hangs up, and time passes. */

import { settle } from '../../lambda/queue/agent-states.ts';
import { add, NOTHING, report, totalsOf } from '../../lambda/queue/report.ts';
import { type Memory, remember, verify } from './invariants.ts';
import { agentsIn, callsIn, expect } from './snapshot.ts';
import type { World } from './world.ts';

const SWEEPS = 12;
const BETWEEN_SWEEPS_MS = 150_000;

export async function finish(world: World, memory: Memory, everythingArrives: boolean): Promise<void> {
  world.note(`the end: ${everythingArrives ? 'all that is on its way arrives' : 'the rest is lost'}`);
  world.mood = 'works';
  for (const leg of world.legs) if (leg.phase !== 'gone') world.end(leg, { HangupCauseCode: '4000' });
  for (let notice = world.notices[0]; notice; notice = world.notices[0])
    if (everythingArrives) await world.deliver(notice, {});
    else world.notices.shift();
  for (let count = 0; count < SWEEPS && !isOver(world); count++) {
    remember(memory, world, true);
    world.pass(BETWEEN_SWEEPS_MS);
    if (!everythingArrives) world.notices = [];
    for (let notice = world.notices[0]; notice; notice = world.notices[0]) await world.deliver(notice, {});
    await world.product.sweep();
    verify(memory, world);
  }
  everythingIsOver(world);
  theNumbersAddUp(world);
}

const isOver = (world: World) =>
  callsIn(world).every(({ state }) => state === 'ended') &&
  agentsIn(world).every(({ call }) => call === undefined);

function everythingIsOver(world: World): void {
  const calls = callsIn(world);
  for (const { id, state, outcome } of calls)
    expect(world, state === 'ended' && outcome !== undefined, `At the end ${id} is ${state} (${outcome})`);
  for (const agent of agentsIn(world).map(agent => settle(agent, world.now)))
    expect(world, agent.call === undefined, `At the end ${agent.number} is ${agent.state}`);
  const line = [...world.tables.items('Calls')].filter(({ pk }) => pk.startsWith('LINE#'));
  expect(world, line.length === 0, `At the end ${line.length} are in line`);
}

function theNumbersAddUp(world: World): void {
  const limits = { service_level_secs: 20, short_abandon_secs: 5 };
  const calls = callsIn(world);
  const totals = calls.map(call => totalsOf(call, limits, world.now)).reduce(add, NOTHING);
  const numbers = report(totals, limits);
  const { connected, abandoned, voicemails, callbacks, overflows, rejected, failed, waiting } = numbers;
  const sum = connected + abandoned + voicemails + callbacks + overflows + rejected + failed + waiting;
  expect(
    world,
    numbers.total_calls === calls.length,
    `${numbers.total_calls} of ${calls.length} calls counted`,
  );
  expect(world, sum === calls.length && waiting === 0, `${JSON.stringify(numbers)} does not add up`);
}
