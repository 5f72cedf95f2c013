/**
 * A process dies between any two of its operations on the store, in every step of a callback.
 * The carrier delivers the request again, or nobody does and the sweeper comes round: either way nobody is called back
 * twice or forgotten, no agent stays promised, and everything ends.
 */
import { describe, expect, it } from 'vitest';
import '../support/quiet.ts';
import type { Context } from '../../lambda/app/context.ts';
import { urlTo } from '../support/document.ts';
import type { Hooks } from '../support/memory-table.ts';
import { post } from '../webhooks/carrier.ts';
import { AGENT, CALLER, NO_ANSWER, Office, type Phone } from './office.ts';

const NEVER = new Promise<never>(() => undefined);
const OPERATIONS = 30;
const QUEUE = { leave_key: '1', leave_to: 'callback', callback_expires_secs: 1200 } as const;

/** It dies before operation `at`. @returns whether it lived to the end of its work */
async function dying(office: Office, at: number, work: (context: Context) => Promise<unknown>) {
  let operations = 0;
  let die: (survived: boolean) => void;
  const death = new Promise<boolean>(resolve => {
    die = resolve;
  });
  const hooks: Hooks = {
    before: () => {
      operations++;
      if (operations < at) return undefined;
      die(false);
      return NEVER;
    },
    after: () => undefined,
  };
  return Promise.race([work(office.process(hooks)).then(() => true), death]);
}

interface Scene {
  office: Office;
  /** The request that is struck. */
  url: string;
  fields: Record<string, string>;
}

const ringing = async (order: 'agent_first' | 'caller_first') => {
  const office = await Office.open({ ...QUEUE, callback_order: order });
  await office.wish();
  await office.register();
  return { office, phone: office.phone };
};

const of = (office: Office, phone: Phone, url: string, fields: Record<string, string>): Scene => ({
  office,
  url,
  fields: {
    CallUUID: phone.uuid,
    From: phone.request.from,
    To: phone.request.to,
    Direction: 'outbound',
    ...fields,
  },
});

const SCENES: Record<string, () => Promise<Scene>> = {
  'a caller on hold asks': async () => {
    const office = await Office.open(QUEUE);
    const asked = await office.post(urlTo('/queue-leave', await office.holds('caller-1')), { Digits: '1' });
    return { office, url: urlTo('/queue-callback', asked), fields: { CallUUID: 'caller-1', Digits: '#' } };
  },
  'the agent answers': async () => {
    const { office, phone } = await ringing('agent_first');
    return of(office, phone, phone.request.answerUrl, { Event: 'StartApp' });
  },
  'the agent does not': async () => {
    const { office, phone } = await ringing('agent_first');
    return of(office, phone, phone.request.hangupUrl, { Event: 'Hangup', ...NO_ANSWER });
  },
  'the caller answers the agent': async () => {
    const { office, phone } = await ringing('agent_first');
    await phone.answers();
    return of(office, phone, urlTo('/callback-event', phone.document), { Event: 'DialConnected' });
  },
  'the caller does not': async () => {
    const { office, phone } = await ringing('agent_first');
    await phone.answers();
    return of(office, phone, urlTo('/callback-done', phone.document), { DialStatus: 'no-answer' });
  },
  'the talk is over': async () => {
    const { office, phone } = await ringing('agent_first');
    await phone.answers();
    await phone.connects();
    return of(office, phone, urlTo('/callback-done', phone.document), { DialStatus: 'completed' });
  },
  'the caller answers first': async () => {
    const { office, phone } = await ringing('caller_first');
    return of(office, phone, phone.request.answerUrl, { Event: 'StartApp' });
  },
  'the caller does not answer first': async () => {
    const { office, phone } = await ringing('caller_first');
    return of(office, phone, phone.request.hangupUrl, { Event: 'Hangup', ...NO_ANSWER });
  },
};

/** Everybody is out of reach, and time passes until all is over. */
async function end(office: Office): Promise<void> {
  await office.hangUp('caller-1');
  office.carrier.liveness.set('caller-1', 'gone');
  for (let sweeps = 0; sweeps < 9; sweeps++) {
    for (const n of office.carrier.placed.keys()) office.carrier.liveness.set(`placed-${n + 1}`, 'gone');
    await office.pass(300);
    await office.perform();
  }
}

describe.each(Object.keys(SCENES))('%s', name => {
  it.each([
    ['the request is delivered again', true],
    ['nobody says it again', false],
  ])('and the process dies; %s', async (_, isRepeated) => {
    let survived = false;
    for (let at = 1; at <= OPERATIONS && !survived; at++) {
      const scene = SCENES[name];
      if (!scene) throw new Error(`No scene ${name}.`);
      const { office, url, fields } = await scene();
      survived = await dying(office, at, context => post(context, url, fields));
      if (isRepeated) {
        const document = await post(office.context, url, fields);
        expect(await post(office.context, url, fields)).toBe(document);
      }
      expect((await office.context.store.callbacks.list()).length).toBeLessThanOrEqual(1);
      await end(office);
      await everythingIsOver(office);
    }
    expect(survived).toBe(true);
  });
});

async function everythingIsOver(office: Office): Promise<void> {
  const { calls, callbacks, line } = office.context.store;
  expect(await callbacks.list()).toEqual([]);
  expect(await line.places('default')).toEqual([]);
  const agent = await office.context.store.directory.agents.one(AGENT);
  expect(agent?.call).toBeUndefined();
  const records = await calls.some(office.callIds());
  for (const call of records) expect(call).toMatchObject({ state: 'ended', outcome: expect.any(String) });
  const asked = records.filter(({ outcome }) => outcome === 'callback');
  for (const { callback_id } of asked) expect(records.map(({ id }) => id)).toContain(callback_id);
  expect(records.filter(({ callback }) => callback).every(({ to }) => to === CALLER)).toBe(true);
  expect(office.tasks).toEqual([]);
}
