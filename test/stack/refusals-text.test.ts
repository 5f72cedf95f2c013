/**
 * Text from outside (names, numbers, settings) in everything that the product writes: documents stay well-formed
 * and small, log lines hold neither keys nor whole numbers.
 */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Deliver } from '../../carrier/index.ts';
import { elementsOf } from '../support/document.ts';
import { type Printed, printed } from '../support/printed.ts';
import { eventually, LINE, openStage, type Stage } from '../support/stage.ts';
import { heard, rung } from '../support/story.ts';

const ASHA = '+919876543210';
const CALLER = '+919811112222';
const ODD = `<Hangup/> & "quoted" 'apostrophe' ]]> \u0000\u0007\u001b[31m \u202Eright to left\u202C नमस्ते 👩🏽‍💻 \uFFFE`;
/** What a document can carry of it. */
const LEFT = `<Hangup/> & "quoted" 'apostrophe' ]]> [31m \u202Eright to left\u202C नमस्ते 👩🏽‍💻`;

let stage: Stage;
let notes: Printed;
/** Every answer to the carrier. */
let answers: { type: string; body: string; bytes: number }[];

const listening: Deliver = async (_webhook, send) => {
  const { contentType, body, bytes } = await send();
  answers.push({ type: contentType, body, bytes: bytes.length });
  return { status: 200, contentType, body, bytes };
};

beforeEach(async () => {
  answers = [];
  notes = printed();
  stage = await openStage({
    settings: { MAX_WAIT_CYCLES: '1' },
    host: { output: notes.output },
    carrier: { deliver: listening },
  });
});
afterEach(() => stage.close());

it('odd characters in settings, names and fields reach the caller as text, in well-formed documents', async () => {
  const words = { name: `Q ${ODD}`, greeting: `G ${ODD}`, voicemail_prompt: `V ${ODD}` };
  expect((await stage.api('PUT', '/queues/default', { ...words, confirm_key: '5' })).status).toBe(200);
  await stage.register(ASHA, { name: ODD });
  stage.vobiz.teach({ [ASHA]: { does: 'ignore' } });
  const { call, done } = stage.call({ from: `${ODD}@example.com` });
  await done;
  expect(rung(call)).toContain(ASHA);
  expect(heard(call)).toContain(`G ${LEFT}`);
  expect(heard(call)).toContain(`V ${LEFT}`);
  for (const { type, body } of answers) {
    expect(type).toMatch(/^application\/xml/);
    expect(elementsOf(body)[0]).toBe('Response');
  }
  for (const line of notes.lines) expect(line).not.toMatch(/\p{Cc}/u);
});

it('the longest settings do not make a document longer than the carrier takes', async () => {
  const words = { greeting: '&'.repeat(1000), voicemail_prompt: '"'.repeat(1000), name: '<'.repeat(100) };
  const music = `https://example.com/${'&'.repeat(1900)}`;
  const settings = { ...words, hold_music_url: music, strategy: 'ring_all', ring_all_limit: 20 };
  expect((await stage.api('PUT', '/queues/default', settings)).status).toBe(200);
  const crowd = Array.from({ length: 20 }, (_, index) => `+9198765432${String(index).padStart(2, '0')}`);
  stage.vobiz.teach({ any: { does: 'busy' } });
  for (const number of crowd) await stage.register(number);
  const { call, done } = stage.call();
  await done;
  expect(rung(call).sort()).toEqual(expect.arrayContaining(crowd));
  expect(answers.length).toBeGreaterThan(5);
  for (const { body, bytes } of answers) {
    expect(elementsOf(body)[0]).toBe('Response');
    expect(bytes).toBeLessThan(100_000);
  }
  expect(Math.max(...answers.map(({ bytes }) => bytes))).toBeGreaterThan(5000);
});

it('log lines of ordinary calls hold no key, no signature and no whole number', async () => {
  await stage.register(ASHA);
  await stage.call({ from: CALLER }).done;
  await stage.api('PATCH', `/agents/${ASHA}`, { state: 'away', reason: 'lunch' });
  await stage.call({ from: CALLER }).done;
  const holding = stage.call({ from: CALLER, hangsUp: { on: 'plays', after: 1 } });
  await holding.done;
  await eventually(
    () => stage.metrics(),
    ({ connected, voicemails, abandoned }) => connected + voicemails + abandoned === 3,
  );
  stage.product.tick();
  await stage.product.settled();
  const log = notes.lines.join('\n');
  expect(log).toContain('…2222');
  const numbers = [ASHA, CALLER, LINE].map(number => number.slice(3));
  for (const secret of [...numbers, ...Object.values(stage.keys), 'token-of-the-stage', 'sig=', 'key='])
    expect(log).not.toContain(secret);
});
