/** Our own share of a turn: the model's first sentence is one token, and the voice answers at once. */
import { atDesk } from '../../test/session/desk.ts';
import { heard } from '../../test/support/heard.ts';
import { type Figure, percentile, print } from '../report.ts';
import { allHeard, gather, hangUp, questions, SHORT_REPLY, sharesOf } from './callers.ts';

const TURNS = 12;
const BUDGET_MS = 120;

export async function benchShare(): Promise<void> {
  let shares: number[] = [];
  await heard(
    atDesk({ script: { rules: [SHORT_REPLY] } }, async desk => {
      const callers = await gather(1, questions(TURNS), desk.call);
      await allHeard(callers, 1 + TURNS);
      shares = await sharesOf(desk, callers);
      await hangUp(callers);
    }),
  );
  print(
    `Final transcript → first audio posted, in process, one conversation, ${shares.length} turns`,
    turnFigures(shares),
  );
}

export const turnFigures = (shares: number[]): Figure[] =>
  [50, 95].map(p => ({
    what: `our own share of a turn, p${p}`,
    value: percentile(shares, p / 100),
    unit: 'ms',
    against: { name: 'budget of p50', value: BUDGET_MS },
  }));
