/**
 * One trial: a flow and events, spoilt, told to validation and to the interpreter. What is found right must run; what is
 * wrong must be found wrong with its place, or run as far as it can, as fetched actions do. Nothing may throw.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { eventSchema, type FlowEvent } from '../../../lambda/flow/event.ts';
import type { Flow } from '../../../lambda/flow/flow.ts';
import { needsOf } from '../../../lambda/flow/references.ts';
import { MOST_ACTIONS, type Stepped, start, step } from '../../../lambda/flow/run.ts';
import { flowFrom, type WrittenFlow } from '../../../lambda/flow/saved.ts';
import { problemsOf } from '../../../lambda/flow/validate.ts';
import { canBeRead } from '../../../lambda/platform/complaints.ts';
import { deciding } from '../cases/deciding.ts';
import { reaching } from '../cases/reaching.ts';
import { saying } from '../cases/saying.ts';
import { sending } from '../cases/sending.ts';
import { NOON, xmlOf } from '../line.ts';
import { oneOf, type Random, random, spoilt } from './mutate.ts';

const SEED = new URL('../seed/', import.meta.url);
const cases = Object.entries({ ...saying, ...deciding, ...reaching, ...sending }).map(([type, all]) => ({
  name: type,
  actions: all.map(({ option }, at) => ({
    id: at === 0 ? 'else' : `a${at}`,
    type,
    ...(option && { option }),
  })),
}));

/** Flows that are right, but for the targets of some. */
const FLOWS: readonly object[] = [
  ...readdirSync(SEED).map(file => JSON.parse(readFileSync(new URL(file, SEED), 'utf8'))),
  ...cases,
].map(flow => JSON.parse(JSON.stringify(flow)));

const PARTS = FLOWS.flatMap(flow => (flow as { actions: unknown[] }).actions);

const EVENTS: readonly object[] = [
  { type: 'continued' },
  { type: 'digits', digits: '1' },
  { type: 'dialed', result: 'busy' },
  { type: 'recorded', id: 'r', secs: 3, ended_by: 'silence' },
  { type: 'answered', status: 200, body: '{"a":{"b":[1]}}' },
  { type: 'flow_loaded', flow: { id: 'inner', version: 1 } },
  { type: 'queue_left', result: 'left', variables: { a: 'b' } },
  { type: 'conversed', status: 'done', variables: { a: 'b' } },
  { type: 'room_left' },
  { type: 'failed', why: 'it did' },
  { type: 'hung_up' },
];

/** What became of the flow and its events. */
export interface Tally {
  right: number;
  wrong: number;
  events: number;
  refusedEvents: number;
}

/** @throws an Error that names the seed of the first trial that failed */
export function trials(first: number, count: number): Tally {
  const tally: Tally = { right: 0, wrong: 0, events: 0, refusedEvents: 0 };
  for (let seed = first; seed < first + count; seed++) {
    try {
      trial(random(seed), tally);
    } catch (cause) {
      throw new Error(`The trial of seed ${seed} failed; npm run fuzz -- 1 ${seed} repeats it.`, { cause });
    }
  }
  return tally;
}

function trial(chance: Random, tally: Tally): void {
  const given = asSent(spoilt(chance, oneOf(chance, FLOWS), PARTS));
  const problems = problemsOf(given);
  if (problems.length === 0) {
    tally.right += 1;
    const flow = flowFrom(given as WrittenFlow);
    needsOf(flow);
    tellAll(chance, tally, { id: 'main', version: 1, ...flow }, given);
    return;
  }
  tally.wrong += 1;
  for (const { field, message } of problems)
    if (typeof field !== 'string' || message === '' || message === 'Invalid input')
      throw new Error(`A problem without words at "${field}"`);
  tellAll(chance, tally, FETCHING, given);
}

const asSent = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? 'null');

/** Whatever actions it is given, it runs. */
const FETCHING: Flow = {
  id: 'main',
  version: 1,
  name: 'Fetching',
  actions: [{ type: 'fetch', option: { event_url: 'https://example.com' } }],
};

function tellAll(chance: Random, tally: Tally, flow: Flow, given: unknown): void {
  const actions = (given as { actions?: unknown } | null)?.actions;
  const onCall = chance() < 0.9;
  let stepped = checked(start(flow, { variables: { a: '${b}', tier: 'gold' }, on_call: onCall }, NOON));
  if (stepped.waiting?.for === 'answered') {
    const body = JSON.stringify(actions) ?? '';
    stepped = tell(stepped, flow, { type: 'answered', step: stepped.state.step, status: 200, body });
  }
  for (let left = 6; left > 0 && stepped.waiting; left--) {
    const { step: at } = stepped.state;
    const fitting = EVENTS.find(event => (event as FlowEvent).type === stepped.waiting?.for) ?? {};
    const kind = chance() < 0.8 ? fitting : oneOf(chance, EVENTS);
    const event = 'type' in kind && kind.type === 'hung_up' ? kind : { step: at, ...kind };
    const told = chance() < 0.7 ? event : asSent(spoilt(chance, event, EVENTS));
    const read = canBeRead(told) ? eventSchema.safeParse(told) : undefined;
    tally.events += 1;
    if (read?.success) stepped = tell(stepped, flow, read.data);
    else tally.refusedEvents += 1;
  }
}

const INNER: Flow = { id: 'inner', version: 1, name: 'Inner', actions: [{ type: 'beep' }] };

function tell({ state }: Stepped, flow: Flow, event: FlowEvent): Stepped {
  const library = (id: string) => (id === 'inner' ? INNER : id === flow.id ? flow : undefined);
  return checked(step(library, JSON.parse(JSON.stringify(state)), event, NOON + 1000));
}

function checked(stepped: Stepped): Stepped {
  const { state, verbs } = stepped;
  if ((state.wait === undefined) !== (state.stack.length === 0))
    throw new Error('It neither ends nor waits.');
  if (state.executed > MOST_ACTIONS) throw new Error('It runs on for ever.');
  xmlOf(verbs, state);
  return stepped;
}
