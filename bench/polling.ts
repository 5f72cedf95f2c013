/**
 * An agent becomes free while callers wait: how much longer does the next caller wait? Simulated for the design
 * of the public example (each caller polls by itself after every hold cycle) and for push dispatch, with the same
 * arrivals, talk times and agents. The example is given the benefit of the doubt: its polls find a free agent
 * whenever there is one, and never ring a busy one.
 */
import { mean, print } from './report.ts';

const AGENTS = 4;
const CALLS = 20_000;
const MEAN_TALK_SECS = 180;
/** Between two calls: 90 % of what the agents can take. */
const MEAN_GAP_SECS = MEAN_TALK_SECS / AGENTS / 0.9;
const CYCLE_SECS = 20;

interface Caller {
  readyAt: number;
  talkSecs: number;
}

/** @param pushSecs measured delay from an agent becoming free to the caller's transfer being requested */
export function benchPolling(pushSecs: number): void {
  const callers = arrivals();
  const polled = mean(polling(callers));
  const pushed = mean(pushing(callers, pushSecs));
  print(`Wait that an agent's becoming free does not end (${AGENTS} agents, 90 % load, ${CALLS} calls)`, [
    {
      what: 'push dispatch, mean extra wait',
      value: pushed,
      unit: 's',
      against: { name: 'polling', value: polled },
    },
  ]);
}

function arrivals(): Caller[] {
  const random = seeded(42);
  const draw = (average: number) => -Math.log(1 - random()) * average;
  let now = 0;
  return Array.from({ length: CALLS }, () => {
    now += draw(MEAN_GAP_SECS);
    return { readyAt: now, talkSecs: draw(MEAN_TALK_SECS) };
  });
}

/** Extra waits of those who had to wait: from the moment a free agent could have taken them. */
function pushing(callers: Caller[], delay: number): number[] {
  const freeAt = new Array<number>(AGENTS).fill(0);
  return callers.flatMap(({ readyAt, talkSecs }) => {
    const agent = freeAt.indexOf(Math.min(...freeAt));
    const free = freeAt[agent] ?? 0;
    const waited = free > readyAt;
    const start = waited ? free + delay : readyAt;
    freeAt[agent] = start + talkSecs;
    return waited ? [delay] : [];
  });
}

/** Polls in time order; whoever polls first after an agent has become free wins that agent. */
function polling(callers: Caller[]): number[] {
  const freeAt = new Array<number>(AGENTS).fill(0);
  const polls = callers.map(caller => ({ at: caller.readyAt, caller }));
  const extra: number[] = [];
  const later: typeof polls = [];
  let next = 0;
  while (next < polls.length || later.length > 0) {
    const fresh = polls[next];
    const again = later[0];
    const poll = again && (!fresh || again.at <= fresh.at) ? later.shift() : polls[next++];
    if (!poll) break;
    const agent = freeAt.findIndex(free => free <= poll.at);
    if (agent < 0) insert(later, { ...poll, at: poll.at + CYCLE_SECS });
    else {
      const free = freeAt[agent] ?? 0;
      if (poll.at > poll.caller.readyAt) extra.push(poll.at - Math.max(free, poll.caller.readyAt));
      freeAt[agent] = poll.at + poll.caller.talkSecs;
    }
  }
  return extra;
}

function insert<T extends { at: number }>(list: T[], item: T): void {
  const at = list.findIndex(other => other.at > item.at);
  list.splice(at < 0 ? list.length : at, 0, item);
}

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
