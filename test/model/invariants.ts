/** What holds after every command, whatever happened. */
import { type Call, carrierId, type Outcome, otherNumber } from '../../lambda/call/call.ts';
import { isToBeRung } from '../../lambda/call/callback.ts';
import { inLine } from '../../lambda/call/transitions.ts';
import type { Agent } from '../../lambda/queue/agent.ts';
import { settle } from '../../lambda/queue/agent-states.ts';
import { lineKey } from '../../lambda/store/line.ts';
import { agentsIn, callsIn, expect } from './snapshot.ts';
import type { World } from './world.ts';

/** How things stood before the command. */
export interface Memory {
  calls: Map<string, Call>;
  drops: number;
  cutTalks: number;
  concurrent: boolean;
}

export const newMemory = (): Memory => ({ calls: new Map(), drops: 0, cutTalks: 0, concurrent: false });

export function remember(memory: Memory, world: World, concurrent: boolean): void {
  memory.calls = new Map(callsIn(world).map(call => [call.id, call]));
  memory.drops = world.drops.length;
  memory.cutTalks = world.cutTalks.length;
  memory.concurrent = concurrent;
}

export function verify(memory: Memory, world: World): void {
  const calls = callsIn(world);
  const agents = agentsIn(world).map(agent => settle(agent, world.now));
  agentsAndCallsAgree(world, calls, agents);
  theLineIsWhoWaits(world, calls);
  for (const call of calls) nothingGoesBackwards(world, memory.calls.get(call.id), call);
  nobodyIsDropped(world, calls, memory);
  whoRingsIsReserved(world, calls);
  nobodyWaitsForAFreeAgent(world, calls);
  if (!memory.concurrent) nobodyOvertakes(world, calls, agents, memory);
}

function agentsAndCallsAgree(world: World, calls: Call[], agents: Agent[]): void {
  const byId = new Map(calls.map(call => [call.id, call]));
  const byNumber = new Map(agents.map(agent => [agent.number, agent]));
  for (const agent of agents) {
    const held = agent.state === 'reserved' || agent.state === 'busy';
    expect(world, held === (agent.call !== undefined), `${agent.number} is ${agent.state} by ${agent.call}`);
    if (agent.call === undefined) continue;
    const call = byId.get(agent.call);
    const named = call ? namedBy(call, world.now) : [];
    expect(
      world,
      named.includes(agent.number),
      `${agent.number} is held by ${agent.call}, which names ${named}`,
    );
  }
  for (const call of calls)
    for (const number of namedBy(call, world.now)) {
      const holder = byNumber.get(number)?.call;
      const excused = call.state === 'connected' && answeredTooLate(call);
      expect(
        world,
        holder === call.id || excused,
        `${call.id} (${call.state}) names ${number}, held by ${holder}`,
      );
    }
}

function namedBy(call: Call, now: number): string[] {
  if (call.state === 'connected') return call.agent ? [call.agent] : [];
  return call.state === 'offered' && call.offer && call.offer.expires_at > now ? call.offer.agents : [];
}

/** Word of the answer came when the reservation was over by the clock: the agent may be promised elsewhere. */
function answeredTooLate({ rings, connected_at = 0 }: Call): boolean {
  const RESERVED_MS = 180_000;
  return connected_at - (rings.at(-1)?.at ?? 0) >= RESERVED_MS;
}

function theLineIsWhoWaits(world: World, calls: Call[]): void {
  const standing = [...world.tables.items('Calls')].filter(({ pk }) => pk.startsWith('LINE#'));
  const expected = calls.filter(inLine).map(lineKey);
  const text = (keys: { pk: string; sk: string }[]) =>
    keys
      .map(({ pk, sk }) => `${pk} ${sk}`)
      .sort()
      .join('\n');
  expect(
    world,
    text(standing) === text(expected),
    `In line:\n${text(standing)}\nwaiting:\n${text(expected)}`,
  );
}

const RANK = {
  dialing: 0,
  assisted: 1,
  in_flow: 1,
  greeting: 2,
  waiting: 3,
  offered: 3,
  connected: 4,
  voicemail: 4,
  ended: 5,
} as const;
const REFINED: readonly (Outcome | undefined)[] = ['connected', 'voicemail'];

function nothingGoesBackwards(world: World, before: Call | undefined, after: Call): void {
  const { id, state, outcome } = after;
  const finished = state === 'ended' || state === 'connected';
  expect(world, !finished || outcome !== undefined, `${id} is ${state} without an outcome`);
  if (!before) return;
  const forwards = RANK[before.state] < RANK[state] || before.state === state;
  const inTheLine = inLine(before) && inLine(after);
  expect(world, forwards || inTheLine, `${id} went from ${before.state} to ${state}`);
  const kept = before.outcome === undefined || before.outcome === outcome;
  const refined = before.outcome === (after.callback ? 'failed' : 'abandoned') && REFINED.includes(outcome);
  expect(world, kept || refined, `The outcome of ${id} changed from ${before.outcome} to ${outcome}`);
  // A callback that is asked for again gets the better place, or one in the other queue.
  const better = after.callback && (before.joined_at > after.joined_at || before.queue !== after.queue);
  expect(world, before.joined_at === after.joined_at || better === true, `${id} lost its place`);
}

