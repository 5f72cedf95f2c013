/** Twenty conversations at the same time in this process: each session's share of a turn, its memory, and its cost. */
import { atDesk } from '../../test/session/desk.ts';
import { heard } from '../../test/support/heard.ts';
import type { InProcessOptions } from '../../test/support/in-process.ts';
import { print } from '../report.ts';
import { allHeard, gather, hangUp, LONGER_REPLY, minutesOf, questions, sharesOf } from './callers.ts';
import { type Counted, costFigures } from './cost.ts';
import { CountedFrames } from './counted-frames.ts';
import { inUse } from './memory.ts';
import { turnFigures } from './share.ts';

const CALLERS = 20;
const TURNS = 8;
/** The greeting, then two for each turn. */
const SENTENCES = 1 + 2 * TURNS;
/** Each session has a function of 512 MB to itself. */
const FUNCTION_KB = 512 * 1024;

interface Held {
  shares: number[];
  counted: Counted;
  bytes: number;
}

export async function benchMany(): Promise<void> {
  const { shares, counted, bytes } = await hold();
  const secs = ((counted.minutes * 60) / CALLERS).toFixed(0);
  print(
    `${CALLERS} conversations of ${secs} s at once, in process, ${shares.length} of ${CALLERS * TURNS} turns`,
    [
      ...turnFigures(shares),
      {
        what: 'alive for each, with its carrier and its doubles',
        value: bytes / CALLERS / 1024,
        unit: 'KB',
        against: { name: 'memory of the function', value: FUNCTION_KB },
      },
    ],
  );
  print('The same, counted; of DynamoDB the frame log alone', costFigures(counted));
}

async function hold(): Promise<Held> {
  const frames = new CountedFrames();
  let inbound = 0;
  let held: Held | undefined;
  const product: Partial<InProcessOptions> = {
    frames,
    deliver: (request, handle) => {
      inbound++;
      handle(request);
    },
  };
  const play = atDesk({ script: { rules: [LONGER_REPLY] }, product }, async desk => {
    const callers = await gather(CALLERS, questions(TURNS), desk.call);
    await allHeard(callers, SENTENCES);
    const shares = await sharesOf(desk, callers);
    const talking = inUse();
    await hangUp(callers);
    await Promise.all(desk.sessions.map(({ done }) => done));
    // Beside its messages each socket is opened and closed.
    const invocations = inbound + 2 * CALLERS;
    const outbound = desk.posted.length;
    const counted = { minutes: minutesOf(callers), inbound, outbound, invocations, ...frames.units };
    held = { shares, counted, bytes: talking - inUse() };
  });
  await heard(play);
  if (!held) throw new Error('Nobody has held a conversation.');
  return held;
}
