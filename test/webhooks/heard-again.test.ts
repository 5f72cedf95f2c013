/** A transfer breaks streams off: the document that it leads to opens the transcription's again. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { change } from '../../lambda/app/change.ts';
import { links, signingKey } from '../../lambda/app/urls.ts';
import type { Action } from '../../lambda/flow/flow.ts';
import { START, type TestContext, testContext } from '../support/context.ts';
import { urlsIn } from '../support/document.ts';
import { arrive, LINE, post } from './carrier.ts';

let context: TestContext;

beforeEach(async () => {
  context = await testContext();
  context.pause = async () => undefined;
  await context.store.directory.queues.create({ id: 'support' });
  await context.store.directory.numbers.create({ number: LINE, flow: 'main' });
  const actions: Action[] = [
    { type: 'answer' },
    { type: 'transcribe_start', option: { direction: 'both' } },
    { type: 'queue_join', option: { queue_id: 'support' } },
    { type: 'hangup' },
  ];
  await context.store.flows.save(
    undefined,
    { id: 'main', name: 'main', actions },
    { publish: true, now: START },
  );
});
afterEach(() => context.stop());

const streamIn = (document: string) =>
  /<Stream [^>]*audioTrack="both"[^>]*>([^<]+)<\/Stream>/.exec(document)?.[1];

async function transferred(step: string): Promise<string> {
  const url = links(context, await signingKey(context), 'c', step)('/queue-try-agent');
  return post(context, url, { CallUUID: 'c', Event: 'Transfer' });
}

it('with the same stream, as often as it is broken off, and before the rest of the document', async () => {
  const opened = streamIn(await arrive(context, 'c'));
  expect(opened).toMatch(/^wss:/);
  const document = await transferred('fetch-1');
  expect(streamIn(document)).toBe(opened);
  expect(document.indexOf('<Stream')).toBeLessThan(document.indexOf('<Redirect'));
  expect(await transferred('fetch-1')).toBe(document);
  expect(streamIn(await transferred('fetch-2'))).toBe(opened);
  expect(urlsIn(document).length).toBeGreaterThan(1);
});

it('but not where the caller comes by themselves, nor once it was stopped', async () => {
  await arrive(context, 'c');
  expect(streamIn(await transferred('4'))).toBeUndefined();
  await change(context, 'c', held => {
    const { transcription } = held.call;
    if (!transcription) throw new Error('The call is not transcribed.');
    return { ...held, call: { ...held.call, transcription: { ...transcription, stopped_at: START } } };
  });
  expect(streamIn(await transferred('fetch-1'))).toBeUndefined();
});
