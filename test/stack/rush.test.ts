/** Twenty callers, three agents, and chance: ring and talk times, misses and hang-ups differ from seed to seed. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Call, Entry } from '../../carrier/index.ts';
import { seededRandom } from '../../carrier/random.ts';
import { openStage, type Stage, type StageQueue } from '../support/stage.ts';
import { tally } from '../support/story.ts';

const CALLERS = 20;
const AGENTS = 3;
/** All arrive within this real time, so that most of them have to wait. */
const RUSH_MS = 1500;
/** Between the match and the ring lies a transfer, so two may pass each other by that much: 0.6 s of real time. */
const FETCH_MS = 60_000;

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

it.each([
  1, 2,
])('rush %i: no phone rung twice, order kept, every call counted once, nobody stuck', async seed => {
  const queue = await stage.openQueue({ max_wait_cycles: 8, missed_limit: 0 });
  const agents: string[] = [];
  for (let n = 0; n < AGENTS; n++)
    agents.push(await queue.agent({ does: 'answer', after: [1, 8], talks: [5, 40], misses: 0.2 }));
  const calls = await rush(queue, seed);
  expect(stage.vobiz.phones.collisions).toEqual([]);
  await everyCallIsCountedOnce(queue, calls);
  orderIsKept(calls);
  for (const agent of agents)
    expect(await stage.agent(agent)).toMatchObject({ state: 'available', current_call: null });
  expect(await queue.status()).toMatchObject({ callers_waiting: 0, agents_available: AGENTS });
});

/** Every third caller loses patience after a while, wherever the call then is. */
async function rush(queue: StageQueue, seed: number): Promise<Call[]> {
  const random = seededRandom(seed);
  const callers = await Promise.all(
    Array.from({ length: CALLERS }, async (_, n) => {
      const [arrival, patience] = [random() * RUSH_MS, 10 + random() * 100];
      await new Promise(resume => setTimeout(resume, arrival));
      return queue.call(n % 3 === 0 ? { hangsUp: { on: 'says', after: patience } } : {});
    }),
  );
  await Promise.all(callers.map(({ done }) => done));
  return callers.map(({ call }) => call);
}

async function everyCallIsCountedOnce(queue: StageQueue, calls: Call[]): Promise<void> {
  const records = await Promise.all(calls.map(call => stage.record(call)));
  for (const [at, record] of records.entries()) {
    const talked = calls[at]?.story.of('bridged').length ?? 0;
    expect(record).toMatchObject({ state: 'ended', agent: talked ? expect.any(String) : null });
    expect(record.outcome === 'connected').toBe(talked === 1);
    expect(talked).toBeLessThanOrEqual(1);
  }
  const count = (outcome: string) => records.filter(record => record.outcome === outcome).length;
  const { connected = 0, abandoned = 0, voicemails = 0, ...others } = tally(await queue.metrics());
  expect(others).toEqual({});
  expect(connected + abandoned + voicemails).toBe(CALLERS);
  expect([connected, abandoned, voicemails]).toEqual(['connected', 'abandoned', 'voicemail'].map(count));
  expect(Math.min(connected, abandoned)).toBeGreaterThan(0);
}

/** Nobody is matched before somebody who stood in line already when they called, and who waits on. */
function orderIsKept(calls: Call[]): void {
  const facts = calls.map(call => {
    const when = (which: (entry: Entry) => boolean) => {
      const entry = call.story.entries.find(which);
      return entry ? call.startedAt + entry.at : Number.POSITIVE_INFINITY;
    };
    return {
      called: call.startedAt,
      inLine: when(entry => entry.kind === 'reply' && entry.url.includes('/queue-try-agent')),
      matched: when(({ kind }) => kind === 'transferred' || kind === 'rings' || kind === 'hangup'),
      rang: when(({ kind }) => kind === 'rings'),
    };
  });
  const overtaken = facts.flatMap(early =>
    facts.filter(late => early.inLine < late.called && late.rang + FETCH_MS < early.matched),
  );
  expect(overtaken).toEqual([]);
}
