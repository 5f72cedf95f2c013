/**
 * Flows: how many steps the interpreter takes in a second, what is stored of a long one, and what DynamoDB counts for
 * the call of a menu, against one that goes straight to the queue.
 */
import type { Context } from '../lambda/app/context.ts';
import type { FlowEvent } from '../lambda/flow/event.ts';
import type { Action, Flow } from '../lambda/flow/flow.ts';
import { type Stepped, start, step } from '../lambda/flow/run.ts';
import { packed } from '../lambda/store/packed.ts';
import { serve } from '../lambda/webhooks/serve.ts';
import { testContext } from '../test/support/context.ts';
import { request, silenced, urlIn } from './carrier-side.ts';
import { print } from './report.ts';

const RUNS = 2000;
const CALLS = 200;
const LONG = 100;
/** Of one item. */
const DYNAMODB_KB = 400;
const STEPS_A_SECOND = 1000;
const UNITS = 25;

const MENU: Action[] = [
  { type: 'answer' },
  { id: 'menu', type: 'talk', option: { text: 'For sales press one, for support press two.' } },
  { type: 'digits_receive', option: { duration: 5000, length: 1 } },
  { type: 'branch', option: { default_target_id: 'menu', target_ids: { 1: 'sales', 2: 'support' } } },
  { id: 'sales', type: 'talk', option: { text: 'Our offices open at nine.' } },
  { type: 'hangup' },
  { id: 'support', type: 'talk', option: { text: 'Please call again tomorrow.' } },
  { type: 'hangup' },
];

export async function benchFlows(): Promise<void> {
  const menu = flowOf('menu', MENU);
  const { steps, seconds } = stepsOf(menu);
  const long = flowOf('long', longFlow());
  const state = JSON.stringify(toTheEnd(long).state);
  const stored = packed({ flow: 'long', version: 1, state: JSON.parse(state), told: [], todo: [] });
  print('The interpreter', [
    {
      what: 'steps, each with its document',
      value: steps / seconds,
      unit: '/s',
      against: { name: 'a busy account', value: STEPS_A_SECOND },
    },
    {
      what: `state of a flow after ${LONG} actions, as JSON`,
      value: state.length / 1024,
      unit: 'KB',
      against: { name: 'an item', value: DYNAMODB_KB },
    },
    {
      what: 'the same as it is stored',
      value: stored.length / 1024,
      unit: 'KB',
      against: { name: 'JSON', value: state.length / 1024 },
    },
  ]);
  await benchUnits();
}

const flowOf = (id: string, actions: Action[]): Flow => ({ id, version: 1, name: id, actions });

function longFlow(): Action[] {
  return Array.from({ length: LONG / 4 }, (_, n): Action[] => [
    { id: `ask-${n}`, type: 'talk', option: { text: `Question number ${n}: press a key from one to five.` } },
    { type: 'digits_receive', option: { duration: 5000, length: 1 } },
    { type: 'variable_set', option: { key: `answer.${n}`, value: '${voipbin.call.digits}' } },
    { type: 'condition_variable', option: { variable: `answer.${n}`, value_string: '3', condition: '==' } },
  ]).flat();
}

const BEGINNING = { variables: { 'voipbin.call.source.target': '+919811111111' }, on_call: true };

const answerTo = ({ state, waiting }: Stepped): FlowEvent =>
  waiting?.for === 'digits'
    ? { type: 'digits', step: state.step, digits: '1' }
    : { type: 'continued', step: state.step };

function toTheEnd(flow: Flow): Stepped {
  const library = () => flow;
  let now = Date.UTC(2026, 0, 1);
  let stepped = start(flow, BEGINNING, now);
  while (stepped.waiting && stepped.waiting.for !== 'hung_up') {
    now += 5000;
    stepped = step(library, stepped.state, answerTo(stepped), now);
  }
  return stepped;
}

function stepsOf(flow: Flow): { steps: number; seconds: number } {
  let steps = 0;
  for (let run = 0; run < RUNS / 4; run++) toTheEnd(flow);
  const began = performance.now();
  for (let run = 0; run < RUNS; run++) steps += toTheEnd(flow).state.step + 1;
  return { steps, seconds: (performance.now() - began) / 1000 };
}

async function benchUnits(): Promise<void> {
  const quiet = silenced();
  const context = await testContext();
  const { flows, numbers } = { flows: context.store.flows, numbers: context.store.directory.numbers };
  await flows.save(
    undefined,
    { id: 'menu', name: 'Menu', actions: MENU },
    { publish: true, now: context.now() },
  );
  await numbers.create({ number: '+911140000000', flow: 'menu' });
  await oneCall(context, 'warm');
  const before = { ...context.dynamo.capacity() };
  for (let n = 0; n < CALLS; n++) await oneCall(context, `call-${n}`);
  const after = context.dynamo.capacity();
  await context.stop();
  quiet.end();
  const against = { name: 'budget of a queued call', value: UNITS };
  print('DynamoDB, the call of a menu: two documents and the hang-up', [
    { what: 'write units', value: (after.write - before.write) / CALLS, unit: 'WRU', against },
    { what: 'read units', value: (after.read - before.read) / CALLS, unit: 'RRU', against },
  ]);
}

async function oneCall(context: Context, id: string): Promise<void> {
  const fields = { CallUUID: id, From: '919811111111', To: '911140000000', Direction: 'inbound' };
  const post = async (url: string, more: Record<string, string>) => {
    const { body = '' } = await serve(context, request(url, { ...fields, ...more }));
    return body;
  };
  const [key = ''] = await context.webhookKeys();
  const menu = await post(`/answer?key=${key}`, { Event: 'StartApp' });
  await post(urlIn(menu, /action="([^"]+)"/), { Digits: '1' });
  await post(`/hangup?key=${key}`, { Event: 'Hangup' });
}
