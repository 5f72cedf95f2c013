/** A scenario played on a stack and told in the terminal. */
import { colours as pc } from './colours.ts';
import { listen } from './listen.ts';
import { narrate } from './narrate.ts';
import type { progressLine } from './progress.ts';
import type { Outcome, Scenario } from './scenario.ts';
import type { Stack } from './stack.ts';

export interface Summary {
  /** UUIDs of the calls, in the order in which they began. */
  calls: string[];
  outcomes: Outcome[];
  /** What is not as the scenario expects. */
  differences: string[];
}

export interface Telling {
  json: boolean;
  xml: boolean;
}

/** Several people whose lines have to be told apart. */
export const isCrowd = ({ callers, placed }: Scenario): boolean =>
  placed.length > 0 || callers.length > 1 || callers.some(({ count }) => count > 1);

/** Resolves when the scenario is over, or `signal` has ended it. */
export async function playOn(
  stack: Stack,
  scenario: Scenario,
  { json, xml }: Telling,
  progress: ReturnType<typeof progressLine>,
  signal: AbortSignal,
): Promise<Summary> {
  const crowd = isCrowd(scenario);
  const summary: Summary = { calls: [], outcomes: [], differences: [] };
  try {
    for await (const line of listen(stack, scenario, signal)) {
      const text = json ? JSON.stringify(line) : narrate(line, { crowd, xml });
      if (text !== undefined) progress.print(text);
      if ('entry' in line && line.entry.kind === 'calls') summary.calls.push(line.entry.call);
      if ('verdict' in line) {
        const who = crowd ? `Caller #${line.caller + 1}: ` : '';
        summary.outcomes.push(line.verdict.outcome);
        summary.differences.push(...line.verdict.differences.map(difference => who + difference));
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    summary.differences.push('You ended the call.');
  }
  return summary;
}

export function conclusion({ outcomes, differences }: Pick<Summary, 'outcomes' | 'differences'>): string {
  const counts = [...new Set(outcomes)].map(outcome => {
    const count = outcomes.filter(one => one === outcome).length;
    return outcomes.length > 1 ? `${count} ${outcome}` : outcome;
  });
  const verdict = differences.length === 0 ? pc.green('As expected') : pc.red('Not as expected');
  return [`\n${verdict}: ${counts.join(', ') || 'no call'}.`, ...differences].join('\n');
}
