/** The published pattern "Personalized Greeting": the customer's own system says who is calling. */
import '../support/quiet.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CALLER, type FlowStage, openFlowStage, seed } from '../support/flow-stage.ts';
import { met } from './met.ts';

const LOOKUP = 'POST https://your-api.com/customer-lookup';
const PREMIUM = '+15557770001';
const STANDARD = '+15557770002';
const MANAGER = '+15551234567';

let stage: FlowStage;
beforeEach(async () => {
  stage = await openFlowStage();
  await stage.queue('premium-queue-id');
  await stage.queue('standard-queue-id');
  await stage.agent(PREMIUM, 'premium-queue-id');
  await stage.agent(STANDARD, 'standard-queue-id');
  await stage.flow(seed('personalized-greeting'));
});
afterEach(() => stage.close());

const customer = (tier: string) => ({ text: JSON.stringify({ name: 'John', tier }) });
const GREETING = 'Hello John. Welcome back to our service.';

it.each([
  [
    'premium',
    [
      GREETING,
      "As a premium member, you're being connected to our priority support line.",
      `talks with ${PREMIUM}`,
    ],
  ],
  ['vip', [GREETING, `talks with ${MANAGER}`]],
  ['basic', [GREETING, 'Please hold while we connect you.', `talks with ${STANDARD}`]],
])('a customer of the tier %s', async (tier, expected) => {
  stage.reply(LOOKUP, customer(tier));
  const call = await stage.play();
  expect(met(call)).toEqual(expected);
  expect(stage.sent).toMatchObject([{ body: { phone: CALLER } }]);
  expect(stage.sent[0]?.headers['webhook-signature']).toMatch(/^v1,/);
  const { variables } = await stage.record(call.uuid);
  expect(variables).toMatchObject({
    'customer.name': 'John',
    'customer.tier': tier,
    'customer.status_code': '200',
  });
});

it('the VIP is shown the number that they called, and hung up when the talk is over', async () => {
  stage.reply(LOOKUP, customer('vip'));
  const call = await stage.play();
  expect(call.ended).toMatchObject({ source: 'Answer XML' });
  expect((await stage.record(call.uuid)).variables).toMatchObject({
    'voipbin.call.status': 'progressing',
    'connect.answered_by': MANAGER,
  });
});

it.each([
  ['cannot be reached', new Error('connect ECONNREFUSED'), 3],
  ['answers 503', { status: 503, text: '<html>' }, 3],
  ['knows nobody of that number', { status: 404, text: '{"error":"unknown"}' }, 1],
  ['answers no JSON', { text: 'hello' }, 1],
])('the system %s: everybody is served all the same', async (_, reply, tries) => {
  stage.reply(LOOKUP, reply);
  const call = await stage.play();
  expect(met(call)).toEqual([
    'Hello . Welcome back to our service.',
    'Please hold while we connect you.',
    `talks with ${STANDARD}`,
  ]);
  expect(stage.sent).toHaveLength(tries);
  expect(new Set(stage.sent.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
});

it('a name that looks like a variable is spoken and not looked up', async () => {
  stage.reply(LOOKUP, { text: '{"name":"${customer.secret} <b>&","tier":"basic","secret":"4711"}' });
  const [greeting] = met(await stage.play());
  expect(greeting).toBe('Hello ${customer.secret} <b>&. Welcome back to our service.');
});
