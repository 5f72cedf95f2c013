/**
 * The webhooks of a call answered at the first try, warm and in process, on the local engine: how long the
 * carrier waits for each document, and what DynamoDB counts for the whole call.
 */

import { output } from '../lambda/platform/output.ts';
import { newAgent } from '../lambda/queue/agent.ts';
import { serve } from '../lambda/webhooks/serve.ts';
import { type TestContext, testContext } from '../test/support/context.ts';
import { type Figure, percentile, print } from './report.ts';

const WARM_UP = 100;
const CALLS = 300;
const AGENT = '+919876543210';
const BUDGET = { p50Ms: 5, units: 25 };

type Event = Parameters<typeof serve>[1];

export async function benchWebhooks(): Promise<void> {
  const context = await testContext({ FROM_NUMBER: '+911140000000' });
  await register(context);
  const quiet = silenced();
  for (let n = 0; n < WARM_UP; n++) await oneCall(context, `warm-${n}`, new Map());
  const before = { ...context.dynamo.capacity() };
  const timings = new Map<string, number[]>();
  for (let n = 0; n < CALLS; n++) await oneCall(context, `call-${n}`, timings);
  const after = context.dynamo.capacity();
  quiet.end();
  await context.stop();

  const all = [...timings.values()].flat();
  print('Webhooks, warm, in process, on the local engine', [
    ...[...timings].map(
      ([path, samples]): Figure => ({
        what: `${path} p50`,
        value: percentile(samples, 0.5),
        unit: 'ms',
        against: { name: 'budget', value: BUDGET.p50Ms },
      }),
    ),
    {
      what: 'all of them p50',
      value: percentile(all, 0.5),
      unit: 'ms',
      against: { name: 'budget', value: BUDGET.p50Ms },
    },
    {
      what: 'all of them p99',
      value: percentile(all, 0.99),
      unit: 'ms',
      against: { name: 'p50', value: percentile(all, 0.5) },
    },
  ]);
  const perCall = (total: number) => total / CALLS;
  print('DynamoDB, one call answered at the first try', [
    {
      what: 'write units',
      value: perCall(after.write - before.write),
      unit: 'WRU',
      against: { name: 'budget', value: BUDGET.units },
    },
    {
      what: 'read units',
      value: perCall(after.read - before.read),
      unit: 'RRU',
      against: { name: 'budget', value: BUDGET.units },
    },
  ]);
}

/** The carrier's side of one call, following the URLs of the documents. */
async function oneCall(context: TestContext, id: string, timings: Map<string, number[]>): Promise<void> {
  const fields = { CallUUID: id, From: '919811111111', To: '911140000000', Direction: 'inbound' };
  const post = async (url: string, more: Record<string, string> = {}) => {
    const event = request(url, { ...fields, ...more });
    const start = performance.now();
    const { body = '' } = await serve(context, event);
    const took = performance.now() - start;
    timings.set(event.rawPath, [...(timings.get(event.rawPath) ?? []), took]);
    return body;
  };
  const entry = `?key=${context.keys[0]}`;
  const greeting = await post(`/answer${entry}`, { Event: 'StartApp' });
  const dial = await post(urlIn(greeting, /<Redirect[^>]*>([^<]+)</));
  await post(urlIn(dial, /callbackUrl="([^"]+)"/), { Event: 'DialConnected', DialBLegTo: AGENT });
  await post(urlIn(dial, /action="([^"]+)"/), { DialStatus: 'completed' });
  await post(`/hangup${entry}`, { Event: 'Hangup' });
}

function urlIn(document: string, where: RegExp): string {
  const found = where.exec(document)?.[1];
  if (!found) throw new Error(`No such URL in ${document}`);
  const url = new URL(found.replaceAll('&amp;', '&'));
  return url.pathname + url.search;
}

function request(url: string, fields: Record<string, string>): Event {
  const [rawPath = '', rawQueryString = ''] = url.split('?');
  return {
    rawPath,
    rawQueryString,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    requestContext: { http: { method: 'POST' } },
    body: Buffer.from(new URLSearchParams(fields).toString()).toString('base64'),
    isBase64Encoded: true,
  } as unknown as Event;
}

async function register(context: TestContext): Promise<void> {
  await context.store.directory.agents.save(undefined, newAgent(AGENT, 'Agent', context.now()));
}

/** Log lines cost time that Lambda's platform pays, and would bury the figures. */
function silenced() {
  const heard = { ...output };
  output.out = output.err = () => undefined;
  return { end: () => Object.assign(output, heard) };
}
