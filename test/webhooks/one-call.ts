/** One call, `c`, to a number that leads to the flow `main`; its queues are `support` and `sales`. */
import { afterEach, beforeEach } from 'vitest';
import type { Action } from '../../lambda/flow/flow.ts';
import { newAgent } from '../../lambda/queue/agent.ts';
import { perform } from '../../lambda/tasks/perform.ts';
import { apiClient } from '../api/client.ts';
import { START, type TestContext, testContext } from '../support/context.ts';
import { urlsIn, urlTo } from '../support/document.ts';
import { arrive, hangUp, LINE, post as request } from './carrier.ts';

export const AGENT = '+919000000001';

export const talk = (text: string): Action => ({ type: 'talk', option: { text } });
export const join = (queue_id: string): Action => ({ type: 'queue_join', option: { queue_id } });
export const SLEEP: Action = { type: 'sleep', option: { duration: 9000 } };

/** Of a document, the link of that name. */
export function link(document: string, on: string): string {
  const url = urlsIn(document).find(one => new URL(one).searchParams.get('on') === on);
  if (!url) throw new Error(`No link for ${on} in ${document}`);
  return url;
}

/** Word of a recording that is stored. */
export const file = (id: string, secs = 5) => ({
  RecordingID: id,
  RecordUrl: `https://media.example.com/${id}.mp3`,
  RecordingDurationMs: String(secs * 1000),
});

interface Told {
  url: string;
  id: string | undefined;
  body: { call_id: string; recording_url: string };
}

/** A new one for each test. */
export function oneCall() {
  let context: TestContext;
  let client: Awaited<ReturnType<typeof apiClient>> | undefined;
  const told: Told[] = [];

  beforeEach(async () => {
    context = await testContext({ FROM_NUMBER: LINE });
    context.pause = async () => undefined;
    context.request = async ({ url, headers, body = '' }) => {
      told.push({ url, id: headers['webhook-id'], body: JSON.parse(body) });
      return { status: 200, text: '' };
    };
    const { queues, numbers } = context.store.directory;
    for (const id of ['support', 'sales'])
      await queues.create({ id, leave_key: '1', voicemail_webhook_url: `https://${id}.example.com/` });
    await numbers.create({ number: LINE, flow: 'main' });
    told.length = 0;
    client = undefined;
  });
  afterEach(() => context.stop());

  const post = (url: string, fields = {}) => request(context, url, { CallUUID: 'c', ...fields });
  const saveFlow = async (id: string, actions: Action[], more = {}) => {
    const { flows } = context.store;
    await flows.save(await flows.head(id), { id, name: id, actions, ...more }, { publish: true, now: START });
  };
  return {
    get context() {
      return context;
    },
    /** What webhooks of queues were told. */
    told,
    post,
    saveFlow,
    /** @returns the first document */
    async begin(actions: Action[], more = {}) {
      await saveFlow('main', actions, more);
      return arrive(context, 'c');
    },
    hangUp: () => hangUp(context, 'c'),
    /** An agent of the queue `support` is there. */
    available: () =>
      context.store.directory.agents.save(undefined, {
        ...newAgent(AGENT, 'A', START),
        queues: ['support'],
        state: 'available',
      }),
    /** From the flow's document into the line, and by the leave key to the queue's voicemail. */
    async toVoicemail(document: string) {
      const held = await post(urlTo('/queue-hold', await post(urlTo('/queue-try-agent', document))));
      const left = await post(urlTo('/queue-leave', held), { Digits: '1' });
      return post(urlTo('/queue-voicemail', left));
    },
    /** What is left to be done in the background. */
    async work() {
      for (let task = context.tasks.shift(); task; task = context.tasks.shift()) await perform(context, task);
    },
    async record() {
      const call = await context.store.calls.one('c');
      if (!call) throw new Error('There is no call.');
      return call;
    },
    async api(route: string) {
      client ??= await apiClient(context);
      return client(route);
    },
  };
}
