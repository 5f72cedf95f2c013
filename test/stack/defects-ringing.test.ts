/**
 * Defects of the public example of a call queue, those about ringing: each test shows the running stack doing right
 * what the example does wrong.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { documentsOf, urlsIn, urlTo } from '../support/document.ts';
import { eventually, LINE, openStage, type Stage, type StageOptions } from '../support/stage.ts';
import { heard, rung } from '../support/story.ts';

const ASHA = '+919876543210';
const RAVI = '+919876543211';
let stage: Stage;

const open = async (options?: StageOptions) => {
  stage = await openStage(options);
};
afterEach(() => stage.close());

const music = (sounds: string[]) => sounds.filter(sound => sound.startsWith('music'));

it('1: an answered caller is not put back on hold: DialStatus "completed" ends the call', async () => {
  await open();
  await stage.register(ASHA);
  const { call, done } = stage.call();
  await done;
  const ends = call.story.of('request').filter(({ url }) => new URL(url).pathname === '/dial-complete');
  expect(ends.map(({ fields }) => fields.DialStatus)).toEqual(['completed']);
  expect(rung(call)).toEqual([ASHA]);
  expect(heard(call).slice(-2)).toEqual([`bridged ${ASHA}`, 'Thank you for calling. Goodbye.']);
  expect(music(heard(call))).toEqual([]);
  expect(await stage.metrics()).toMatchObject({ connected: 1, abandoned: 0, abandonment_rate_pct: 0 });
});

it('2: waiting ends when the agent answers, not when the talk ends', async () => {
  await open({ phones: { [ASHA]: { does: 'answer', talks: 'forever' } } });
  await stage.register(ASHA);
  const { call, done } = stage.call();
  const talking = await eventually(
    () => stage.record(call),
    record => record?.outcome === 'connected',
  );
  expect(talking).toMatchObject({ state: 'connected', ended_at: null });
  const { avg_wait_secs: waited } = await stage.metrics();
  await new Promise(resume => setTimeout(resume, 500));
  call.callerHangsUp();
  await done;
  const record = await eventually(
    () => stage.record(call),
    ({ state }) => state === 'ended',
  );
  expect(record.connected_at).toBe(talking.connected_at);
  expect(record.talked_secs).toBeGreaterThanOrEqual(0.5);
  expect(await stage.metrics()).toMatchObject({ avg_wait_secs: waited, avg_talk_secs: record.talked_secs });
});

it('6: AGENT_NUMBER is rung when nobody is registered, and the own number never', async () => {
  await open({ settings: { AGENT_NUMBER: RAVI } });
  const first = stage.call();
  await first.done;
  expect(rung(first.call)).toEqual([RAVI]);
  expect(await stage.record(first.call)).toMatchObject({ outcome: 'connected', agent: RAVI });
  await stage.register(ASHA);
  const second = stage.call();
  await second.done;
  expect(rung(second.call)).toEqual([ASHA]);
});

it('6: without AGENT_NUMBER and without agents nobody is rung, least of all FROM_NUMBER', async () => {
  await open({ settings: { MAX_WAIT_CYCLES: '2' } });
  const { call, done } = stage.call();
  await done;
  expect(rung(call)).toEqual([]);
  expect(documentsOf(call).join()).not.toContain(`<Number>${LINE}`);
  expect(await stage.record(call)).toMatchObject({ outcome: 'voicemail' });
});

describe('7: nothing from outside is pasted into XML or URLs', () => {
  it('the plus of a number survives the way through a URL, so that calls are counted', async () => {
    await open();
    await stage.register(ASHA);
    const { call, done } = stage.call();
    await done;
    const queries = documentsOf(call)
      .flatMap(urlsIn)
      .map(url => new URL(url).search);
    expect(queries.length).toBeGreaterThan(2);
    expect(queries.filter(query => query.includes('+'))).toEqual([]);
    const { agents } = (await stage.api('GET', '/agents')).body;
    expect(agents).toMatchObject([{ number: ASHA, calls_handled: 1 }]);
  });

  it('a caller whose number is markup gets the same document as any other', async () => {
    await open();
    await stage.register(ASHA);
    const hostile = stage.call({ from: '"><Dial><Number>+15550001111</Number></Dial><Speak x="&' });
    await hostile.done;
    expect(rung(hostile.call)).toEqual([ASHA]);
    expect(documentsOf(hostile.call).join()).not.toContain('15550001111');
    expect(await stage.record(hostile.call)).toMatchObject({ outcome: 'connected' });
  });
});

describe("16: an agent's voicemail does not count as an answer", () => {
  const confirmed = () => stage.api('PUT', '/queues/default', { confirm_key: '1', max_wait_cycles: 1 });

  it('when a key must be pressed to take the call', async () => {
    await open({ phones: { [ASHA]: { does: 'voicemail', after: 2 } } });
    await confirmed();
    await stage.register(ASHA);
    const { call, done } = stage.call();
    await done;
    expect(rung(call).length).toBeGreaterThan(0);
    expect(heard(call)).not.toContain(`bridged ${ASHA}`);
    expect(await stage.record(call)).toMatchObject({ outcome: 'voicemail', agent: null });
  });

  it('while a person who presses the key gets the caller', async () => {
    await open({ carrier: { speed: 5 } });
    await confirmed();
    await stage.register(ASHA);
    const { call, done } = stage.call();
    await done;
    expect(call.story.of('whispers').map(({ text }) => text)).toContain(
      'A call from the queue default. To take it, press 1.',
    );
    expect(await stage.record(call)).toMatchObject({ outcome: 'connected', agent: ASHA });
  });

  it('and no conversation is without a limit', async () => {
    await open({ phones: { [ASHA]: { does: 'answer', talks: 'forever' } } });
    await stage.api('PUT', '/queues/default', { talk_limit_secs: 30 });
    await stage.register(ASHA);
    const { call, done } = stage.call();
    await done;
    const [talk] = call.story.of('unbridged');
    expect(Math.round((talk?.ms ?? 0) / 1000)).toBe(30);
    expect(await stage.record(call)).toMatchObject({ outcome: 'connected', state: 'ended' });
  });
});

describe('17: a dead agent is not redialled while others are there', () => {
  it('the next attempt, without music in between, rings somebody else', async () => {
    await open({ phones: { [ASHA]: { does: 'ignore' } } });
    await stage.register(ASHA);
    await stage.register(RAVI);
    const { call, done } = stage.call();
    await done;
    expect(rung(call)).toEqual([ASHA, RAVI]);
    expect(music(heard(call))).toEqual([]);
  });

  it('and who misses three rings in a row is away until they say otherwise', async () => {
    await open({ phones: { [ASHA]: { does: 'ignore' } }, settings: { MAX_WAIT_CYCLES: '5' } });
    await stage.register(ASHA);
    const { call, done } = stage.call();
    await done;
    expect(rung(call)).toEqual([ASHA, ASHA, ASHA]);
    expect(music(heard(call))).toHaveLength(5);
    const { agents } = (await stage.api('GET', '/agents?state=all')).body;
    expect(agents).toMatchObject([{ number: ASHA, state: 'away', reason: 'missed_calls' }]);
  });

  it('a caller is spoken to before a phone rings: an inbound leg must be answered first', async () => {
    await open();
    await stage.register(ASHA);
    const { call, done } = stage.call();
    await done;
    const [greeting, ring] = [call.story.of('says')[0], call.story.of('rings')[0]];
    expect(greeting?.at).toBeLessThan(ring?.at ?? 0);
    expect(urlTo('/queue-try-agent', documentsOf(call)[0] ?? '')).toContain(call.uuid);
  });
});
