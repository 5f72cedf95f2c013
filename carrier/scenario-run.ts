/** Plays a scenario on a network and tells it as it happens: one line per story entry, then a verdict each. */
import type { Call } from './call.ts';
import type { CallerScript } from './caller.ts';
import { startClock } from './clock.ts';
import { HANGUP } from './hangup.ts';
import { placeInbound } from './inbound.ts';
import type { Network } from './network.ts';
import type { Manners } from './phones.ts';
import { PlacedCalls } from './placed.ts';
import { draw, seededRandom } from './random.ts';
import type { Outcome, Scenario } from './scenario.ts';
import type { Track } from './server.ts';
import type { Entry } from './story.ts';
import { differences, outcomeOf } from './verdict.ts';

export type Line = { caller: number; since: number; entry: Entry } | { caller: number; verdict: Verdict };

interface Verdict {
  outcome: Outcome;
  differences: string[];
}

/** Resolves when every call is over. When `stop` aborts, the callers hang up. */
export async function playScenario(
  network: Network,
  track: Track,
  scenario: Scenario,
  tell: (line: Line) => void,
  stop: AbortSignal,
): Promise<void> {
  const clock = startClock(scenario.speed ?? network.clock.speed);
  const began = clock.now();
  const manners = { any: { does: 'answer' }, ...scenario.phones } as Manners;
  const follow = (caller: number, call: Call) => {
    const since = call.startedAt - began;
    for (const entry of call.story.entries) tell({ caller, since, entry });
    call.story.follow(entry => tell({ caller, since, entry }));
    stop.addEventListener('abort', () => call.hangUp(HANGUP.byCaller));
  };
  const callers = callersOf(scenario);
  const placed = new PlacedCalls(network, scenario.placed.length, (nth, call) =>
    follow(callers.length + nth, call),
  );
  const undo = [network.phones.teach(manners, scenario.seed), network.keepTime(clock), placed.forget];
  try {
    await Promise.all(
      callers.map(async ({ startsAt, ...script }, caller) => {
        await clock.sleep(startsAt, stop).catch(() => undefined);
        if (stop.aborted) return;
        const pace = network.pace(clock, scenario.seed + caller);
        const { call, run } = placeInbound(network, script as CallerScript, pace);
        follow(caller, call);
        await track(run());
        tell({ caller, verdict: verdictOf(call, scenario.expect) });
      }),
    );
    if (stop.aborted) return;
    await placed.over(clock, stop).catch(() => undefined); // the verdicts tell what is missing
    for (const [nth, expect] of scenario.placed.entries())
      tell({ caller: callers.length + nth, verdict: verdictOf(placed.calls[nth], expect) });
  } finally {
    for (const back of undo) back();
  }
}

/** @param call absent: one that was never placed */
const verdictOf = (call: Call | undefined, expect: Scenario['expect']): Verdict =>
  call
    ? { outcome: outcomeOf(call), differences: differences(call, expect) }
    : { outcome: 'failed', differences: ['The application never placed this call.'] };

/** Everybody who calls, in order of `startsAt`, carrier ms from the beginning. */
function callersOf(scenario: Scenario) {
  const random = seededRandom(scenario.seed);
  const callers = scenario.callers.flatMap(({ count, startsAfter, ...script }) =>
    Array.from({ length: count }, (_, index) => ({
      ...script,
      from: countUp(script.from, index),
      startsAt: draw(startsAfter, random) * 1000,
    })),
  );
  return callers.sort((a, b) => a.startsAt - b.startsAt);
}

function countUp(number: string, by: number): string {
  const digits = String(BigInt(number.replace(/^\+/, '')) + BigInt(by));
  return number.startsWith('+') ? `+${digits}` : digits;
}
