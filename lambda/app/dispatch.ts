/**
 * Bring waiting callers and available agents together, now. Every event that can make a match runs this after
 * it has written its own change; it reads strongly, so of two simultaneous events at least one sees the other.
 * A reserved caller on hold is fetched by a REST transfer. If that fails, the caller's own next cycle finds the
 * offer: the push is the fast path, the cycle the safety net. For a callback, somebody is rung instead.
 */
import type { Call } from '../call/call.ts';
import { isToBeRung } from '../call/callback.ts';
import { offerCallback } from '../call/calling-back.ts';
import { measure } from '../call/measure.ts';
import { tell, toldBefore } from '../call/replies.ts';
import { expireOffer, fetchFailed, hasLapsed, offer } from '../call/transitions.ts';
import { log } from '../platform/log.ts';
import { publish } from '../platform/metrics.ts';
import { METRICS } from '../platform/names.ts';
import { type Agent, newAgent } from '../queue/agent.ts';
import { settle } from '../queue/agent-states.ts';
import { match, type Pair } from '../queue/match.ts';
import type { Queue } from '../queue/queue.ts';
import type { Place } from '../store/line.ts';
import { change } from './change.ts';
import { type Context, queueOf } from './context.ts';
import { withoutIdleCallbacks } from './due-callbacks.ts';
import { ringForCallback } from './ring-callback.ts';
import { transfer } from './transfer.ts';
import { fetchUrl } from './urls.ts';

/** Callers considered at a time: a long line is not read whole for one free agent. */
const WINDOW = 25;
const ROUNDS = 10;
/** So long a caller in the greeting keeps an agent from those who came later. */
const GREETING_CLAIM_MS = 15_000;
/** So long an answer waits for the carrier to take a transfer. The request is out; its failure may be noted later. */
const TRANSFER_PATIENCE_MS = 700;

/** The caller whose request is being answered right now: rung by that answer, not by a transfer. */
export interface Present {
  call: Call;
  step: string;
}

/** @returns the present caller as stored, if an agent was found for that one */
export async function dispatch(
  context: Context,
  queueIds: string[],
  present?: Present,
): Promise<Call | undefined> {
  const won: Call[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++)
      if ((await oneRound(context, queueIds, present, won)) === 0) break;
  } finally {
    const absent = won.filter(call => isToBeRung(call) || call.offer?.via === undefined);
    const fetched = Promise.all(absent.map(call => bring(context, call)));
    if (absent.length > 0) await Promise.race([fetched, context.pause(TRANSFER_PATIENCE_MS)]);
  }
  return won.find(call => call.id === present?.call.id && call.offer?.via === present.step);
}

/**
 * Match everybody once and add the calls that were reserved to `won`.
 * @returns of how many pairs somebody else was faster to take a side
 */
async function oneRound(
  context: Context,
  queueIds: string[],
  present: Present | undefined,
  won: Call[],
): Promise<number> {
  let lost = 0;
  const line = await mergedLine(context, queueIds);
  if (line.length === 0) return lost;
  const [everybody, settings] = await Promise.all([
    agentsNow(context),
    Promise.all(queueIds.map(id => queueOf(context, id))),
  ]);
  let agents = everybody;
  const queues = new Map(settings.map(queue => [queue.id, queue]));
  for (let from = 0; from < line.length && agents.some(isFree); from += WINDOW) {
    const waiting = await callersNow(context, line.slice(from, from + WINDOW), queues, present);
    for (const pair of match(waiting, agents, queues, context.chance)) {
      const call = mayBeOffered(pair.call, present) && (await reserve(context, pair, queues, present));
      if (call) won.push(call);
      else if (call === undefined) lost++;
      const gone = new Set(pair.agents.map(agent => agent.number));
      agents = agents.map(agent => (gone.has(agent.number) ? { ...agent, state: 'reserved' } : agent));
    }
  }
  return lost;
}