/** No caller is left with an empty document, and no talk is cut off, while the product knows the call alive. */
function nobodyIsDropped(world: World, calls: Call[], memory: Memory): void {
  for (const id of world.drops.slice(memory.drops)) {
    // An agent whose callback has come to nothing may hear nothing.
    const call = calls.find(one => carrierId(one) === id && !isToBeRung(one));
    expect(world, call === undefined || call.state === 'ended', `${id} was dropped while ${call?.state}`);
  }
  const cut = world.cutTalks.slice(memory.cutTalks);
  expect(world, cut.length === 0, `The talk of ${cut} was cut off by a transfer`);
}

/** Who is newly offered was the first in line whom those agents could serve. */
function nobodyOvertakes(world: World, calls: Call[], agents: Agent[], memory: Memory): void {
  const offered = calls.filter(call => call.offer && call.offer.id !== memory.calls.get(call.id)?.offer?.id);
  for (const call of offered)
    for (const other of calls) {
      const waited =
        other.state === 'waiting' &&
        memory.calls.get(other.id)?.version === other.version &&
        !isPassedOver(other, calls, world.now);
      if (!waited || other.queue !== call.queue || !comesBefore(other, call)) continue;
      const able = call.offer?.agents.filter(number => canServe(agents, number, other)) ?? [];
      expect(world, able.length === 0, `${call.id} got ${able} before ${other.id}`);
    }
}

/** The product's own order is under test, so it is not used here. */
const comesBefore = (one: Call, other: Call) =>
  one.priority !== other.priority
    ? one.priority > other.priority
    : one.joined_at !== other.joined_at
      ? one.joined_at < other.joined_at
      : one.id < other.id;

/** A callback keeps its place while later callers go by. After its last attempt only word of a talk is waited for. */
const isPassedOver = ({ callback, to, deadline }: Call, calls: Call[], now: number): boolean =>
  callback !== undefined &&
  (now < (callback.not_before ?? 0) ||
    now >= callback.expires_at ||
    deadline < callback.expires_at ||
    calls.some(other => other.state !== 'ended' && !isToBeRung(other) && otherNumber(other) === to));

/** While a telephone rings, its agent is reserved for that call. */
function whoRingsIsReserved(world: World, calls: Call[]): void {
  for (const { id, phase, ring, placed } of world.legs) {
    const call = calls.find(one => one.id === (placed?.call ?? id));
    const ringing = phase === 'called' ? [placed?.callee ?? ''] : phase === 'ringing' ? ring?.numbers : [];
    const agents = (ringing ?? []).filter(number => !placed || number !== call?.to);
    // Proof of a talk in an earlier attempt ends a callback; who then answers hears that it is not needed.
    if (placed && call?.callback && call.outcome === 'connected') continue;
    const named = call?.offer?.agents ?? [];
    const reserved = agents.every(number => named.includes(number));
    expect(world, reserved, `${agents} ring for ${id} (${call?.state}), which names ${named}`);
  }
}

/**
 * Unless a process has died or the store has failed, an agent is never free while somebody holds for one; but who
 * came first and is still being greeted has the first claim.
 */
function nobodyWaitsForAFreeAgent(world: World, calls: Call[]): void {
  if (world.product.faults > 0) return;
  const free = agentsIn(world).filter(({ state, fallback }) => state === 'available' && !fallback);
  const gone = new Set(world.legs.filter(({ phase }) => phase === 'gone').map(({ id }) => id));
  const greeted = calls.filter(({ state }) => state === 'greeting');
  const holding = calls.filter(
    call => call.state === 'waiting' && !gone.has(carrierId(call)) && !restsForNow(call, world),
  );
  for (const call of holding.filter(one => !greeted.some(other => comesBefore(other, one))))
    for (const { number, queues } of free) {
      const idle = queues.includes(call.queue) && canServe(free, number, call);
      expect(world, !idle, `${call.id} waits although ${number} is free`);
    }
}

/** Time that has passed is no event: whom only that makes due again, the sweeper finds. */
const restsForNow = (call: Call, world: World): boolean =>
  isToBeRung(call) &&
  (call.callback.not_before !== undefined ||
    call.callback.expires_at <= world.now ||
    world.legs.some(({ from }) => from === call.to));

const canServe = (agents: Agent[], number: string, call: Call) =>
  number !== otherNumber(call) &&
  !call.excluded.includes(number) &&
  agents.some(agent => agent.number === number);
