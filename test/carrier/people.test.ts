import { afterEach, describe, expect, it } from 'vitest';
import { audioMs } from '../../carrier/audio.ts';
import { startClock } from '../../carrier/clock.ts';
import { Phones } from '../../carrier/phones.ts';
import { seededRandom } from '../../carrier/random.ts';
import { ScenarioError, scenarioFrom } from '../../carrier/scenario.ts';
import { ACCOUNT, AGENT, CALLER, closeAll, DID, oneCall, together } from './app.ts';
import { wav } from './wav.ts';

afterEach(closeAll);

describe('the fast clock', () => {
  it('passes a twenty-second hold in less than half a second, and never wakes early', async () => {
    const clock = startClock(50);
    const real = performance.now();
    const start = clock.now();
    await clock.sleep(20_000);
    expect(clock.now() - start).toBeGreaterThanOrEqual(20_000);
    expect(performance.now() - real).toBeLessThan(500);
  });

  it('wakes sleepers at their own moment and in order, however busy the machine is', async () => {
    const clock = startClock(1000);
    const start = clock.now();
    const woken: [string, number][] = [];
    const note = (name: string) => woken.push([name, clock.now() - start]);
    const chain = clock.sleep(3_000).then(() => {
      note('first');
      return clock.sleep(4_000).then(() => note('second'));
    });
    const other = clock.sleep(5_000).then(() => note('between'));
    for (const until = performance.now() + 20; performance.now() < until; );
    await Promise.all([chain, other]);
    expect(woken.map(([name]) => name)).toEqual(['first', 'between', 'second']);
    const [first, , second] = woken.map(([, at]) => at);
    expect((second ?? 0) - (first ?? 0)).toBe(4_000);
  });

  it('cancels a wait with the reason of the signal', async () => {
    const stop = new AbortController();
    const waiting = startClock(1).sleep(3_600_000, stop.signal);
    stop.abort(new Error('hung up'));
    await expect(waiting).rejects.toThrow('hung up');
  });

  it('refuses to stand still', () => {
    expect(() => startClock(0)).toThrow('positive');
  });
});

describe('sound files', () => {
  it('last as long as their data: WAV by its header, MP3 by its frames', () => {
    expect(audioMs(wav(7))).toBe(7000);
    const frame = Buffer.alloc(417);
    frame.set([0xff, 0xfb, 0x90, 0x00]);
    const mp3 = Buffer.concat(Array.from({ length: 100 }, () => frame));
    expect(audioMs(mp3)).toBeCloseTo((100 * 1152 * 1000) / 44_100, 3);
    expect(audioMs(Buffer.from('OggS and so on'))).toBeUndefined();
  });
});

describe('a caller', () => {
  it('hangs up some seconds after hearing certain words', async () => {
    const answer = '<Response><Speak>One</Speak><Speak>Please HOLD on</Speak><Wait length="60"/></Response>';
    const { call, story } = await oneCall(
      { '/answer': answer },
      {},
      { hangsUp: { hearing: 'hold', after: 5 } },
    );
    expect(call.ended?.source).toBe('Caller');
    const left = (call.endedAt ?? 0) - call.startedAt - (story.of('says')[1]?.at ?? 0);
    expect(left).toBeGreaterThanOrEqual(5_000);
    expect(left).toBeLessThan(6_500);
  });

  it('may give up before the call is answered', async () => {
    const answer = '<Response><Wait length="30"/></Response>';
    const { call, app } = await oneCall({ '/answer': answer }, {}, { hangsUp: { after: 4 } });
    expect(call.ended).toMatchObject({ cause: 'ORIGINATOR_CANCEL' });
    expect(app.at('/hangup')[0]?.fields.CallStatus).toBe('cancel');
  });
});

describe('phones', () => {
  it('have one line: whoever rings one that is taken finds it busy, and the collision is kept', async () => {
    const answer = `<Response><Speak>Hi</Speak><Dial action="app:/done">${AGENT}</Dial></Response>`;
    const { app, carrier } = await together({ '/answer': answer });
    const calls = [CALLER, '+919811000002'].map(from => carrier.call({ from, to: DID }));
    await Promise.all(calls.map(({ done }) => done));
    const statuses = app.at('/done').map(({ fields }) => fields.DialStatus);
    expect(statuses.sort()).toEqual(['busy', 'completed']);
    expect(carrier.phones.collisions).toMatchObject([{ to: AGENT }]);
  });

  it('behave the same for the same seed', () => {
    const behaviour = (seed: number) => {
      const phones = new Phones({ any: { does: 'answer', after: [1, 9], misses: 0.5 } }, seed);
      return Array.from({ length: 20 }, () => {
        const { attempt, free } = phones.ring(AGENT, 0);
        free();
        return `${attempt.does} ${attempt.afterMs}`;
      });
    };
    expect(behaviour(3)).toEqual(behaviour(3));
    expect(behaviour(3)).not.toEqual(behaviour(4));
    expect(new Set(behaviour(3).map(line => line.split(' ')[0]))).toEqual(new Set(['answer', 'ignore']));
  });

  it('draw evenly', () => {
    const random = seededRandom(1);
    const mean = Array.from({ length: 10_000 }, random).reduce((sum, x) => sum + x, 0) / 10_000;
    expect(mean).toBeCloseTo(0.5, 1);
  });
});