async function reserve(
  context: Context,
  { call, agents }: Pair,
  queues: ReadonlyMap<string, Queue>,
  present: Present | undefined,
): Promise<Call | undefined> {
  const queue = queues.get(call.queue);
  if (!queue) return undefined;
  const isHere = present?.call.id === call.id && !toldBefore(call, present.step);
  const here = isHere ? present.step : undefined;
  const held = isToBeRung(call)
    ? offerCallback(call, agents, queue, context.now())
    : offer(call, agents, queue, context.now(), here);
  const reply = { kind: 'dial', offer: held.call.offers, agents: agents.map(agent => agent.number) } as const;
  const after = here === undefined ? held.call : tell(held.call, here, reply);
  const stored = await context.store.commit({
    call: { before: call, after },
    agents: agents.map((before, at) => ({ before, after: held.agents[at] ?? before })),
  });
  if (stored) publish(measure(call, stored), context.now());
  return stored;
}

async function bring(context: Context, call: Call): Promise<void> {
  if (!isToBeRung(call)) return fetchCaller(context, call);
  const freed = await ringForCallback(context, call);
  if (freed.length > 0) await dispatch(context, freed);
}

async function fetchCaller(context: Context, call: Call): Promise<void> {
  const outcome = await transfer(context, call, await fetchUrl(context, call));
  if (outcome.kind === 'ok') return;
  publish([{ name: METRICS.transferFailures, value: 1, queue: call.queue }], context.now());
  log.warn('Could not fetch a caller from hold; the next hold cycle will', {
    call: call.id,
    reason: outcome.kind,
  });
  await change(context, call.id, held => fetchFailed(held, call.offers)).catch(error =>
    log.error('Could not note that; the cycle waits a moment for the transfer', error, { call: call.id }),
  );
}

async function mergedLine(context: Context, queueIds: string[]): Promise<Place[]> {
  const lines = await Promise.all(queueIds.map(id => context.store.line.places(id)));
  return lines.flat().sort((a, b) => (a.sk < b.sk ? -1 : 1));
}

/** Who waits, and who is still being greeted and claims an agent for the moment that ends. */
async function callersNow(
  context: Context,
  places: Place[],
  queues: ReadonlyMap<string, Queue>,
  present: Present | undefined,
): Promise<Call[]> {
  const now = context.now();
  const calls = await context.store.calls.some(places.map(place => place.id));
  const waiting = calls
    .map(call => settleOffer(call, queues, now))
    .filter(call => mayBeOffered(call, present) || isGreeted(call, now));
  return withoutIdleCallbacks(context, waiting, queues);
}

const mayBeOffered = ({ id, state }: Call, present: Present | undefined): boolean =>
  state === 'waiting' || (state === 'greeting' && id === present?.call.id);

const isGreeted = ({ state, joined_at }: Call, now: number): boolean =>
  state === 'greeting' && now - joined_at < GREETING_CLAIM_MS;

/** An offer past its time is none, stored or not. */
function settleOffer(call: Call, queues: ReadonlyMap<string, Queue>, now: number): Call {
  const queue = queues.get(call.queue);
  if (!queue || !hasLapsed(call, now)) return call;
  return expireOffer({ call, agents: [] }, queue, now).call;
}

/** Every agent as of now, with the implicit one behind `AGENT_NUMBER`. */
export async function agentsNow(context: Context): Promise<Agent[]> {
  const { AGENT_NUMBER } = context.settings;
  const now = context.now();
  const known = (await context.store.directory.agents.list())
    .filter(agent => !agent.fallback || agent.number === AGENT_NUMBER)
    .map(agent => settle(agent, now));
  if (AGENT_NUMBER === '' || known.some(agent => agent.number === AGENT_NUMBER)) return known;
  return [...known, fallbackAgent(AGENT_NUMBER)];
}

const fallbackAgent = (number: string): Agent => ({
  ...newAgent(number, 'Default agent', 0),
  fallback: true,
});

const isFree = (agent: Agent) => agent.state === 'available';
