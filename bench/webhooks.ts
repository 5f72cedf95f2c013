/**
 * The webhooks of a call answered at the first try, warm and in process, on the local engine: how long the
 * carrier waits for each document, and what DynamoDB counts for the whole call.
 */
import type { Context } from '../lambda/app/context.ts';
import { settingsFrom } from '../lambda/platform/settings.ts';
import { newAgent } from '../lambda/queue/agent.ts';
import { serve } from '../lambda/webhooks/serve.ts';
import { CarrierLog, testContext } from '../test/support/context.ts';
import { memoryContext } from '../test/support/memory-context.ts';
import { MemoryTables } from '../test/support/memory-table.ts';
import { request, silenced, urlIn } from './carrier-side.ts';
import { type Figure, percentile, print } from './report.ts';

const WARM_UP = 100;
const CALLS = 300;
const AGENT = '+919876543210';
const BUDGET = { p50Ms: 5, units: 25 };

export async function benchWebhooks(): Promise<void> {
  const quiet = silenced();
  const own = await timed(inMemory());
  const local = await testContext(SETTINGS);
  const before = { ...local.dynamo.capacity() };
  const withEngine = await timed(local);
  const after = local.dynamo.capacity();
  await local.stop();
  quiet.end();

  print('Webhooks, warm, in process: our own share, with a store that costs nothing', latencies(own));
  print('The same with the local engine, which runs in the same process', latencies(withEngine));
  const calls = WARM_UP + CALLS;
  const units = { name: 'budget', value: BUDGET.units };
  print('DynamoDB, one call answered at the first try', [
    { what: 'write units', value: (after.write - before.write) / calls, unit: 'WRU', against: units },
    { what: 'read units', value: (after.read - before.read) / calls, unit: 'RRU', against: units },
  ]);
}

const SETTINGS = { FROM_NUMBER: '+911140000000' };

function inMemory(): Context {
  return memoryContext({
    tables: new MemoryTables(),
    settings: settingsFrom({ PUBLIC_URL: 'https://switchboard.test', ...SETTINGS }),
    carrier: new CarrierLog().client,
    now: Date.now,
    start: () => undefined,
    chance: () => 0,
  });
}

/** Milliseconds for each webhook of many calls, by path. */
async function timed(context: Context): Promise<Map<string, number[]>> {
  await context.store.directory.agents.save(undefined, newAgent(AGENT, 'Agent', context.now()));
  for (let n = 0; n < WARM_UP; n++) await oneCall(context, `warm-${n}`, new Map());
  const timings = new Map<string, number[]>();
  for (let n = 0; n < CALLS; n++) await oneCall(context, `call-${n}`, timings);
  return timings;
}

function latencies(timings: Map<string, number[]>): Figure[] {
  const all = [...timings.values()].flat();
  const budget = { name: 'budget', value: BUDGET.p50Ms };
  const p50 = percentile(all, 0.5);
  return [
    ...[...timings].map(
      ([path, samples]): Figure => ({
        what: `${path} p50`,
        value: percentile(samples, 0.5),
        unit: 'ms',
        against: budget,
      }),
    ),
    { what: 'all of them p50', value: p50, unit: 'ms', against: budget },
    {
      what: 'all of them p99',
      value: percentile(all, 0.99),
      unit: 'ms',
      against: { name: 'p50', value: p50 },
    },
  ];
}

/** The carrier's side of one call, following the URLs of the documents. */
async function oneCall(context: Context, id: string, timings: Map<string, number[]>): Promise<void> {
  const fields = { CallUUID: id, From: '919811111111', To: '911140000000', Direction: 'inbound' };
  const post = async (url: string, more: Record<string, string> = {}) => {
    const event = request(url, { ...fields, ...more });
    const start = performance.now();
    const { body = '' } = await serve(context, event);
    const took = performance.now() - start;
    timings.set(event.rawPath, [...(timings.get(event.rawPath) ?? []), took]);
    return body;
  };
  const [key = ''] = await context.webhookKeys();
  const entry = `?key=${key}`;
  const greeting = await post(`/answer${entry}`, { Event: 'StartApp' });
  const dial = await post(urlIn(greeting, /<Redirect[^>]*>([^<]+)</));
  await post(urlIn(dial, /callbackUrl="([^"]+)"/), { Event: 'DialConnected', DialBLegTo: AGENT });
  await post(urlIn(dial, /action="([^"]+)"/), { DialStatus: 'completed' });
  await post(`/hangup${entry}`, { Event: 'Hangup' });
}