describe('the story', () => {
  it('finds the longest silence of a caller who is not talking', async () => {
    const answer = '<Response><Speak>Hi</Speak><Wait length="7"/><Speak>Still there?</Speak></Response>';
    const { story } = await oneCall({ '/answer': answer });
    const { ms } = story.longestSilence();
    expect(ms).toBeGreaterThanOrEqual(7_000);
    expect(ms).toBeLessThan(8_000);
  });
});

describe('a scenario', () => {
  it('names every mistake with its place', () => {
    const wrong = { callers: [{ from: 'me', hangsUp: { when: 3 } }], expect: { outcome: 'happy' } };
    expect(() => scenarioFrom(wrong)).toThrow(ScenarioError);
    expect(() => scenarioFrom(wrong)).toThrow(/callers\.0\.from: must be a telephone number/);
    expect(() => scenarioFrom(wrong)).toThrow(/callers\.0\.hangsUp/);
    expect(() => scenarioFrom(wrong)).toThrow(/expect\.outcome/);
  });

  it('is played by the control API for whoever holds the token, line by line, with a verdict', async () => {
    const answer = `<Response><Speak>Hi</Speak><Dial>${AGENT}</Dial></Response>`;
    const { carrier } = await together({ '/answer': answer });
    const body = JSON.stringify({
      callers: [{ count: 2, startsAfter: [0, 30] }],
      phones: { any: { does: 'answer', talks: 3 } },
      speed: 100,
      expect: { outcome: 'bridged', with: AGENT, heard: 'nothing of the kind' },
    });
    const url = `${carrier.url}/carrier/calls`;
    expect((await fetch(url, { method: 'POST', body })).status).toBe(401);
    const headers = { 'x-auth-token': ACCOUNT.authToken };
    const bad = await fetch(url, { method: 'POST', body: '{"callers":[]}', headers });
    expect(bad.status).toBe(400);
    const text = await (await fetch(url, { method: 'POST', body, headers })).text();
    const lines = text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    const callers = lines.filter(({ entry }) => entry?.kind === 'calls').map(({ entry }) => entry.from);
    expect(callers.sort()).toEqual(['+919811000001', '+919811000002']);
    const verdicts = lines.filter(line => line.verdict).map(line => line.verdict);
    expect(verdicts).toHaveLength(2);
    expect(verdicts[0].differences).toEqual(['The caller never heard "nothing of the kind".']);
  });

  it('waits for the calls that the application places, and says which of them never came', async () => {
    let order = (): Promise<unknown> => Promise.resolve();
    const { app, carrier } = await together({
      '/answer': () => {
        void order();
        return '<Response><Speak>We call you back</Speak></Response>';
      },
      '/back': '<Response><Gather action="app:/got" numDigits="1"><Speak>Press 1</Speak></Gather></Response>',
      '/got': ({ fields }) => `<Response><Speak>You pressed ${fields.Digits}</Speak></Response>`,
    });
    const headers = { 'x-auth-id': ACCOUNT.authId, 'x-auth-token': ACCOUNT.authToken };
    order = () =>
      fetch(`${carrier.url}/api/v1/Account/${ACCOUNT.authId}/Call/`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ from: DID, to: CALLER, answer_url: `${app.url}/back`, answer_method: 'POST' }),
      });
    const scenario = {
      phones: {
        [CALLER]: {
          does: 'answer',
          talks: 'forever',
          acts: { presses: [{ digits: '1', on: 'listens', after: 1 }] },
        },
      },
      speed: 300,
      placed: [{ heard: 'you pressed 1' }, {}],
    };
    const reply = await fetch(`${carrier.url}/carrier/calls`, {
      method: 'POST',
      headers,
      body: JSON.stringify(scenario),
    });
    const verdicts = (await reply.text())
      .trim()
      .split('\n')
      .flatMap(line => JSON.parse(line).verdict ?? []);
    expect(verdicts.map(({ differences }) => differences)).toEqual([
      [],
      [],
      ['The application never placed this call.'],
    ]);
  });
});
